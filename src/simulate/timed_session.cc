#include "simulate/timed_session.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "simulate/dead_heat.h"
#include "simulate/director.h"
#include "simulate/incidents.h"
#include "simulate/lap_book.h"
#include "simulate/motion.h"
#include "simulate/pit_work.h"
#include "simulate/qualifying_plan.h"
#include "simulate/race_control.h"
#include "simulate/result_book.h"
#include "simulate/run_plan.h"
#include "simulate/stewards.h"
#include "simulate/traffic.h"

namespace slipstream::simulate {
namespace {

constexpr double out_pace = 0.80, slow_pace = 0.70, in_pace = 0.74;
constexpr double long_run_pace = 0.970, practice_pace = 0.994;
constexpr double evolution = 0.0045;              // of the track, from the first minute to the last
constexpr std::int32_t clock_early_ms = 120'000;  // the next part's time is shown before its start
constexpr std::int32_t inactive_ms = 300'000, break_ms = 420'000, wind_up_ms = 60'000;
constexpr std::int32_t last_car_in_ms = 400'000;  // after the flag

class TimedSession {
 public:
  explicit TimedSession(World& world)
      : world_(world),
        incidents_(world),
        stewards_(world),
        dead_heat_(world),
        plan_(plan_parts(world.options())) {}

  void drive() {
    set_session_status(world_, "Inactive");
    set_track_status(world_, '1');
    std::vector<int> cars(world_.cars.size());
    std::iota(cars.begin(), cars.end(), 0);
    for (std::size_t part = 0; part < plan_.size(); ++part) {
      part_ = part;
      drive_part(cars);
      if (part + 1 < plan_.size()) cars = best_of(cars, plan_[part + 1].cars);
    }
    wind_up();
  }

 private:
  // From the wait for the green light to the last car's return.
  void drive_part(const std::vector<int>& cars) {
    const std::int32_t start = part_ == 0 ? world_.scheduled_ms() : flag_ms_ + break_ms;
    bool is_clock_shown = false, is_inactive = part_ == 0;
    while (world_.now_ms < start) {
      if (!is_clock_shown && world_.now_ms >= start - clock_early_ms) {
        set_clock(world_, plan_[part_].length_ms, false);
        is_clock_shown = true;
      }
      if (!is_inactive && world_.now_ms >= flag_ms_ + inactive_ms) {
        set_session_status(world_, "Inactive");
        set_part();  // the screen turns to it
        is_inactive = true;
      }
      step();
    }
    start_part(cars);
    while (world_.phase != Phase::finished) {
      step();
      run_clock();
    }
    while (!all_in() && world_.now_ms < flag_ms_ + last_car_in_ms) step();
  }

  void set_part() {
    if (world_.options().kind != Kind::practice) world_.session_part = static_cast<int>(part_) + 1;
  }

  void start_part(const std::vector<int>& cars) {
    set_part();
    remaining_ms_ = plan_[part_].length_ms;
    world_.phase = Phase::green;
    set_session_status(world_, "Started");
    set_clock(world_, remaining_ms_, true);
    say_flag(world_, "GREEN", "GREEN LIGHT - PIT EXIT OPEN");
    if (world_.session_part > 0)
      world_.history.session_parts.push_back({world_.key(), world_.session_part, world_.now_ms, {}});
    runs_.assign(world_.cars.size(), {});
    for (const int car : cars) {
      const auto n = static_cast<std::size_t>(car);
      world_.last_part[n] = world_.session_part;
      if (world_.cars[n].retired_ms) continue;  // it has got so far all the same
      runs_[n] = plan_runs(world_, world_.cars[n], plan_[part_].length_ms, static_cast<int>(part_));
    }
    set_overtaking_aid(world_, world_.sky.wetness(world_.now_ms) < 0.1);
  }

  // The clock of a qualifying stands under red, that of a practice runs on.
  void run_clock() {
    const bool stands = world_.phase == Phase::red && world_.options().kind != Kind::practice;
    if (stands != is_clock_stopped_) {
      is_clock_stopped_ = stands;
      set_clock(world_, remaining_ms_, !stands);
    }
    if (!stands) remaining_ms_ -= History::step_ms;
    if (remaining_ms_ > 0) return;
    flag_ms_ = world_.now_ms;
    const bool was_red = world_.phase == Phase::red;
    world_.phase = Phase::finished;
    if (was_red) clear_track(world_);
    if (was_red) set_track_status(world_, '1');
    set_clock(world_, 0, false);
    say_flag(world_, "CHEQUERED", "CHEQUERED FLAG");
    set_session_status(world_, "Finished");
    if (!world_.history.session_parts.empty())
      world_.history.session_parts.back().to_session_time_ms = flag_ms_;
    is_first_to_flag_ = true;
  }

  void step() {
    for (const Car& car : world_.cars) keep_state(world_, car);
    incidents_.happen(world_, director_);
    director_.direct(world_);
    stewards_.sit(world_);
    if (world_.phase == Phase::green) send_out();
    if (world_.phase == Phase::red) call_in();
    work_in_boxes(world_);
    tempo_.assign(world_.cars.size(), 1);
    for (const Car& car : world_.cars) tempo_[static_cast<std::size_t>(car.index)] = tempo(car);
    meet_traffic(world_, tempo_);
    dead_heat_.look_for(world_, tempo_);
    for (Car& car : world_.cars) move(world_, car, drive_of(car));
    world_.now_ms += History::step_ms;
    pass_lines();
    note_retirements();
  }

  void send_out() {
    const std::int32_t gone_ms = plan_[part_].length_ms - remaining_ms_;
    const auto out_lap_ms = rounded_ms(world_.profile.lap_time_s() / out_pace) + 25'000;
    for (Car& car : world_.cars) {
      auto& runs = runs_[static_cast<std::size_t>(car.index)];
      if (car.task != Task::parked || car.retired_ms || runs.empty() || gone_ms < runs.front().start_ms)
        continue;
      const bool has_laps = car.lap_number <= laps_most();
      if (remaining_ms_ < out_lap_ms || !has_laps) {
        runs.clear();
        continue;
      }
      if (!is_fitted(car)) fit(car, runs.front());
      const bool is_last_lap = std::max<int>(car.lap_number, 1) >= laps_most();
      leave_garage(world_, car, is_last_lap ? Task::in : Task::out);
      if (car.place == Place::garage) continue;
      car.wants_pit = is_last_lap;
      running_[car.index] = runs.front();
      runs.erase(runs.begin());
      fitted_ = -1;
    }
  }

  // A set is put on once, also if the lane is not free at once.
  bool is_fitted(const Car& car) const { return fitted_ == car.index; }
  void fit(Car& car, const Run& run) {
    TyreSet set = run.tyres;
    set.compound = compound_for(world_.sky.wetness(world_.now_ms), set.compound);
    const bool is_same = run.keeps_tyres && car.stint.stint_number > 0 &&
                         is_slick(set.compound) == is_slick(car.tyres.compound);
    if (is_same) {
      set = car.tyres;
      set.age_laps += set.laps;
      set.laps = 0;
      set.is_fresh = false;
    }
    fit_tyres(world_, car, set);
    fitted_ = car.index;
  }

  int laps_most() const { return world_.options().laps.value_or(200); }

  void call_in() {
    for (Car& car : world_.cars) {
      if (car.place == Place::track && !car.retired_ms) car.task = Task::in;
      if (car.place == Place::pit_lane && car.has_boxed && lane_m(world_, car) < box_m(world_, car) + 1)
        continue;
      if (car.place == Place::track) car.wants_pit = true;
    }
  }

  double tempo(const Car& car) const {
    const double wetness = world_.sky.wetness(world_.now_ms);
    const double tyre = tyre_pace(car.tyres, wetness, car.tyre_care);
    if (car.task == Task::out) return out_pace * tyre;
    if (car.task == Task::slow) return slow_pace * tyre;
    if (car.task != Task::push || car.retired_ms) return in_pace * tyre;
    const double whole = static_cast<double>(plan_[part_].length_ms);
    const double part_share =
        (static_cast<double>(part_) + 1 - remaining_ms_ / whole) / static_cast<double>(plan_.size());
    const double track = 1 - evolution * (1 - part_share);
    const auto run = running_.find(car.index);
    const bool is_long = run != running_.end() && run->second.is_long;
    const double effort = is_long                                   ? long_run_pace
                          : world_.options().kind == Kind::practice ? practice_pace
                                                                    : 1;
    return car.pace * car.form * track * effort * tyre;
  }

  Drive drive_of(const Car& car) const {
    if (incidents_.is_gathering(world_, car)) return {0.25, 14, {}};
    const Drive drive = director_.allowance(world_, car, tempo_[static_cast<std::size_t>(car.index)]);
    return dead_heat_.steered(world_, car, drive);
  }

  void pass_lines() {
    std::ranges::sort(world_.lines, {}, &LineEvent::at_ms);
    for (const LineEvent& line : world_.lines) {
      Car& car = world_.cars[static_cast<std::size_t>(line.car)];
      if (car.place != Place::track) continue;
      if (car.task == Task::push) stewards_.look_at_lap(world_, car, line.lap_number);
      if (world_.phase == Phase::finished && std::exchange(is_first_to_flag_, false)) {
        say_other(world_, "FIRST CAR TO TAKE THE FLAG - CAR " + car_text(world_, car.index), car.number);
      }
      set_next_task(car);
    }
    world_.lines.clear();
  }

  // What the lap is for that the car has just begun.
  void set_next_task(Car& car) {
    Run& run = running_[car.index];
    const bool may_push = world_.phase == Phase::green && car.lap_number < laps_most();
    if (car.task == Task::push) --run.push_laps;
    const bool wants_more = run.push_laps > 0 && car.task != Task::in;
    if (!may_push || !wants_more || car.retired_ms) car.task = Task::in;
    else if (car.task == Task::push && !run.is_long) car.task = Task::slow;
    else car.task = Task::push;
    car.wants_pit = car.task == Task::in;
  }

  void note_retirements() {
    for (Car& car : world_.cars) {
      const bool stands = (car.place == Place::off_track && car.speed_mps <= 0) || car.place == Place::garage;
      if (!car.retired_ms || car.task == Task::gone || !stands) continue;
      const bool in_pits = car.place == Place::garage;
      const bool began_before_flag = world_.phase != Phase::finished || car.lap.start_ms < flag_ms_;
      const bool has_lap = !in_pits && began_before_flag;
      retire_from_book(world_, car, world_.now_ms, has_lap);
      car.task = Task::gone;
      world_.history.retirements.push_back({world_.now_ms, car.number, in_pits});
    }
  }

  bool all_in() const {
    return std::ranges::all_of(world_.cars, [](const Car& car) {
      return car.place == Place::garage || car.place == Place::off_track || car.place == Place::gone;
    });
  }

  // The first `count` by their times in this part; deletions that are still to come are waited for in the
  // break.
  std::vector<int> best_of(std::vector<int> cars, int count) {
    while (world_.now_ms < flag_ms_ + inactive_ms) step();
    const auto best = best_times(world_, world_.session_part);
    std::ranges::stable_sort(cars, {}, [&](int car) { return best[static_cast<std::size_t>(car)]; });
    cars.resize(static_cast<std::size_t>(std::min<int>(count, static_cast<int>(cars.size()))));
    std::ranges::sort(cars);
    return cars;
  }

  void wind_up() {
    const std::int32_t until = world_.now_ms + wind_up_ms + 60'000;
    while (world_.now_ms < until) step();
    set_overtaking_aid(world_, false);
    set_session_status(world_, "Finalised");
    set_session_status(world_, "Ends");
    world_.history.end_ms = world_.now_ms;
    close_lap_book(world_);
    if (world_.options().kind == Kind::practice) book_practice_results(world_);
    else book_qualifying_results(world_);
  }

  World& world_;
  Director director_;
  Incidents incidents_;
  Stewards stewards_;
  DeadHeat dead_heat_;
  std::vector<PartPlan> plan_;
  std::size_t part_ = 0;
  std::vector<std::vector<Run>> runs_;  // to come, of each car
  std::map<int, Run> running_;
  int fitted_ = -1;
  std::vector<double> tempo_;
  std::int32_t remaining_ms_ = 0, flag_ms_ = 0;
  bool is_clock_stopped_ = false, is_first_to_flag_ = false;
};

}  // namespace

void drive_timed_session(World& world) { TimedSession(world).drive(); }

}  // namespace slipstream::simulate
