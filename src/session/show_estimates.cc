// Revision 0 of estimated places: from what the timing screen has shown of the running lap so far.
#include <algorithm>

#include "session/estimates.h"
#include "session/state.h"

namespace slipstream::session {
namespace {

// A recording can be silent for long; what was not shown while it happened needs no showing any more.
constexpr SessionTime shown_late_max(5'000);
// Behind the last sign of a car it is believed to drive on for so long.
constexpr double unseen_max_ms = 60'000;
// The message of the line comes up to so much behind the first mini-sector of the new lap, and the last ones
// of the old lap up to late_value_ms behind it (fold_mini_sectors.cc).
constexpr Int early_mark_ms = 1000;

// When the car left the pits, if it has since it was last at the line.
optional<Int> left_pits_ms(const CarState& car) {
  const auto& events = car.log.road_events;
  const auto last = std::find_if(events.rbegin(), events.rend(), [](const CarEvent& event) {
    return event.kind == CarEvent::Kind::in_pit && !event.is_snapshot;
  });
  if (last == events.rend() || last->value != 0) return std::nullopt;
  if (car.last_line_ms && last->session_time_ms < *car.last_line_ms) return std::nullopt;
  return last->session_time_ms;
}

// Where the running lap began, and every place that timing has shown since then.
std::vector<Anchor> anchors_so_far(const CarState& car, const KnownCircuit& circuit) {
  std::vector<Anchor> anchors;
  optional<Int> began_ms = left_pits_ms(car);
  if (began_ms) {
    if (const auto exit_m = distance_near(circuit.pit_exit_m, 0, circuit.line.length_m))
      anchors.push_back({static_cast<double>(*began_ms), *exit_m});
  } else if (car.last_line_ms) {
    began_ms = car.last_line_ms;
    if (car.is_last_line_seen) anchors.push_back({static_cast<double>(*began_ms), 0});
  }
  for (const MiniSectorMark& mark : car.mini_sector_marks) {
    const bool is_late =
        mark.mini_sector.first == 3 && began_ms && mark.session_time_ms < *began_ms + late_value_ms;
    const bool is_before = began_ms && mark.session_time_ms + early_mark_ms < *began_ms;
    const auto end = circuit.mini_sector_end_m.find(mark.mini_sector);
    if (is_late || is_before || end == circuit.mini_sector_end_m.end()) continue;
    const Anchor anchor{static_cast<double>(mark.session_time_ms), end->second};
    if (anchors.empty() || can_follow(anchors.back(), anchor)) anchors.push_back(anchor);
  }
  return anchors;
}

// The next place at which timing would show the car: it has not passed it yet.
double next_sign_m(const KnownCircuit& circuit, double distance_m) {
  double next_m = distance_m < circuit.line.length_m ? circuit.line.length_m : distance_m;
  for (const auto& [mini_sector, end_m] : circuit.mini_sector_end_m) {
    if (end_m > distance_m) next_m = std::min(next_m, end_m);
  }
  return next_m;
}

bool is_driving(const CarState& car) {
  const record::Timing& screen = car.timing;
  return !screen.is_in_pit.value_or(false) && !screen.is_stopped.value_or(false) &&
         !screen.is_retired.value_or(false);
}

void show_car(const State& state, Publisher& publisher, CarState& car, UtcTime from, UtcTime through) {
  if (!is_driving(car) || has_positions_at(car, through)) return;
  const EstimateLog& log = state.estimates;
  const std::vector<Anchor> anchors = anchors_so_far(car, *log.circuit);
  if (anchors.empty()) return;
  const double next_m = next_sign_m(*log.circuit, anchors.back().distance_m);
  for (UtcTime date = from; date <= through; date += estimate_step) {
    const auto at_ms = static_cast<double>((date - *state.log.zero_date).count());
    if (at_ms < anchors.back().time_ms || at_ms > anchors.back().time_ms + unseen_max_ms) continue;
    if (!car.estimates_shown.empty() && date <= car.estimates_shown.back()) continue;
    if (car.estimated_through && date <= *car.estimated_through) continue;
    const double distance_m = std::min(next_m, expected_distance(anchors, log.pace, at_ms));
    publisher.emit(estimated_row(state, car, car.counter.running(), date, distance_m));
    car.estimates_shown.push_back(date);
  }
}

}  // namespace

void show_estimates(State& state, Publisher& publisher, Int now_ms) {
  if (state.telemetry_rows != TelemetryRows::all_revisions || !can_estimate(state)) return;
  EstimateLog& log = state.estimates;
  const UtcTime now = *state.log.zero_date + SessionTime(now_ms);
  const UtcTime through = floor_to_step(now);
  if (log.shown_through && through <= *log.shown_through) return;
  UtcTime from = floor_to_step(now - shown_late_max) + estimate_step;
  if (log.shown_through) from = std::max(from, *log.shown_through + estimate_step);
  log.shown_through = through;
  for (auto& [number, car] : state.cars) show_car(state, publisher, car, from, through);
}

}  // namespace slipstream::session
