// Lap times and the instants at which laps begin and end.
#include <algorithm>
#include <utility>

#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

// Equal values are not sent again (P6): where one of four numbers is missing and the others say that it is
// the one of the lap before, it is that one. A time that is too long to be believed alone is believed then.
// So it is with a sector and the lap time, where the two other sectors fill up the time of the lap before.
void inherit_repeated(LapDraft& lap, const LapDraft& before) {
  const auto sum = lap.sector_sum();
  if (!lap.lap_time_ms && sum && sum == before.lap_time_ms) {
    lap.lap_time_ms = sum;
    return;
  }
  auto told_ms = lap.lap_time_ms ? lap.lap_time_ms : lap.doubtful_lap_time_ms;
  if (!told_ms && !lap.pit_out_ms && !lap.lap_time_cleared) told_ms = before.lap_time_ms;
  if (!told_ms) return;
  int missing = -1;
  Int rest = *told_ms;
  for (int i = 0; i < 3; ++i) {
    if (lap.sector_ms[i]) rest -= *lap.sector_ms[i];
    else if (missing >= 0) return;
    else missing = i;
  }
  if (missing < 0 || before.sector_ms[missing] != rest) return;
  lap.sector_ms[missing] = rest;
  lap.lap_time_ms = told_ms;
}

// Behind a red flag F1 sends the time of the lap before once more (L6): the cars stood meanwhile, so the line
// crossings are far further apart.
bool repeats_behind_red_flag(const LapDraft& lap, const LapDraft& before, const SessionLog& session) {
  constexpr Int least_stop_ms = 60'000;
  if (!lap.lap_time_ms || lap.lap_time_ms != before.lap_time_ms || !lap.line_ms || !before.line_ms)
    return false;
  if (lap.sector_sum() == lap.lap_time_ms) return false;
  if (*lap.line_ms - *before.line_ms < *lap.lap_time_ms + least_stop_ms) return false;
  return std::ranges::any_of(session.session_status, [&](const StatusChange& change) {
    return change.status == "Aborted" && change.session_time_ms >= *before.line_ms &&
           change.session_time_ms <= *lap.line_ms;
  });
}

Int known_sector_sum(const LapDraft& lap) {
  Int sum = 0;
  for (const auto& sector : lap.sector_ms) sum += sector.value_or(0);
  return sum;
}

// Messages lag by different times (L8): the earliest instant that line message and sectors allow is the best.
optional<Int> earliest_end(const LapDraft& lap) {
  optional<Int> end = lap.end_ms;
  Int after = 0;
  for (int i = 2; i >= 0; --i) {
    if (!lap.sector_at_ms[i]) break;
    const Int candidate = *lap.sector_at_ms[i] + after;
    if (!end || candidate < *end) end = candidate;
    if (!lap.sector_ms[i]) break;
    after += *lap.sector_ms[i];
  }
  return end;
}

// A lap that ended cannot have ended later than the next one's end less its time.
void sync_backwards(std::vector<LapDraft>& laps) {
  for (std::size_t i = laps.size(); i-- > 1;) {
    const LapDraft& lap = laps[i];
    LapDraft& before = laps[i - 1];
    if (!lap.end_ms || !lap.lap_time_ms || !before.end_ms || !lap.follows(before)) continue;
    const Int end = *lap.end_ms - *lap.lap_time_ms;
    const bool keeps_order = i < 2 || !laps[i - 2].end_ms || end >= *laps[i - 2].end_ms;
    if (end < *before.end_ms && keeps_order) before.end_ms = end;
  }
}

void lower_sectors(LapDraft& lap, Int start) {
  Int at = start;
  for (int i = 0; i < 3 && lap.sector_ms[i]; ++i) {
    at += *lap.sector_ms[i];
    if (lap.sector_at_ms[i] && at < *lap.sector_at_ms[i]) lap.sector_at_ms[i] = at;
  }
}

void sync_forwards(std::vector<LapDraft>& laps) {
  for (std::size_t i = 0; i + 1 < laps.size(); ++i) {
    LapDraft& next = laps[i + 1];
    if (!laps[i].end_ms || !next.lap_time_ms || !next.follows(laps[i])) continue;
    if (next.end_ms) next.end_ms = std::min(*next.end_ms, *laps[i].end_ms + *next.lap_time_ms);
    lower_sectors(next, *laps[i].end_ms);
  }
}

}  // namespace

void repair_lap_times(std::vector<LapDraft>& laps, const SessionLog& session) {
  for (LapDraft& lap : laps) {
    const bool is_slow = lap.doubtful_lap_time_ms && lap.doubtful_lap_time_ms == lap.sector_sum();
    if (!lap.lap_time_ms && is_slow) lap.lap_time_ms = lap.doubtful_lap_time_ms;  // L4
    if (lap.lap_time_cleared && !lap.lap_time_ms) {
      lap.lap_time_ms = lap.sector_sum();
      lap.is_from_sectors = lap.lap_time_ms.has_value();
    }
    if (lap.lap_time_ms && known_sector_sum(lap) > *lap.lap_time_ms) lap.lap_time_ms.reset();  // L5
  }
  for (std::size_t i = 1; i < laps.size(); ++i) {
    if (!laps[i].follows(laps[i - 1])) continue;
    if (repeats_behind_red_flag(laps[i], laps[i - 1], session)) laps[i].lap_time_ms.reset();
    inherit_repeated(laps[i], laps[i - 1]);
  }
}

void set_lap_ends(std::vector<LapDraft>& laps) {
  for (std::size_t i = 0; i < laps.size(); ++i) {
    const auto end = earliest_end(laps[i]);
    const bool keeps_order = i == 0 || !laps[i - 1].end_ms || !end || *end >= *laps[i - 1].end_ms;
    if (end && keeps_order) laps[i].end_ms = end;
  }
  if (!laps.empty() && !laps.back().end_ms) {  // the lap that runs: a row only once it has ended in the pits
    if (laps.back().pit_in_ms) laps.back().end_ms = laps.back().pit_in_ms;
    else laps.pop_back();
  }
  sync_backwards(laps);
  sync_forwards(laps);
}

void set_lap_starts(std::vector<LapDraft>& laps, const SessionLog& session) {
  const auto started = std::ranges::find(session.session_status, "Started", &StatusChange::status);
  const bool has_started = started != session.session_status.end();
  for (std::size_t i = 0; i < laps.size(); ++i) {
    LapDraft& lap = laps[i];
    if (i > 0 && lap.follows(laps[i - 1])) lap.start_ms = laps[i - 1].end_ms;
    else if (lap.lap_number == 1 && session.is_race_like && has_started)
      lap.start_ms = started->session_time_ms;
    else if (lap.pit_out_ms || lap.lap_number == 1) lap.start_ms = lap.pit_out_ms;
    else if (lap.end_ms && lap.lap_time_ms) lap.start_ms = *lap.end_ms - *lap.lap_time_ms;
  }
  if (!laps.empty() && has_started && laps.front().pit_out_ms &&
      *laps.front().pit_out_ms < started->session_time_ms) {
    laps.front().pit_out_ms.reset();  // driven to the grid, not into the race (L11)
  }
  bool was_aborted = false;
  for (const StatusChange& change : session.session_status) {
    if (change.status == "Aborted") was_aborted = true;
    if (change.status != "Started" || !std::exchange(was_aborted, false)) continue;
    const auto restarted = std::ranges::find_if(laps, [&](const LapDraft& lap) {
      return lap.pit_out_ms && *lap.pit_out_ms > change.session_time_ms;
    });
    if (restarted == laps.end()) continue;
    if (!session.is_race_like) restarted->start_ms = restarted->pit_out_ms;
    else if (!restarted->lap_time_ms) restarted->start_ms = change.session_time_ms;
  }
}

}  // namespace slipstream::session
