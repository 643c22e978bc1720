// From logs to published laps: builds a car anew, and whom it moves.
#include <algorithm>
#include <set>
#include <utility>

#include "session/folds.h"
#include "session/laps.h"

namespace slipstream::session {
namespace {

using record::Lap;

using Rows = std::vector<Lap>;

Rows::iterator find_row(Rows& rows, Int lap_number) {
  const auto row = std::ranges::lower_bound(rows, lap_number, {}, &Lap::lap_number);
  return row != rows.end() && row->lap_number == lap_number ? row : rows.end();
}

// Makes a car's rows anew; puts the numbers of laps whose end has moved into `moved`. Returns the rows
// before.
Rows make_rows(State& state, CarState& car, std::set<Int>& moved) {
  Rows before = std::exchange(car.laps, build_laps(car.drafts, car.log, state.log, car.shift_ms));
  auto last = before.begin();  // both in order of lap_number
  for (Lap& lap : car.laps) {
    for (; last != before.end() && last->lap_number < lap.lap_number; ++last) moved.insert(last->lap_number);
    const bool is_known = last != before.end() && last->lap_number == lap.lap_number;
    if (is_known && last->session_time_ms == lap.session_time_ms) lap.position = last->position;
    else moved.insert(lap.lap_number);
    if (is_known) ++last;
  }
  for (; last != before.end(); ++last) moved.insert(last->lap_number);
  return before;
}

// Ranks the laps of one number; other cars' laps may move by it.
void rank(State& state, Publisher& publisher, Int lap_number) {
  std::vector<Lap*> laps;
  laps.reserve(state.cars.size());
  for (auto& [number, car] : state.cars) {
    const auto row = find_row(car.laps, lap_number);
    if (row != car.laps.end()) laps.push_back(&*row);
  }
  rank_laps(laps);
  for (const Lap* lap : laps) publisher.laps.publish(*lap, publisher.at_ms, *publisher.output);
}

void publish_rows(Publisher& publisher, CarState& car, const Rows& before) {
  auto last = before.begin();  // both in order of lap_number
  for (const Lap& lap : car.laps) {
    for (; last != before.end() && last->lap_number < lap.lap_number; ++last) {
      publisher.laps.withdraw(*last, publisher.at_ms, *publisher.output);
    }
    const bool is_known = last != before.end() && last->lap_number == lap.lap_number;
    if (!is_known || lap != *last) publisher.laps.publish(lap, publisher.at_ms, *publisher.output);
    if (is_known) ++last;
  }
  for (; last != before.end(); ++last) publisher.laps.withdraw(*last, publisher.at_ms, *publisher.output);
}

// Cars whose laps have to be made anew because the field's session times are now shifted otherwise.
std::vector<CarState*> align(State& state) {
  std::vector<CarToAlign> cars;
  cars.reserve(state.cars.size());
  for (const auto& [number, car] : state.cars) cars.push_back({&car.drafts, &car.log});
  align_cars(cars);
  std::vector<CarState*> shifted;
  auto aligned = cars.begin();
  for (auto& [number, car] : state.cars) {
    const optional<Int> shift_ms = (aligned++)->shift_ms;
    if (car.shift_ms == shift_ms) continue;
    car.shift_ms = shift_ms;
    shifted.push_back(&car);
  }
  return shifted;
}

}  // namespace

void build_cars(State& state, Publisher& publisher, std::span<CarState* const> cars, LapBuild build) {
  for (CarState* car : cars) car->drafts = draft_laps(car->log, state.log);
  std::vector<CarState*> stale = align(state);
  for (CarState* car : cars) {
    if (std::ranges::find(stale, car) == stale.end()) stale.push_back(car);
  }
  std::set<Int> moved;
  std::vector<Rows> before;
  before.reserve(stale.size());
  for (CarState* each : stale) before.push_back(make_rows(state, *each, moved));
  if (build == LapBuild::kept) return;
  if (state.log.is_race_like) {
    for (const Int lap_number : moved) rank(state, publisher, lap_number);
  }
  for (std::size_t i = 0; i < stale.size(); ++i) publish_rows(publisher, *stale[i], before[i]);
  for (const CarState* car : cars) {
    publish_stints(state, publisher, *car);
    publish_pit_stops(state, publisher, *car);
  }
  state.has_result_change = true;
}

}  // namespace slipstream::session
