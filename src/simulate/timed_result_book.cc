#include <algorithm>
#include <tuple>
#include <vector>

#include "simulate/result_book.h"

namespace slipstream::simulate {
namespace {

using record::Int;
using record::SessionResult;

// A car's best of a part, 0: of all; when it was set decides between equals.
const record::Lap* best_lap(const World& world, Int driver_number, int part) {
  const record::Lap* best = nullptr;
  for (const record::Lap& lap : world.history.laps) {
    const bool counts = lap.driver_number == driver_number && lap.lap_time_ms && !lap.is_generated &&
                        !lap.is_deleted.value_or(false) && (part == 0 || lap.session_part == part);
    if (counts && (best == nullptr || *lap.lap_time_ms < *best->lap_time_ms)) best = &lap;
  }
  return best;
}

SessionResult row_of(const World& world, const Car& car) {
  SessionResult row;
  const record::Driver& driver = world.history.drivers[static_cast<std::size_t>(car.index)];
  row.session_key = world.key();
  row.driver_number = car.number;
  row.driver_code = driver.driver_code;
  row.team_name = driver.team_name;
  row.laps_completed =
      static_cast<Int>(std::ranges::count_if(world.history.laps, [&](const record::Lap& lap) {
        return lap.driver_number == car.number && !lap.is_generated;
      }));
  if (const record::Lap* best = best_lap(world, car.number, 0)) {
    row.best_lap_time_ms = best->lap_time_ms;
    row.best_lap_number = best->lap_number;
  }
  return row;
}

struct Ranked {
  SessionResult row;
  int part = 0;                 // the last that it reached; practice has one
  std::vector<BestTime> times;  // of that part and those before it, the last first
};

// The part that a car's place is by and its time there: the last that has one; part 0: none has.
std::pair<int, Int> deciding_time(const Ranked& ranked) {
  int part = ranked.part;
  for (const BestTime& best : ranked.times) {
    if (best.first < never_ms) return {part, best.first};
    --part;
  }
  return {};
}

// By the part that a car reached, then by its time there; who has none there by the part before.
void place(World& world, std::vector<Ranked>& ranked) {
  std::ranges::stable_sort(ranked, [](const Ranked& a, const Ranked& b) {
    return std::tuple(-a.part, a.times) < std::tuple(-b.part, b.times);
  });
  const auto [first_part, first_ms] = deciding_time(ranked.front());
  for (std::size_t n = 0; n < ranked.size(); ++n) {
    SessionResult& row = ranked[n].row;
    row.position = static_cast<Int>(n + 1);
    row.classified_position = std::to_string(n + 1);
    const auto [part, time_ms] = deciding_time(ranked[n]);
    if (part == 0) row.basis = "no_time";
    else row.basis = world.session_part > 0 ? "q" + std::to_string(part) : "best_lap";
    if (part > 0 && part == first_part) row.gap_ms = time_ms - first_ms;
    world.history.results.push_back(row);
  }
  std::ranges::stable_sort(world.history.results, {}, &SessionResult::driver_number);
}

}  // namespace

std::vector<BestTime> best_times(const World& world, int part) {
  std::vector<BestTime> times;
  for (const Car& car : world.cars) {
    const record::Lap* best = best_lap(world, car.number, part);
    times.push_back(best == nullptr ? BestTime{never_ms, never_ms}
                                    : BestTime{*best->lap_time_ms, *best->session_time_ms});
  }
  return times;
}

void book_practice_results(World& world) {
  const auto times = best_times(world, 0);
  std::vector<Ranked> ranked;
  ranked.reserve(world.cars.size());
  for (const Car& car : world.cars)
    ranked.push_back({row_of(world, car), 1, {times[static_cast<std::size_t>(car.index)]}});
  place(world, ranked);
}

void book_qualifying_results(World& world) {
  std::vector<Ranked> ranked;
  const auto q1 = best_times(world, 1), q2 = best_times(world, 2), q3 = best_times(world, 3);
  for (const Car& car : world.cars) {
    const auto n = static_cast<std::size_t>(car.index);
    Ranked of{row_of(world, car), world.last_part[n], {}};
    const auto known = [](const BestTime& time) {
      return time.first < never_ms ? std::optional(time.first) : std::nullopt;
    };
    of.row.q1_ms = known(q1[n]);
    of.row.q2_ms = known(q2[n]);
    of.row.q3_ms = known(q3[n]);
    of.times = {q3[n], q2[n], q1[n]};
    of.times.erase(of.times.begin(), of.times.end() - of.part);
    ranked.push_back(std::move(of));
  }
  place(world, ranked);
}

}  // namespace slipstream::simulate
