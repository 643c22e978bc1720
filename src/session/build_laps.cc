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
  for (Lap& lap : car.laps) {
    const auto last = find_row(before, lap.lap_number);
    const bool is_same_end = last != before.end() && last->session_time_ms == lap.session_time_ms;
    if (is_same_end) lap.position = last->position;
    else moved.insert(lap.lap_number);
  }
  for (const Lap& lap : before) {
    if (find_row(car.laps, lap.lap_number) == car.laps.end()) moved.insert(lap.lap_number);
  }
  return before;
}

// Ranks the laps of one number; other cars' laps may move by it.
void rank(State& state, Publisher& publisher, Int lap_number) {
  std::vector<Lap*> laps;
  for (auto& [number, car] : state.cars) {
    const auto row = find_row(car.laps, lap_number);
    if (row != car.laps.end()) laps.push_back(&*row);
  }
  rank_laps(laps);
  for (const Lap* lap : laps) publisher.laps.publish(*lap, publisher.at_ms, *publisher.output);
}

void publish_rows(Publisher& publisher, CarState& car, const Rows& before) {
  for (const Lap& lap : car.laps) publisher.laps.publish(lap, publisher.at_ms, *publisher.output);
  for (const Lap& gone : before) {
    if (find_row(car.laps, gone.lap_number) != car.laps.end()) continue;
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
  std::set<Int> moved;
  std::vector<Rows> before;
  for (CarState* each : stale) before.push_back(make_rows(state, *each, moved));
  if (state.log.is_race_like) {
    for (const Int lap_number : moved) rank(state, publisher, lap_number);
  }
  for (std::size_t i = 0; i < stale.size(); ++i) publish_rows(publisher, *stale[i], before[i]);
  publish_stints(state, publisher, car);
}

}  // namespace slipstream::session
