#include "session/circuit.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "session/centre_line.h"
#include "session/circuit_corners.h"
#include "session/pit_lane.h"
#include "session/rounded.h"

namespace slipstream::session {
namespace {

// Laps good enough to be held, of which the circuit is drawn.
constexpr Int drawn_at[] = {3, 10, 30};
// Laps that are slower than the quickest by more do not show the racing line.
constexpr double slower_max = 1.07;
constexpr std::size_t laps_enough = 3;

double time_of(const State& state, UtcTime date) {
  return static_cast<double>((date - *state.log.zero_date).count());
}

std::vector<TimedPlace> timed_places(const State& state, const std::vector<CircuitSample>& samples) {
  std::vector<TimedPlace> places;
  places.reserve(samples.size());
  for (const CircuitSample& sample : samples) {
    const Place place{static_cast<double>(sample.x_dm), static_cast<double>(sample.y_dm),
                      static_cast<double>(sample.z_dm)};
    places.push_back({time_of(state, sample.date), place});
  }
  return places;
}

DrivenLap driven_lap(const State& state, const HeldLap& held, const record::Lap& row) {
  DrivenLap lap;
  lap.places = timed_places(state, held.samples);
  lap.marks = held.marks;
  lap.start_ms = *row.lap_start_session_time_ms;
  lap.end_ms = *row.session_time_ms;
  if (row.sector1_time_ms && row.sector2_time_ms && row.sector3_time_ms) {
    lap.sector_end_ms[0] = lap.start_ms + *row.sector1_time_ms;
    lap.sector_end_ms[1] = lap.end_ms - *row.sector3_time_ms;
  }
  return lap;
}

struct HeldRow {
  const HeldLap* held;
  const record::Lap* row;
};

// The held laps as the table has them now, the best first.
std::vector<HeldRow> held_rows(const State& state) {
  std::vector<HeldRow> rows;
  for (const HeldLap& held : state.circuit.laps) {
    const auto& laps = state.cars.at(held.driver_number).laps;
    const auto row = std::ranges::lower_bound(laps, held.lap_number, {}, &record::Lap::lap_number);
    if (row == laps.end() || row->lap_number != held.lap_number || !is_round(*row)) continue;
    rows.push_back({&held, &*row});
  }
  std::ranges::stable_sort(
      rows, [](const HeldRow& a, const HeldRow& b) { return is_better_round(*a.row, *b.row); });
  return rows;
}

// Those near the best in time; what else speaks against a lap counts where there are enough without it.
std::vector<DrivenLap> chosen_laps(const State& state) {
  std::vector<DrivenLap> chosen;
  const std::vector<HeldRow> rows = held_rows(state);
  const record::Lap* best = nullptr;
  for (const auto& [held, row] : rows) {
    if (!best) best = row;
    const bool is_doubtful = row->is_accurate != best->is_accurate;
    if (is_doubtful && chosen.size() >= laps_enough) break;
    if (*row->lap_time_ms > slower_max * *best->lap_time_ms) continue;
    chosen.push_back(driven_lap(state, *held, *row));
  }
  return chosen;
}

// Takes back the rows of `table` whose number is from `from` to before `end`.
template <class Row>
void withdraw_range(RevisionTable<Row>& table, Int Row::*number, std::size_t from, std::size_t end,
                    Publisher& publisher) {
  for (std::size_t i = from; i < end; ++i) {
    Row row;
    row.*number = static_cast<Int>(i);
    table.withdraw(row, publisher.at_ms, *publisher.output);
  }
}

void publish_line(const Path& line, CircuitLog& log, Publisher& publisher) {
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    record::CircuitPoint row;
    row.point_number = static_cast<Int>(i);
    row.x_dm = whole(line.points[i].x_dm);
    row.y_dm = whole(line.points[i].y_dm);
    row.z_dm = whole(line.points[i].z_dm);
    row.distance_m = rounded(static_cast<double>(i) * line.step_m(), 10);
    publisher.circuit_points.publish(row, publisher.at_ms, *publisher.output);
  }
  withdraw_range(publisher.circuit_points, &record::CircuitPoint::point_number, line.points.size(),
                 log.point_count, publisher);
  log.point_count = line.points.size();
}

void publish_corners(const Path& line, CircuitLog& log, Publisher& publisher) {
  const std::vector<FoundCorner> corners = corners_of(line);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const Place place = line.at(corners[i].distance_m);
    record::Corner row;
    row.corner_number = static_cast<Int>(i + 1);
    row.distance_m = rounded(corners[i].distance_m, 10);
    row.x_dm = whole(place.x_dm);
    row.y_dm = whole(place.y_dm);
    publisher.corners.publish(row, publisher.at_ms, *publisher.output);
  }
  withdraw_range(publisher.corners, &record::Corner::corner_number, corners.size() + 1, log.corner_count + 1,
                 publisher);
  log.corner_count = corners.size();
}

void publish_across(std::string name, double at_m, const Place& place, Publisher& publisher) {
  record::CircuitLine row;
  row.line = std::move(name);
  row.distance_m = rounded(at_m, 10);
  row.x_dm = whole(place.x_dm);
  row.y_dm = whole(place.y_dm);
  publisher.circuit_lines.publish(row, publisher.at_ms, *publisher.output);
}

void publish_lines(const CentreLine& centre, Publisher& publisher) {
  const Path& line = centre.path;
  publish_across("start_finish", 0, line.at(0), publisher);
  constexpr const char* sector_ends[] = {"sector_1_end", "sector_2_end"};
  for (std::size_t i = 0; i < centre.sector_end_m.size(); ++i) {
    const auto at_m = centre.sector_end_m[i];
    if (at_m) publish_across(sector_ends[i], *at_m, line.at(*at_m), publisher);
  }
  for (const auto& [mini_sector, at_m] : centre.mini_sector_end_m) {
    const auto [sector, number] = mini_sector;
    if (centre.mini_sector_end_m.contains({sector, number + 1}))  // the last one's is the sector's
      publish_across(fmt::format("mini_sector_{}_{}_end", sector, number), at_m, line.at(at_m), publisher);
  }
  publish_across("lap_end", line.length_m, line.at(0), publisher);
}

void publish_pit_lane(const Path& lane, const Path& line, CircuitLog& log, Publisher& publisher) {
  for (std::size_t i = 0; i < lane.points.size(); ++i) {
    record::PitLanePoint row;
    row.point_number = static_cast<Int>(i);
    row.x_dm = whole(lane.points[i].x_dm);
    row.y_dm = whole(lane.points[i].y_dm);
    row.distance_m = rounded(static_cast<double>(i) * lane.step_m(), 10);
    publisher.pit_lane_points.publish(row, publisher.at_ms, *publisher.output);
  }
  withdraw_range(publisher.pit_lane_points, &record::PitLanePoint::point_number, lane.points.size(),
                 log.lane_point_count, publisher);
  log.lane_point_count = lane.points.size();
  const auto beside = [&](const Place& place) { return foot_on(line, place, 0, line.length_m).distance_m; };
  log.pit_entry_m = beside(lane.points.front());
  log.pit_exit_m = beside(lane.points.back());
  publish_across("pit_entry", *log.pit_entry_m, lane.points.front(), publisher);
  publish_across("pit_exit", *log.pit_exit_m, lane.points.back(), publisher);
}

// The greatest way between the places of two rings at the same share of the lap.
double moved_m(const Path& before, const Path& after) {
  if (before.points.empty()) return std::numeric_limits<double>::max();
  double most = std::abs(before.length_m - after.length_m);
  for (std::size_t i = 0; i < after.points.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(after.points.size());
    most = std::max(most, distance_m(before.at(share * before.length_m), after.points[i]));
  }
  return most;
}

std::vector<PitPass> pit_passes(const State& state) {
  std::vector<PitPass> passes;
  for (const HeldPass& held : state.circuit.passes) {
    PitPass pass{timed_places(state, held.samples), {}, static_cast<double>(held.pit_out_ms)};
    if (held.pit_in_ms) pass.pit_in_ms = *held.pit_in_ms;
    passes.push_back(std::move(pass));
  }
  return passes;
}

// For the laps of which no positions come.
std::shared_ptr<const KnownCircuit> known_circuit(const CentreLine& centre, const CircuitLog& log) {
  auto circuit = std::make_shared<KnownCircuit>();
  circuit->line = centre.path;
  circuit->sector_end_m = centre.sector_end_m;
  circuit->mini_sector_end_m = centre.mini_sector_end_m;
  circuit->pit_entry_m = log.pit_entry_m;
  circuit->pit_exit_m = log.pit_exit_m;
  return circuit;
}

void draw(State& state, Publisher& publisher) {
  constexpr double moved_min_m = 1;  // less is how much lines from different laps differ
  CircuitLog& log = state.circuit;
  const auto centre = centre_line_of(chosen_laps(state));
  if (!centre) return;
  if (state.telemetry_rows != TelemetryRows::none) set_circuit(state.estimates, known_circuit(*centre, log));
  if (moved_m(log.line, centre->path) > moved_min_m) {
    log.line = centre->path;
    publish_line(log.line, log, publisher);
    publish_corners(log.line, log, publisher);
    publish_lines(*centre, publisher);
  }
  if (const auto lane = pit_lane_of(pit_passes(state))) publish_pit_lane(*lane, log.line, log, publisher);
}

void publish_pit_exits(const KnownCircuit& circuit, CircuitLog& log, Publisher& publisher) {
  log.pit_entry_m = circuit.pit_entry_m;
  log.pit_exit_m = circuit.pit_exit_m;
  const Path& line = circuit.line;
  if (log.pit_entry_m) publish_across("pit_entry", *log.pit_entry_m, line.at(*log.pit_entry_m), publisher);
  if (log.pit_exit_m) publish_across("pit_exit", *log.pit_exit_m, line.at(*log.pit_exit_m), publisher);
}

}  // namespace

void offer_circuit(State& state, Publisher& publisher) {
  CircuitLog& log = state.circuit;
  if (!log.given || !state.has_session_key) return;
  const auto given = std::exchange(log.given, nullptr);
  if (!is_of_this_track(state, *given)) return;
  if (!log.line.points.empty()) return;  // the session's own
  log.line = given->line;
  publish_line(log.line, log, publisher);
  publish_corners(log.line, log, publisher);
  publish_lines({given->line, given->sector_end_m, given->mini_sector_end_m}, publisher);
  publish_pit_exits(*given, log, publisher);
}

void fold_circuit(State& state, Publisher& publisher, CarState& car, Int settled_ms) {
  const Int before = state.circuit.laps_seen;
  if (!note_circuit_laps(state, car, settled_ms)) return;
  const auto is_passed = [&](Int count) { return before < count && state.circuit.laps_seen >= count; };
  if (std::ranges::any_of(drawn_at, is_passed)) draw(state, publisher);
}

void finish_circuit(State& state, Publisher& publisher) {
  if (!state.circuit.is_wanted || !state.log.zero_date) return;
  for (auto& [number, car] : state.cars) note_circuit_laps(state, car, std::numeric_limits<Int>::max());
  draw(state, publisher);
}

}  // namespace slipstream::session
