#include "session/laps.h"

#include <algorithm>

#include "session/lap_details.h"
#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

using record::Lap;

// The first lap of a race has no time in the feed (L7): it ran from the start to the line.
void time_first_lap(std::vector<LapDraft>& laps, const SessionLog& session) {
  if (!session.is_race_like || laps.empty() || laps.front().lap_number != 1) return;
  LapDraft& first = laps.front();
  if (first.lap_time_ms || first.is_generated) return;
  if (!first.start_ms || !first.end_ms || *first.end_ms <= *first.start_ms) return;
  first.lap_time_ms = *first.end_ms - *first.start_ms;
  first.is_from_line = true;
}

// Who wins drives on, and into the pits perhaps, before F1 says that the race is finished (L14): that is no
// lap of the race.
void drop_lap_beyond_distance(std::vector<LapDraft>& laps, const SessionLog& session) {
  if (!session.is_race_like || !session.total_laps || laps.empty()) return;
  if (laps.back().lap_number > *session.total_laps && !laps.back().line_ms) laps.pop_back();
}

std::string_view time_source(const LapDraft& draft) {
  if (draft.is_from_line) return "line";
  return draft.is_from_sectors ? "sectors" : "feed";
}

Lap row_of(const LapDraft& draft, const CarLog& car, const SessionLog& session) {
  Lap lap;
  lap.driver_number = car.driver_number;
  lap.lap_number = draft.lap_number;
  lap.driver_code = car.driver_code;
  lap.team_name = car.team_name;
  lap.lap_time_ms = draft.lap_time_ms;
  lap.session_time_ms = draft.end_ms;
  lap.lap_start_session_time_ms = draft.start_ms;
  if (session.zero_date) {
    if (draft.start_ms) lap.lap_start_date = *session.zero_date + SessionTime(*draft.start_ms);
    if (draft.end_ms) lap.lap_end_date = *session.zero_date + SessionTime(*draft.end_ms);
  }
  lap.pit_out_time_ms = draft.pit_out_ms;
  lap.pit_in_time_ms = draft.pit_in_ms;
  lap.sector1_time_ms = draft.sector_ms[0];
  lap.sector2_time_ms = draft.sector_ms[1];
  lap.sector3_time_ms = draft.sector_ms[2];
  lap.sector1_session_time_ms = draft.sector_at_ms[0];
  lap.sector2_session_time_ms = draft.sector_at_ms[1];
  lap.sector3_session_time_ms = draft.sector_at_ms[2];
  lap.speed_trap_1_kmh = draft.speed_kmh[0];
  lap.speed_trap_2_kmh = draft.speed_kmh[1];
  lap.speed_finishline_kmh = draft.speed_kmh[2];
  lap.speed_straight_kmh = draft.speed_kmh[3];
  lap.is_personal_best = draft.is_personal_best;
  lap.is_generated = draft.is_generated;
  if (draft.lap_time_ms) lap.lap_time_source = std::string(time_source(draft));
  if (draft.end_ms) lap.session_part = session_part_at(*draft.end_ms, session);
  return lap;
}

}  // namespace

std::vector<LapDraft> draft_laps(const CarLog& car, const SessionLog& session) {
  std::vector<LapDraft> laps = collect_laps(car, session);
  repair_lap_times(laps, session);
  set_lap_ends(laps);
  drop_lap_beyond_distance(laps, session);
  mark_personal_bests(laps, car, session);
  if (auto last = retired_lap(laps, car, session)) laps.push_back(std::move(*last));
  return laps;
}

std::vector<Lap> build_laps(std::vector<LapDraft> drafts, const CarLog& car, const SessionLog& session,
                            optional<Int> shift_ms) {
  for (LapDraft& draft : drafts) {
    if (draft.end_ms) *draft.end_ms += shift_ms.value_or(0);
  }
  set_lap_starts(drafts, session);
  time_first_lap(drafts, session);
  // Beyond this point the times stand; what follows is read beside them.
  std::vector<Lap> laps;
  laps.reserve(drafts.size());
  for (const LapDraft& draft : drafts) {
    laps.push_back(row_of(draft, car, session));
    if (shift_ms) laps.back().time_alignment_ms = -*shift_ms;
  }
  set_tyres(laps, car, session);
  set_track_status(laps, session);
  fill_speeds(laps);
  set_accuracy(laps);
  set_deleted(laps, session);
  set_lap_kinds(laps, session);
  set_timing_screen(laps, drafts, car);
  return laps;
}

void rank_laps(std::span<Lap* const> laps) {
  std::vector<Lap*> ranked;
  ranked.reserve(laps.size());
  for (Lap* lap : laps) {
    lap->position.reset();
    if (lap->session_time_ms && !lap->is_generated) ranked.push_back(lap);
  }
  std::ranges::stable_sort(ranked, {}, [](const Lap* lap) { return *lap->session_time_ms; });
  Int position = 0;
  for (Lap* lap : ranked) lap->position = ++position;
}

optional<Int> session_part_at(Int session_time_ms, const SessionLog& session) {
  if (!session.is_qualifying && session.part_starts_ms.empty()) return std::nullopt;
  Int part = 0;
  for (const Int start : session.part_starts_ms) part += session_time_ms >= start ? 1 : 0;
  return std::max(part, 1);
}

}  // namespace slipstream::session
