#include <algorithm>

#include "simulate/result_book.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t stands_steps = 10'000 / History::step_ms;
constexpr std::int32_t just_out_steps = 25'000 / History::step_ms;

struct Pair {
  bool is_first_ahead = false;  // by the passes that stand
  std::int32_t since = -1;      // step from which on it has been otherwise
};

// The field step by step, from the states that were kept.
class OvertakeBook {
 public:
  OvertakeBook(World& world, std::int32_t first_step)
      : world_(world),
        pairs_(world.cars.size() * world.cars.size()),
        last_in_lane_(world.cars.size(), -1'000'000) {
    progress_.resize(world.cars.size());
    has_left_line_.assign(world.cars.size(), false);
    step_ = first_step;
    read_progress();
    for_pairs([&](int a, int b) { pair(a, b).is_first_ahead = at(a) > at(b); });
  }

  void run(std::int32_t to_step) {
    for (++step_; step_ < to_step; ++step_) {
      read_progress();
      for_pairs([&](int a, int b) { watch(a, b); });
    }
    auto& rows = world_.history.overtakes;
    std::ranges::stable_sort(rows, {}, &record::Overtake::session_time_ms);
    for (std::size_t n = 0; n < rows.size(); ++n) rows[n].overtake_number = static_cast<record::Int>(n);
  }

 private:
  const CarState& state(int car) const {
    return world_.history.cars[static_cast<std::size_t>(car)].states[static_cast<std::size_t>(step_)];
  }
  double at(int car) const { return progress_[static_cast<std::size_t>(car)]; }
  Pair& pair(int a, int b) {
    return pairs_[static_cast<std::size_t>(a) * world_.cars.size() + static_cast<std::size_t>(b)];
  }

  template <class F>
  void for_pairs(F f) {
    const int count = static_cast<int>(world_.cars.size());
    for (int a = 0; a < count; ++a) {
      for (int b = a + 1; b < count; ++b) f(a, b);
    }
  }

  bool is_out(int car) const {
    const Car& of = world_.cars[static_cast<std::size_t>(car)];
    const std::int32_t now = step_ * History::step_ms;
    const bool has_retired = of.retired_ms && state(car).speed_mps <= 0 && now >= *of.retired_ms;
    return has_retired || (of.finish_ms && now >= *of.finish_ms);
  }

  void read_progress() {
    const double length = world_.length_m();
    for (const Car& car : world_.cars) {
      const auto n = static_cast<std::size_t>(car.index);
      const CarState& now = state(car.index);
      const bool is_in_lane = now.place == Place::pit_lane || now.place == Place::garage;
      const double s =
          is_in_lane ? wrapped(now.distance_m + world_.circuit().pit_lane.entry_m, length) : now.distance_m;
      if (now.lap_number == 1 && s < length / 2) has_left_line_[n] = true;
      progress_[n] = now.lap_number * length + s - (now.lap_number <= 1 && !has_left_line_[n] ? length : 0);
      if (is_in_lane) last_in_lane_[n] = step_;
    }
  }

  void watch(int a, int b) {
    Pair& of = pair(a, b);
    // Who is out keeps its place behind those that drive on.
    if (is_out(a) && is_out(b)) return;
    if (is_finished(a) || is_finished(b)) return;
    const bool is_first_ahead = at(a) > at(b);
    if (is_first_ahead == of.is_first_ahead) {
      of.since = -1;
      return;
    }
    if (of.since < 0) of.since = step_;
    if (step_ - of.since < stands_steps) return;
    of.is_first_ahead = is_first_ahead;
    book(is_first_ahead ? a : b, is_first_ahead ? b : a, of.since);
    of.since = -1;
  }

  bool is_finished(int car) const {
    const Car& of = world_.cars[static_cast<std::size_t>(car)];
    return of.finish_ms && step_ * History::step_ms >= *of.finish_ms;
  }

  void book(int passer, int passed, std::int32_t at_step) {
    const std::int32_t now = std::exchange(step_, at_step);
    record::Overtake row;
    row.session_key = world_.key();
    row.session_time_ms = at_step * History::step_ms;
    row.driver_number = world_.cars[static_cast<std::size_t>(passer)].number;
    row.overtaken_driver_number = world_.cars[static_cast<std::size_t>(passed)].number;
    row.lap_number = state(passer).lap_number;
    row.kind = kind(passer, passed);
    step_ = now;
    int position = 1;
    for (const Car& car : world_.cars) position += at(car.index) > at(passer) ? 1 : 0;
    row.position = position;
    world_.history.overtakes.push_back(row);
  }

  std::string kind(int passer, int passed) const {
    const auto is_in_pits = [&](int car) {
      return step_ - last_in_lane_[static_cast<std::size_t>(car)] < just_out_steps + stands_steps;
    };
    const Car& of = world_.cars[static_cast<std::size_t>(passed)];
    const bool retires = of.retired_ms && state(passed).lap_number == of.lap_number;
    if (retires) return "retirement";
    if (is_in_pits(passer) || is_in_pits(passed)) return "pit";
    return state(passer).lap_number == 1 ? "restart" : "on_track";
  }

  World& world_;
  std::vector<Pair> pairs_;
  std::vector<std::int32_t> last_in_lane_;
  std::vector<double> progress_;
  std::vector<bool> has_left_line_;
  std::int32_t step_ = 0;
};

}  // namespace

void book_overtakes(World& world, std::int32_t start_ms) {
  const auto steps = static_cast<std::int32_t>(world.history.cars.front().states.size());
  OvertakeBook(world, start_ms / History::step_ms).run(steps);
}

}  // namespace slipstream::simulate
