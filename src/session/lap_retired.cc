// The lap in which a car stopped on track.
//
// F1 sends no line crossing for it, only that the car is stopped, half a minute to a minute and a half after
// it did. Whether the car drives on (P11) and whether the lap began before the flag is known for sure once
// the session has finished: until then there is no such row.
#include <algorithm>
#include <limits>

#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;

// End of a lap of which nothing says when the car stopped: FastF1's assumption.
constexpr Int assumed_lap_ms = 150'000;

// Since when the car has been stopped or retired for good; nothing if it drives on, or did so before `from`.
optional<Int> stopped_since(const CarLog& car, Int from_ms) {
  optional<Int> stopped;
  bool is_stopped = false, is_retired = false;
  for (const CarEvent& event : car.events) {
    if (event.kind == Kind::stopped) is_stopped = event.value != 0;
    else if (event.kind == Kind::retired) is_retired = event.value != 0;
    else continue;
    if (!is_stopped && !is_retired) stopped.reset();
    else if (!stopped) stopped = event.session_time_ms;
  }
  return stopped && *stopped > from_ms ? stopped : std::nullopt;
}

optional<Int> first_status_after(const SessionLog& session, std::string_view status, Int after_ms) {
  for (const StatusChange& change : session.session_status) {
    if (change.status == status && change.session_time_ms > after_ms) return change.session_time_ms;
  }
  return std::nullopt;
}

// When a red flag ended the running of the session; nothing if something else came first.
optional<Int> next_abort(const SessionLog& session, Int after_ms) {
  const auto next = std::ranges::find_if(
      session.session_status, [&](const StatusChange& change) { return change.session_time_ms > after_ms; });
  const bool is_abort = next != session.session_status.end() && next->status == "Aborted";
  return is_abort ? optional(next->session_time_ms) : std::nullopt;
}

// A qualifying is finished once in each part, and started again.
bool was_finished(const SessionLog& session, Int at_ms) {
  bool is_finished = false;
  for (const StatusChange& change : session.session_status) {
    if (change.session_time_ms > at_ms) break;
    if (change.status == "Finished") is_finished = true;
    else if (change.status == "Started") is_finished = false;
  }
  return is_finished;
}

// When the car's running lap began, if it drives it: at the end of the last one, or out of the pits.
optional<Int> running_since(const std::vector<LapDraft>& laps, const CarLog& car) {
  const LapDraft& last = laps.back();
  const bool ended_in_pits =
      last.pit_in_ms || (laps.size() > 1 && laps[laps.size() - 2].pit_in_ms && !last.pit_out_ms);
  if (!ended_in_pits) return last.end_ms;
  const auto in_pits_ms = last.pit_in_ms ? last.pit_in_ms : last.end_ms;
  for (const CarEvent& event : car.events) {
    if (event.kind == Kind::in_pit && event.value == 0 && event.session_time_ms > *in_pits_ms)
      return event.session_time_ms;
  }
  return std::nullopt;
}

// When a car left the pits that has not come back.
optional<Int> out_since(const CarLog& car) {
  optional<Int> out_ms;
  for (const CarEvent& event : car.events) {
    if (event.kind != Kind::in_pit) continue;
    if (event.value != 0) out_ms.reset();
    else if (!out_ms) out_ms = event.session_time_ms;
  }
  return out_ms;
}

// A car of a race that has no lap at all: it left the grid if it came to a timing point.
bool left_the_grid(const CarLog& car, Int started_ms) {
  return std::ranges::any_of(car.events, [&](const CarEvent& event) {
    const bool is_timed = event.kind == Kind::sector_time || event.kind == Kind::speed;
    return is_timed && !event.is_snapshot && event.session_time_ms > started_ms;
  });
}

// The only lap of a car: in a race it began at the start, else out of the pits.
optional<LapDraft> first_lap(const CarLog& car, const SessionLog& session) {
  LapDraft lap;
  lap.is_generated = true;
  lap.lap_number = 1;
  const auto started = first_status_after(session, "Started", std::numeric_limits<Int>::min());
  if (!session.is_race_like) lap.pit_out_ms = out_since(car);
  const auto since = session.is_race_like ? started : lap.pit_out_ms;
  if (!started || !since || *since < *started || was_finished(session, *since)) return std::nullopt;
  if (session.is_race_like && !left_the_grid(car, *since)) return std::nullopt;
  if (!first_status_after(session, "Finished", *since)) return std::nullopt;
  lap.end_ms = stopped_since(car, *since);
  if (!lap.end_ms) return std::nullopt;
  return lap;
}

}  // namespace

optional<LapDraft> retired_lap(const std::vector<LapDraft>& laps, const CarLog& car,
                               const SessionLog& session) {
  LapDraft lap;
  lap.is_generated = true;
  lap.lap_number = laps.empty() ? 1 : laps.back().lap_number + 1;
  if (laps.empty()) return first_lap(car, session);
  const auto since = running_since(laps, car);
  if (!since || was_finished(session, *since)) return std::nullopt;
  if (session.total_laps && laps.back().lap_number >= *session.total_laps) return std::nullopt;
  if (!first_status_after(session, "Finished", *since)) return std::nullopt;
  const bool is_out_of_pits = since != laps.back().end_ms;
  const auto stopped = stopped_since(car, *since);
  if (is_out_of_pits && !stopped) return std::nullopt;
  if (is_out_of_pits) lap.pit_out_ms = since;
  lap.end_ms = stopped ? *stopped : next_abort(session, *since).value_or(*since + assumed_lap_ms);
  return lap;
}

}  // namespace slipstream::session
