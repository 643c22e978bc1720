#include "simulate/race.h"

#include <algorithm>
#include <numeric>

#include "simulate/director.h"
#include "simulate/grid.h"
#include "simulate/incidents.h"
#include "simulate/lap_book.h"
#include "simulate/motion.h"
#include "simulate/pit_work.h"
#include "simulate/race_control.h"
#include "simulate/result_book.h"
#include "simulate/stewards.h"
#include "simulate/strategy.h"
#include "simulate/traffic.h"

namespace slipstream::simulate {
namespace {

constexpr double race_pace = 0.972;  // of a qualifying lap's, the tyres are nursed
constexpr double fuel_pace_per_lap = 0.00033;
constexpr double cool_down_pace = 0.6;
constexpr std::int32_t clock_ms = 7'200'000;
constexpr std::int32_t last_car_in_ms = 600'000;  // after the flag
constexpr std::int32_t wind_up_ms = 46'000;       // from the last car in to the end of the feed

class Race {
 public:
  explicit Race(World& world) : world_(world), incidents_(world), stewards_(world) {}

  void drive() {
    prepare();
    while (!is_over()) step();
    end();
  }

 private:
  void prepare() {
    set_session_status(world_, "Inactive");
    set_track_status(world_, '1');
    set_clock(world_, clock_ms, false);
    tell_laps(1);
    for (Car& car : world_.cars) plan_race(world_, car);
    grid_.draw_up(world_);
  }

  void step() {
    for (const Car& car : world_.cars) keep_state(world_, car);
    if (!has_started_ && grid_.is_start(world_)) start();
    if (!has_started_) grid_.direct(world_);
    incidents_.happen(world_, director_);
    director_.direct(world_);
    if (has_started_) stewards_.sit(world_);
    work_in_boxes(world_);
    tempo_.assign(world_.cars.size(), 1);
    for (const Car& car : world_.cars) tempo_[static_cast<std::size_t>(car.index)] = tempo(car);
    meet_traffic(world_, tempo_);
    for (Car& car : world_.cars) move(world_, car, drive_of(car));
    world_.now_ms += History::step_ms;
    pass_lines();
    note_retirements();
  }

  void start() {
    has_started_ = true;
    world_.phase = Phase::green;
    set_session_status(world_, "Started");
    set_clock(world_, clock_ms, true);
    say_flag(world_, "GREEN", "GREEN LIGHT - PIT EXIT OPEN");
    for (Car& car : world_.cars) {
      if (car.task != Task::on_grid) continue;
      car.task = Task::race;
      car.is_line_free = true;
      begin_first_lap(world_, car, world_.now_ms);
    }
    start_ms_ = world_.now_ms;
  }

  double tempo(const Car& car) const {
    if (car.task != Task::race) return cool_down_pace;
    if (car.retired_ms) return 0.5;
    const double fuel = 1 - fuel_pace_per_lap * car.fuel_laps;
    const double wetness = world_.sky.wetness(world_.now_ms);
    return race_pace * car.pace * car.form * fuel * tyre_pace(car.tyres, wetness, car.tyre_care);
  }

  Drive drive_of(const Car& car) const {
    const double pace = tempo_[static_cast<std::size_t>(car.index)];
    if (!has_started_) return grid_.drive_of(world_, car);
    if (world_.now_ms < start_ms_ + grid_.reaction_ms(car)) return {pace, 0, {}};
    if (incidents_.is_gathering(world_, car)) return {0.25, 14, {}};
    return director_.allowance(world_, car, pace);
  }

  void tell_laps(int current) {
    record::LapCount row;
    row.session_key = world_.key();
    row.message_number = static_cast<record::Int>(world_.history.lap_count.size());
    row.session_time_ms = world_.now_ms;
    row.current_lap = current;
    row.total_laps = world_.total_laps;
    world_.history.lap_count.push_back(row);
  }

  // Laps that ended in this step, the earliest first.
  void pass_lines() {
    std::ranges::sort(world_.lines, {}, &LineEvent::at_ms);
    for (const LineEvent& line : world_.lines) {
      Car& car = world_.cars[static_cast<std::size_t>(line.car)];
      const bool leads = line.lap_number > laps_led_;
      if (leads) laps_led_ = line.lap_number;
      const bool is_red = world_.phase == Phase::red;
      if (leads && line.lap_number >= world_.total_laps && !flag_ms_ && !is_red) wave_flag(car, line.at_ms);
      else if (leads && !flag_ms_ && laps_led_ < world_.total_laps) tell_laps(laps_led_ + 1);
      if (flag_ms_ && line.at_ms >= *flag_ms_) finish(car, line.at_ms);
      else if (leads && !is_red) director_.on_leader_line(world_, line.lap_number);
      if (world_.phase == Phase::green && line.lap_number > 1)
        stewards_.look_at_lap(world_, car, line.lap_number);
      if (!car.finish_ms) decide_stop(world_, car);
    }
    world_.lines.clear();
  }

  void wave_flag(const Car& car, std::int32_t at_ms) {
    flag_ms_ = at_ms;
    world_.phase = Phase::finished;
    say_flag(world_, "CHEQUERED", "CHEQUERED FLAG");
    set_session_status(world_, "Finished");
    world_.history.session_status.back().session_time_ms = at_ms;
    set_clock(world_, std::max(0, clock_ms - (world_.now_ms - start_ms_)), false);
    say_other(world_, "FIRST CAR TO TAKE THE FLAG - CAR " + car_text(world_, car.index), car.number);
  }

  void finish(Car& car, std::int32_t at_ms) {
    if (car.finish_ms) return;
    car.finish_ms = at_ms;
    car.retired_ms.reset();  // it limped to the flag
    car.counts = false;
    car.task = Task::cool_down;
    car.wants_pit = car.place == Place::track;
    car.duel = {};
  }

  // A car that stands for good has retired; one that rolled into the pits when it is in its garage.
  void note_retirements() {
    for (Car& car : world_.cars) {
      const bool stands = (car.place == Place::off_track && car.speed_mps <= 0) ||
                          car.place == Place::garage || car.place == Place::gone;
      if (!car.retired_ms || car.task == Task::gone || !stands) continue;
      const bool in_pits = car.place == Place::garage;
      retire_from_book(world_, car, world_.now_ms, !in_pits && !car.finish_ms);
      car.task = Task::gone;
      world_.history.retirements.push_back({world_.now_ms, car.number, in_pits});
    }
  }

  bool is_over() {
    const bool is_abandoned = director_.is_abandoned() && world_.phase == Phase::red;
    if (!flag_ms_ && !is_abandoned && leader_of(world_) == nullptr && has_started_) return true;
    if (is_abandoned && all_stand()) {
      abandoned_ms_ = abandoned_ms_ ? abandoned_ms_ : world_.now_ms;
      return world_.now_ms > *abandoned_ms_ + 240'000;
    }
    return flag_ms_ && (all_stand() || world_.now_ms > *flag_ms_ + last_car_in_ms);
  }

  bool all_stand() const {
    return std::ranges::all_of(world_.cars, [](const Car& car) {
      return car.place == Place::garage || car.place == Place::gone ||
             (car.place == Place::off_track && car.speed_mps <= 0) ||
             (car.place == Place::pit_lane && car.speed_mps < 0.5);
    });
  }

  void end() {
    if (!flag_ms_) {
      world_.phase = Phase::finished;
      set_session_status(world_, "Finished");
    }
    const std::int32_t finalised_ms = world_.now_ms + wind_up_ms / 2, end_ms = world_.now_ms + wind_up_ms;
    while (world_.now_ms < finalised_ms) step();
    set_session_status(world_, "Finalised");
    while (world_.now_ms < end_ms) step();
    set_session_status(world_, "Ends");
    world_.history.end_ms = world_.now_ms;
    close_lap_book(world_);
    book_overtakes(world_, start_ms_);
    RaceOutcome outcome;
    outcome.start_ms = start_ms_;
    if (!flag_ms_ && director_.is_abandoned()) outcome.stopped_in_lap = director_.stopped_in_lap();
    book_race_results(world_, outcome);
  }

  World& world_;
  Director director_;
  Incidents incidents_;
  Stewards stewards_;
  Grid grid_;
  std::vector<double> tempo_;
  bool has_started_ = false;
  std::int32_t start_ms_ = 0;
  int laps_led_ = 0;
  std::optional<std::int32_t> flag_ms_, abandoned_ms_;
};

}  // namespace

void drive_race(World& world) { Race(world).drive(); }

}  // namespace slipstream::simulate
