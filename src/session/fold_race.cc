// What happens in a race beside its laps: stops in the pits, passes on the track, the order.
#include <algorithm>

#include "feed/parse.h"
#include "session/folds.h"
#include "session/read.h"
#include "session/results.h"

namespace slipstream::session {
namespace {

optional<Int> duration_of(const JsonTree& value) {
  const auto text = value.filled_text();
  if (!text) return std::nullopt;
  const auto time = feed::parse_duration(*text);
  return time ? optional(static_cast<Int>(time->count())) : std::nullopt;
}

CarState* car_of(State& state, std::string_view name) {
  const auto number = index_of(name);
  if (!number || *number == 0 || *number > 999 || !state.has_room_for(static_cast<Int>(*number)))
    return nullptr;
  return &state.car(static_cast<Int>(*number));
}

RaceCar race_car_of(const State& state, Int driver_number) {
  RaceCar known;
  known.driver_number = driver_number;
  const auto car = state.cars.find(driver_number);
  if (car == state.cars.end()) return known;
  known.laps_completed = car->second.laps_completed;
  known.last_line_ms = car->second.last_line_ms;
  bool is_stopped = false, is_retired = false;
  for (const CarEvent& event : car->second.log.road_events) {
    if (event.kind == CarEvent::Kind::stopped) is_stopped = event.value != 0;
    if (event.kind == CarEvent::Kind::retired) is_retired = event.value != 0;
    if (event.kind != CarEvent::Kind::in_pit) continue;
    known.is_in_pit = event.value != 0;
    known.is_out_lap =
        !known.is_in_pit && event.session_time_ms > car->second.last_line_ms.value_or(event.session_time_ms);
  }
  known.is_retired = is_stopped || is_retired;
  return known;
}

}  // namespace

void fold_pit_lane_times(State& state, Publisher&, const Change& change) {
  simdjson::dom::element times;
  if (change.payload["PitTimes"].get(times) != simdjson::SUCCESS) return;
  for_each_member(times, [&](std::string_view name, simdjson::dom::element) {
    const JsonTree& told = change.merged["PitTimes"][name];
    const auto lap_number = told["Lap"].integer();
    const auto lane_ms = duration_of(told["Duration"]);
    CarState* car = lap_number && lane_ms ? car_of(state, name) : nullptr;
    if (car == nullptr) return;
    PitTimes::add(car->pit_times.lane_times, {*lap_number, lane_ms, {}});
    state.set_laps_due(*car, change.session_time_ms());
  });
}

void fold_pit_stop_series(State& state, Publisher&, const Change& change) {
  simdjson::dom::element times;
  if (change.payload["PitTimes"].get(times) != simdjson::SUCCESS) return;
  for_each_member(times, [&](std::string_view name, simdjson::dom::element stops) {
    for_each_member(stops, [&](std::string_view index, simdjson::dom::element) {
      const auto at = index_of(index);
      if (!at) return;
      const JsonTree& told = change.merged["PitTimes"][name][*at]["PitStop"];
      const auto lap_number = told["Lap"].integer();
      CarState* car = lap_number ? car_of(state, name) : nullptr;
      if (car == nullptr) return;
      PitTimes::add(car->pit_times.series,
                    {*lap_number, duration_of(told["PitLaneTime"]), duration_of(told["PitStopTime"])});
      state.set_laps_due(*car, change.session_time_ms());
    });
  });
}

void publish_pit_stops(const State& state, Publisher& publisher, const CarState& car) {
  if (!state.log.is_race_like) return;
  const bool is_in_pit = race_car_of(state, car.log.driver_number).is_in_pit;
  const auto stops = build_pit_stops(car.laps, car.pit_times, is_in_pit);
  for (const record::PitStop& stop : stops)
    publisher.pit_stops.publish(stop, publisher.at_ms, *publisher.output);
  record::PitStop gone;
  gone.driver_number = car.log.driver_number;
  for (gone.stop_number = static_cast<Int>(stops.size()) + 1; publisher.pit_stops.find(gone);
       ++gone.stop_number)
    publisher.pit_stops.withdraw(gone, publisher.at_ms, *publisher.output);
}

void settle_overtakes(State& state, Publisher& publisher, Int now_ms) {
  if (!state.overtakes.is_due(now_ms)) return;
  const auto changed =
      state.overtakes.settle(now_ms, [&](Int driver_number) { return race_car_of(state, driver_number); });
  for (const record::Overtake& row : changed) {
    publisher.overtakes.publish(row, publisher.at_ms, *publisher.output);
  }
}

bool is_racing(const State& state) {
  return state.log.is_race_like && !state.log.session_status.empty() &&
         state.log.session_status.back().status == "Started";
}

}  // namespace slipstream::session
