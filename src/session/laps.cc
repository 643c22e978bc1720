#include "session/laps.h"

#include <algorithm>

#include "session/lap_details.h"
#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

using record::Lap;

Lap row_of(const LapDraft& draft, const CarLog& car, const SessionLog& session, Int lap_number) {
  Lap lap;
  lap.driver_number = car.driver_number;
  lap.lap_number = lap_number;
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
  if (draft.lap_time_ms) lap.lap_time_source = draft.is_from_sectors ? "sectors" : "feed";
  if (draft.end_ms) lap.session_part = session_part_at(*draft.end_ms, session);
  return lap;
}

}  // namespace

std::vector<Lap> build_laps(const CarLog& car, const SessionLog& session) {
  std::vector<LapDraft> drafts = collect_laps(car, session);
  repair_lap_times(drafts);
  set_lap_ends(drafts);
  set_lap_starts(drafts, session);
  mark_personal_bests(drafts, car, session);
  // Beyond this point the times stand; what follows is read beside them.
  std::vector<Lap> laps;
  for (const LapDraft& draft : drafts) {
    laps.push_back(row_of(draft, car, session, static_cast<Int>(laps.size()) + 1));
  }
  set_tyres(laps, car);
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
  for (Lap* lap : laps) {
    lap->position.reset();
    if (lap->session_time_ms && !lap->is_generated) ranked.push_back(lap);
  }
  std::ranges::stable_sort(ranked, {}, [](const Lap* lap) { return *lap->session_time_ms; });
  Int position = 0;
  for (Lap* lap : ranked) lap->position = ++position;
}

optional<Int> session_part_at(Int session_time_ms, const SessionLog& session) {
  if (session.part_starts_ms.empty()) return std::nullopt;
  Int part = 0;
  for (const Int start : session.part_starts_ms) part += session_time_ms >= start ? 1 : 0;
  return std::max(part, 1);
}

}  // namespace slipstream::session
