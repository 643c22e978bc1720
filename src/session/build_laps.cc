// From logs to published laps: builds a car anew, and whom it moves.
#include <algorithm>

#include "session/folds.h"
#include "session/laps.h"

namespace slipstream::session {
namespace {

using record::Lap;

// Makes a car's rows anew; puts the numbers of laps whose end has moved into `moved`.
void make_rows(State& state, CarState& car, std::vector<Int>& moved) {
  const std::vector<Lap> before =
      std::exchange(car.laps, build_laps(car.drafts, car.log, state.log, car.shift_ms));
  for (std::size_t i = 0; i < std::max(before.size(), car.laps.size()); ++i) {
    const bool is_same_end =
        i < before.size() && i < car.laps.size() && before[i].session_time_ms == car.laps[i].session_time_ms;
    if (is_same_end) car.laps[i].position = before[i].position;
    else moved.push_back(static_cast<Int>(i) + 1);
  }
}

// Ranks the laps of one number; other cars' laps may move by it.
void rank(State& state, Publisher& publisher, Int lap_number) {
  std::vector<Lap*> laps;
  for (auto& [number, car] : state.cars) {
    if (car.laps.size() >= static_cast<std::size_t>(lap_number)) laps.push_back(&car.laps[lap_number - 1]);
  }
  rank_laps(laps);
  for (const Lap* lap : laps) publisher.laps.publish(*lap, publisher.at_ms, *publisher.output);
}

void publish_rows(Publisher& publisher, const CarState& car, std::size_t row_count_before) {
  for (const Lap& lap : car.laps) publisher.laps.publish(lap, publisher.at_ms, *publisher.output);
  for (std::size_t i = car.laps.size(); i < row_count_before; ++i) {
    Lap gone;
    gone.driver_number = car.log.driver_number;
    gone.lap_number = static_cast<Int>(i) + 1;
    publisher.laps.withdraw(gone, publisher.at_ms, *publisher.output);
  }
}

// Cars whose laps have to be made anew because the field's session times are now shifted otherwise.
std::vector<CarState*> align(State& state) {
  std::map<Int, const std::vector<LapDraft>*> drafts;
  for (const auto& [number, car] : state.cars) drafts[number] = &car.drafts;
  const std::map<Int, Int> shifts = align_cars(drafts);
  std::vector<CarState*> shifted;
  for (auto& [number, car] : state.cars) {
    const auto shift = shifts.find(number);
    const optional<Int> now = shift == shifts.end() ? std::nullopt : optional(shift->second);
    if (car.shift_ms == now) continue;
    car.shift_ms = now;
    shifted.push_back(&car);
  }
  return shifted;
}

}  // namespace

void build_car(State& state, Publisher& publisher, CarState& car) {
  car.drafts = draft_laps(car.log, state.log);
  std::vector<CarState*> stale = align(state);
  if (std::ranges::find(stale, &car) == stale.end()) stale.push_back(&car);
  std::vector<Int> moved;
  std::vector<std::size_t> row_counts_before;
  for (CarState* each : stale) {
    row_counts_before.push_back(each->laps.size());
    make_rows(state, *each, moved);
  }
  if (state.log.is_race_like) {
    std::ranges::sort(moved);
    moved.erase(std::ranges::unique(moved).begin(), moved.end());
    for (const Int lap_number : moved) rank(state, publisher, lap_number);
  }
  for (std::size_t i = 0; i < stale.size(); ++i) publish_rows(publisher, *stale[i], row_counts_before[i]);
  publish_stints(state, publisher, car);
}

}  // namespace slipstream::session
