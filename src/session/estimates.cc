#include "session/estimates.h"

#include <algorithm>
#include <cmath>

#include "session/rounded.h"
#include "session/state.h"

namespace slipstream::session {
namespace {

// What is known to the millisecond.
std::vector<Anchor> sure_anchors(const record::Lap& lap, const KnownCircuit& circuit) {
  std::vector<Anchor> anchors;
  const auto add = [&](optional<Int> time_ms, optional<double> distance_m) {
    const bool is_seen = time_ms && *time_ms >= 0;  // not from before a recording began
    if (is_seen && distance_m) anchors.push_back({static_cast<double>(*time_ms), *distance_m});
  };
  const double length_m = circuit.line.length_m;
  if (lap.pit_out_time_ms) add(lap.pit_out_time_ms, distance_near(circuit.pit_exit_m, 0, length_m));
  else add(lap.lap_start_session_time_ms, 0.0);
  add(lap.sector1_session_time_ms, circuit.sector_end_m[0]);
  add(lap.sector2_session_time_ms, circuit.sector_end_m[1]);
  if (lap.pit_in_time_ms) add(lap.pit_in_time_ms, distance_near(circuit.pit_entry_m, length_m, length_m));
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

// Puts out a row; its revision says whether there was one before.
void put_out(Publisher& publisher, CarState& car, record::Telemetry row) {
  const bool was_shown = std::ranges::binary_search(car.estimates_shown, row.sample_date);
  publisher.output->rows<record::Telemetry>().push_back(
      {std::move(row), {was_shown ? 1 : 0, false}, publisher.at_ms});
}

void estimate_lap(State& state, Publisher& publisher, CarState& car, const record::Lap& lap,
                  std::vector<UtcTime>& claimed) {
  const std::vector<Anchor> anchors = anchors_of(car, lap, *state.estimates.circuit);
  if (anchors.size() < 2) return;
  const UtcTime zero = *state.log.zero_date;
  const UtcTime from = zero + SessionTime(std::lround(std::ceil(anchors.front().time_ms)));
  for (UtcTime date = floor_to_step(from - SessionTime(1)) + estimate_step;; date += estimate_step) {
    const auto at_ms = static_cast<double>((date - zero).count());
    if (at_ms >= anchors.back().time_ms) break;
    const auto distance_m = estimated_distance(anchors, state.estimates.pace, at_ms);
    // Laps are aligned and the clock's zero is corrected behind them: no instant comes twice.
    if (!distance_m || (car.estimated_through && date <= *car.estimated_through)) continue;
    car.estimated_through = date;
    put_out(publisher, car, estimated_row(state, car, lap.lap_number, date, *distance_m));
    claimed.push_back(date);
  }
}

// What was shown up to `end` and no lap has claimed is taken back.
void settle_shown(Publisher& publisher, CarState& car, UtcTime end, const std::vector<UtcTime>& claimed) {
  const auto settled = std::ranges::upper_bound(car.estimates_shown, end);
  for (auto date = car.estimates_shown.begin(); date != settled; ++date) {
    if (std::ranges::binary_search(claimed, *date)) continue;
    record::Telemetry row;
    row.driver_number = car.log.driver_number;
    row.sample_date = *date;
    row.source = record::source_position;
    row.quality = record::quality_estimated;
    publisher.output->rows<record::Telemetry>().push_back({std::move(row), {1, true}, publisher.at_ms});
  }
  car.estimates_shown.erase(car.estimates_shown.begin(), settled);
}

}  // namespace

void set_circuit(EstimateLog& log, std::shared_ptr<const KnownCircuit> circuit) {
  log.pace = Pace(circuit->line);
  log.circuit = std::move(circuit);
}

bool is_of_this_track(const State& state, const KnownCircuit& circuit) {
  const auto& key = circuit.circuit_key;
  return !key || !state.session.circuit_key || *key == *state.session.circuit_key;
}

bool can_estimate(const State& state) {
  const auto& circuit = state.estimates.circuit;
  return circuit && state.log.zero_date && is_of_this_track(state, *circuit);
}

optional<double> distance_near(optional<double> at_m, double line_m, double length_m) {
  return at_m ? optional(*at_m + std::round((line_m - *at_m) / length_m) * length_m) : std::nullopt;
}

bool has_positions_at(const CarState& car, UtcTime date) {
  constexpr SessionTime lost(10'000);
  return car.last_position_sample && *car.last_position_sample + lost > date;
}

UtcTime floor_to_step(UtcTime date) {
  return UtcTime(date.time_since_epoch() / estimate_step * estimate_step);
}

record::Telemetry estimated_row(const State& state, const CarState& car, Int lap_number, UtcTime date,
                                double distance_m) {
  const Path& line = state.estimates.circuit->line;
  const Place place = line.at(distance_m);
  record::Telemetry row;
  row.driver_number = car.log.driver_number;
  row.driver_code = car.log.driver_code;
  row.sample_date = date;
  row.source = record::source_position;
  row.session_time_ms = static_cast<Int>((date - *state.log.zero_date).count());
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

void estimate_laps(State& state, Publisher& publisher, CarState& car, Int settled_ms, bool is_last) {
  if (!can_estimate(state)) return;
  for (const record::Lap& lap : car.laps) {
    if (lap.lap_number <= car.estimated_lap) continue;
    if (!lap.session_time_ms || *lap.session_time_ms > settled_ms) continue;
    car.estimated_lap = lap.lap_number;
    const UtcTime end = *state.log.zero_date + SessionTime(*lap.session_time_ms);
    std::vector<UtcTime> claimed;
    if (!has_positions_at(car, end) && !lap.is_generated) estimate_lap(state, publisher, car, lap, claimed);
    settle_shown(publisher, car, end, claimed);
  }
  if (is_last) settle_shown(publisher, car, UtcTime::max(), {});
}

}  // namespace slipstream::session
