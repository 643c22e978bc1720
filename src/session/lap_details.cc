#include "session/lap_details.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace slipstream::session {
namespace {

using record::Lap;

// Sums of three sectors, and line times, may be off by this: each is rounded on its own.
constexpr Int rounding_ms = 3;

bool has_status(const Lap& lap, char code) {
  return lap.track_status && lap.track_status->find(code) != std::string::npos;
}

// A lap meets a status that holds from `from` to `to`, both ends included, if it ends or starts inside or
// spans it.
bool meets(const Lap& lap, Int from, optional<Int> to) {
  const Int end = *lap.session_time_ms;
  const auto inside = [&](Int t) { return t >= from && (!to || t <= *to); };
  if (inside(end)) return true;
  const auto start = lap.lap_start_session_time_ms;
  return start && (inside(*start) || (*start <= from && end >= from));
}

void inherit(optional<Int>& value, optional<Int>& last, bool may_fill) {
  if (value) last = value;
  else if (may_fill) value = last;
}

bool is_clear(const Lap& lap) {
  return lap.track_status == "1" || lap.track_status == "2" || lap.track_status == "12" ||
         lap.track_status == "21";
}

bool is_accurate(const Lap& lap, const Lap* before) {
  if (lap.pit_in_time_ms || lap.pit_out_time_ms || lap.is_generated || !is_clear(lap)) return false;
  if (!lap.lap_time_ms || !lap.sector1_time_ms || !lap.sector2_time_ms || !lap.sector3_time_ms) return false;
  const Int sum = *lap.sector1_time_ms + *lap.sector2_time_ms + *lap.sector3_time_ms;
  if (std::abs(sum - *lap.lap_time_ms) > rounding_ms) return false;
  if (!before) return true;
  if (before->track_status == "4") return false;
  if (!before->session_time_ms || !lap.session_time_ms) return true;
  return std::abs(*lap.session_time_ms - *before->session_time_ms - *lap.lap_time_ms) <= rounding_ms;
}

constexpr Int day_s = 86'400;

// True if the lap was being driven at the local time of day.
bool ran_at(const Lap& lap, Int local_time_s, Int gmt_offset_s) {
  if (!lap.lap_start_date || !lap.lap_end_date) return false;
  const auto start_s = lap.lap_start_date->time_since_epoch().count() / 1000 + gmt_offset_s;
  const auto since_start_s = ((local_time_s - start_s) % day_s + day_s) % day_s;
  return since_start_s * 1000 <= (*lap.lap_end_date - *lap.lap_start_date).count();
}

// Which lap race control means: of those with its time, or of all where it gives none, the one that was
// driven at the time of the offence, else the one of its number. Its numbers can be F1's, which may be one
// ahead.
std::vector<Lap>::iterator find_deleted(std::vector<Lap>& laps, const LapDeletion& deletion,
                                        optional<Int> gmt_offset_s) {
  const auto find = [&](auto is_it) {
    return std::ranges::find_if(laps, [&](const Lap& lap) {
      return (!deletion.lap_time_ms || lap.lap_time_ms == deletion.lap_time_ms) && is_it(lap);
    });
  };
  auto lap = find([&](const Lap& candidate) {
    return deletion.local_time_s && gmt_offset_s && ran_at(candidate, *deletion.local_time_s, *gmt_offset_s);
  });
  if (lap != laps.end()) return lap;
  lap = find([&](const Lap& candidate) { return candidate.lap_number == deletion.lap_number; });
  if (lap != laps.end() || !deletion.lap_time_ms) return lap;
  return find([](const Lap&) { return true; });
}

// When the screen is read: at the message of the line, which behind the pits can come minutes late.
optional<Int> screen_at(const LapDraft& lap, Int alignment_ms) {
  if (!lap.end_ms) return lap.line_ms;
  const Int end_ms = *lap.end_ms + alignment_ms;
  return lap.line_ms ? std::min(*lap.line_ms, end_ms + late_value_ms) : end_ms;
}

}  // namespace

void set_track_status(std::vector<Lap>& laps, const SessionLog& session) {
  // What no message has changed yet is clear: a recording may have missed the first.
  std::vector<StatusChange> changes = {{std::numeric_limits<Int>::min(), "1", false}};
  if (!session.track_status.empty() && session.track_status.front().session_time_ms <= 0) changes.clear();
  changes.insert(changes.end(), session.track_status.begin(), session.track_status.end());
  for (Lap& lap : laps) {
    std::string& seen = lap.track_status.emplace();
    if (!lap.session_time_ms) continue;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const optional<Int> to =
          i + 1 < changes.size() ? optional(changes[i + 1].session_time_ms) : std::nullopt;
      if (!meets(lap, changes[i].session_time_ms, to)) continue;
      if (seen.find(changes[i].status) == std::string::npos) seen += changes[i].status;
    }
  }
}

void set_deleted(std::vector<Lap>& laps, const SessionLog& session) {
  if (!session.has_race_control || laps.empty()) return;
  std::vector<optional<bool>> had_best(laps.size());
  for (std::size_t i = 0; i < laps.size(); ++i) {
    laps[i].is_deleted = false;
    had_best[i] = laps[i].is_personal_best;
  }
  for (const LapDeletion& deletion : session.deletions) {
    if (deletion.driver_number != laps.front().driver_number) continue;
    const auto lap = find_deleted(laps, deletion, session.gmt_offset_s);
    if (lap == laps.end()) continue;
    lap->is_deleted = !deletion.is_reinstated;
    lap->deleted_reason = deletion.is_reinstated ? std::nullopt : optional(deletion.reason);
    lap->is_personal_best = deletion.is_reinstated ? had_best[lap - laps.begin()] : false;
  }
}

void fill_speeds(std::vector<Lap>& laps) {
  optional<Int> trap_1, trap_2, finishline, straight;
  for (Lap& lap : laps) {
    const bool may_fill = !lap.is_generated && !has_status(lap, '5');
    inherit(lap.speed_trap_1_kmh, trap_1, may_fill);
    inherit(lap.speed_trap_2_kmh, trap_2, may_fill);
    inherit(lap.speed_straight_kmh, straight, may_fill);
    inherit(lap.speed_finishline_kmh, finishline, may_fill && !lap.pit_in_time_ms);
  }
}

void set_accuracy(std::vector<Lap>& laps) {
  for (std::size_t i = 0; i < laps.size(); ++i) {
    const bool has_before = i > 0 && laps[i - 1].lap_number + 1 == laps[i].lap_number;
    laps[i].is_accurate = is_accurate(laps[i], has_before ? &laps[i - 1] : nullptr);
  }
}

void set_lap_kinds(std::vector<Lap>& laps, const SessionLog& session) {
  optional<Int> best;
  for (const Lap& lap : laps) {
    if (lap.lap_time_ms && (!best || *lap.lap_time_ms < *best)) best = lap.lap_time_ms;
  }
  for (std::size_t i = 0; i < laps.size(); ++i) {
    Lap& lap = laps[i];
    if (lap.pit_out_time_ms && lap.pit_in_time_ms) lap.lap_kind = "out_in";
    else if (lap.pit_in_time_ms) lap.lap_kind = "in";
    else if (session.is_race_like && lap.lap_number == 1) lap.lap_kind = "start";
    else if (session.is_race_like && lap.pit_out_time_ms && has_status(lap, '5')) lap.lap_kind = "restart";
    else if (lap.pit_out_time_ms) lap.lap_kind = "out";
    else if (session.is_race_like) lap.lap_kind = "race";
    else lap.lap_kind = lap.lap_time_ms && *lap.lap_time_ms * 100LL <= *best * 107LL ? "push" : "slow";
  }
}

void set_timing_screen(std::vector<Lap>& laps, const std::vector<LapDraft>& drafts, const CarLog& car) {
  const auto shown = [](Int value) { return CarEvent::is_time(value) ? optional(value) : std::nullopt; };
  auto screen = car.screens.begin();  // the first that came after the line
  for (std::size_t i = 0; i < laps.size(); ++i) {
    if (const optional<Int> line = screen_at(drafts[i], laps[i].time_alignment_ms.value_or(0))) {
      screen = std::ranges::upper_bound(screen, car.screens.end(), *line, {}, &Screen::latest_ms);
    }
    if (screen == car.screens.begin()) continue;
    const Screen& at_line = *std::prev(screen);
    laps[i].timing_position = shown(at_line.position);
    laps[i].gap_ms = shown(at_line.gap);
    laps[i].interval_ms = shown(at_line.interval);
  }
}

}  // namespace slipstream::session
