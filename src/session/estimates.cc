#include "session/estimates.h"

#include <algorithm>
#include <cmath>

#include "session/rounded.h"
#include "session/state.h"

namespace slipstream::session {
namespace {

constexpr Int step_ms = 500;

// What is known to the millisecond.
std::vector<Anchor> sure_anchors(const record::Lap& lap, const KnownCircuit& circuit) {
  std::vector<Anchor> anchors;
  const auto add = [&](optional<Int> time_ms, optional<double> distance_m) {
    const bool is_seen = time_ms && *time_ms >= 0;  // not from before a recording began
    if (is_seen && distance_m) anchors.push_back({static_cast<double>(*time_ms), *distance_m});
  };
  // The lane may end before the line, or begin behind it.
  const double length_m = circuit.line.length_m;
  const auto near = [length_m](optional<double> at_m, double line_m) {
    return at_m ? optional(*at_m + std::round((line_m - *at_m) / length_m) * length_m) : std::nullopt;
  };
  if (lap.pit_out_time_ms) add(lap.pit_out_time_ms, near(circuit.pit_exit_m, 0));
  else add(lap.lap_start_session_time_ms, 0.0);
  add(lap.sector1_session_time_ms, circuit.sector_end_m[0]);
  add(lap.sector2_session_time_ms, circuit.sector_end_m[1]);
  if (lap.pit_in_time_ms) add(lap.pit_in_time_ms, near(circuit.pit_entry_m, length_m));
  else add(lap.session_time_ms, length_m);
  return anchors;
}

std::vector<Anchor> anchors_of(const CarState& car, const record::Lap& lap, const KnownCircuit& circuit) {
  const std::vector<Anchor> sure = sure_anchors(lap, circuit);
  if (sure.empty()) return {};
  std::vector<Anchor> doubtful;
  const auto from_ms = static_cast<Int>(sure.front().time_ms);
  for (const MiniSectorMark& mark : marks_from_to(car.mini_sector_marks, from_ms, *lap.session_time_ms)) {
    const auto end = circuit.mini_sector_end_m.find(mark.mini_sector);
    if (end != circuit.mini_sector_end_m.end())
      doubtful.push_back({static_cast<double>(mark.session_time_ms), end->second});
  }
  return possible_anchors(sure, std::move(doubtful));
}

record::Telemetry row_at(const State& state, const CarState& car, Int lap_number, Int at_ms,
                         double distance_m) {
  const Path& line = state.estimates.circuit->line;
  const Place place = line.at(distance_m);
  record::Telemetry row;
  row.driver_number = car.log.driver_number;
  row.driver_code = car.log.driver_code;
  row.sample_date = *state.log.zero_date + SessionTime(at_ms);
  row.source = record::source_position;
  row.session_time_ms = at_ms;
  row.lap_number = lap_number;
  row.x_dm = whole(place.x_dm);
  row.y_dm = whole(place.y_dm);
  row.z_dm = whole(place.z_dm);
  row.quality = record::quality_estimated;
  const double in_lap_m = std::clamp(distance_m, 0.0, line.length_m);
  row.distance_m = rounded(in_lap_m, 10);
  row.relative_distance = rounded(in_lap_m / line.length_m, 1'000'000);
  return row;
}

void estimate_lap(State& state, Publisher& publisher, CarState& car, const record::Lap& lap) {
  const std::vector<Anchor> anchors = anchors_of(car, lap, *state.estimates.circuit);
  if (anchors.size() < 2) return;
  const auto first = static_cast<Int>(std::ceil(anchors.front().time_ms / step_ms));
  for (Int at_ms = first * step_ms; at_ms < anchors.back().time_ms; at_ms += step_ms) {
    const auto distance_m = estimated_distance(anchors, state.estimates.pace, at_ms);
    const UtcTime date = *state.log.zero_date + SessionTime(at_ms);
    // Laps are aligned and the clock's zero is corrected behind them: no instant comes twice.
    if (!distance_m || (car.estimated_through && date <= *car.estimated_through)) continue;
    car.estimated_through = date;
    publisher.emit(row_at(state, car, lap.lap_number, at_ms, *distance_m));
  }
}

}  // namespace

void set_circuit(EstimateLog& log, std::shared_ptr<const KnownCircuit> circuit) {
  log.pace = Pace(circuit->line);
  log.circuit = std::move(circuit);
}

void estimate_laps(State& state, Publisher& publisher, CarState& car, Int settled_ms) {
  if (!state.estimates.circuit || !state.log.zero_date) return;
  const auto& key = state.estimates.circuit->circuit_key;
  if (key && state.session.circuit_key && *key != *state.session.circuit_key) return;  // not the same track
  for (const record::Lap& lap : car.laps) {
    if (lap.lap_number <= car.estimated_lap) continue;
    if (!lap.session_time_ms || *lap.session_time_ms > settled_ms) continue;
    car.estimated_lap = lap.lap_number;
    const UtcTime end = *state.log.zero_date + SessionTime(*lap.session_time_ms);
    // A car whose positions came, up to this lap's end or nearly, needs no estimate.
    constexpr SessionTime lost(10'000);
    const bool has_positions = car.last_position_sample && *car.last_position_sample + lost > end;
    if (!has_positions && !lap.is_generated) estimate_lap(state, publisher, car, lap);
  }
}

}  // namespace slipstream::session
