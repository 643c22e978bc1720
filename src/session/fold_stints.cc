// Stints and tyres out of TimingAppData.
#include <fmt/core.h>
#include <algorithm>

#include "session/folds.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

StintEvent event_of(const Change& change, std::size_t index, simdjson::dom::element patch) {
  StintEvent event;
  event.session_time_ms = change.session_time_ms();
  event.stint_index = static_cast<Int>(index);
  JsonTree named;  // only what this message names: a value that is repeated later must not look new
  (void)named.merge(patch);
  event.compound = text_of(named["Compound"]);
  event.is_fresh = named["New"].flag();
  event.start_laps = named["StartLaps"].integer();
  event.total_laps = named["TotalLaps"].integer();
  event.is_snapshot = change.message.is_snapshot;
  return event;
}

// GridPos, 0 for a car that starts from the pit lane; and Line, its place now.
void take_places(State& state, std::size_t number, const JsonTree& line) {
  if (number == 0 || number > 999 || !state.has_room_for(static_cast<Int>(number))) return;
  const auto grid_position = line["GridPos"].integer(), screen_line = line["Line"].integer();
  if (!grid_position && !screen_line) return;
  CarState& car = state.car(static_cast<Int>(number));
  if (grid_position && *grid_position >= 0 && car.grid_position != grid_position) {
    car.grid_position = grid_position;
    state.has_result_change = true;
  }
  if (screen_line && car.screen_line != screen_line) {
    car.screen_line = screen_line;
    if (!state.has_timing_change) state.has_result_change = true;
  }
}

}  // namespace

void fold_stints(State& state, Publisher& publisher, const Change& change) {
  simdjson::dom::element lines;
  if (change.payload["Lines"].get(lines) != simdjson::SUCCESS) return;
  for_each_member(lines, [&](std::string_view name, simdjson::dom::element line) {
    const auto number = index_of(name);
    simdjson::dom::element stints;
    if (number && line.is_object()) take_places(state, *number, change.merged["Lines"][name]);
    if (!number || !line.is_object() || line["Stints"].get(stints) != simdjson::SUCCESS) return;
    if (*number == 0 || *number > 999 || !state.has_room_for(static_cast<Int>(*number))) return;
    CarState& car = state.car(static_cast<Int>(*number));
    for_each_member(stints, [&](std::string_view index_name, simdjson::dom::element patch) {
      const auto index = index_of(index_name);
      if (!index || !patch.is_object()) return;
      if (car.log.stints.size() >= limits::car_events_max) {
        return state.tell_limit(fmt::format("car {} has more tyre messages than a session can have", name));
      }
      StintEvent event = event_of(change, *index, patch);
      // A lap's tyres change by this; the count of laps alone comes every lap and changes nothing.
      if (event.compound || event.is_fresh || event.start_laps)
        state.set_laps_due(car, event.session_time_ms);
      car.log.stints.push_back(std::move(event));
    });
    if (!state.is_batch) publish_stints(state, publisher, car);
  });
}

void publish_stints(const State& state, Publisher& publisher, const CarState& car) {
  const auto topic = state.topics.find("TimingAppData");
  if (topic == state.topics.end()) return;
  const JsonTree& stints = topic->second["Lines"][std::to_string(car.log.driver_number)]["Stints"];
  for (std::size_t i = 0; i < stints.size(); ++i) {
    const JsonTree& stint = stints[i];
    record::Stint row;
    row.driver_number = car.log.driver_number;
    row.stint_number = static_cast<Int>(i) + 1;
    row.tyre_compound = text_of(stint["Compound"]);
    row.is_fresh_tyre = stint["New"].flag();
    row.tyre_age_laps_at_start = stint["StartLaps"].integer();
    const auto total = stint["TotalLaps"].integer();
    if (total) row.lap_count = std::max(0, *total - row.tyre_age_laps_at_start.value_or(0));
    for (const record::Lap& lap : car.laps) {
      if (lap.driver_stint != row.stint_number) continue;
      if (!row.first_lap_number) row.first_lap_number = lap.lap_number;
      row.last_lap_number = lap.lap_number;
    }
    publisher.stints.publish(row, publisher.at_ms, *publisher.output);
  }
  record::Stint gone;  // a snapshot may have fewer
  gone.driver_number = car.log.driver_number;
  for (gone.stint_number = static_cast<Int>(stints.size()) + 1; publisher.stints.find(gone);
       ++gone.stint_number) {
    publisher.stints.withdraw(gone, publisher.at_ms, *publisher.output);
  }
}

}  // namespace slipstream::session
