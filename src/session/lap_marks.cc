// Which laps were a car's best when they were driven, from what F1 sent as its best, not from the times: F1
// sends the old best again when a lap is deleted, so a faster one before it no longer counts (L17).
#include <algorithm>

#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

std::size_t part_of(Int session_time_ms, const SessionLog& session) {
  std::size_t part = 0;
  for (const Int start : session.part_starts_ms) part += session_time_ms >= start ? 1 : 0;
  return part;
}

}  // namespace

void mark_personal_bests(std::vector<LapDraft>& laps, const CarLog& car, const SessionLog& session) {
  optional<std::size_t> part;
  optional<Int> fastest_later;
  for (auto event = car.events.rbegin(); event != car.events.rend(); ++event) {
    if (event->kind != CarEvent::Kind::best_lap) continue;
    const std::size_t event_part = part_of(event->session_time_ms, session);
    if (part != event_part) fastest_later.reset();
    part = event_part;
    if (fastest_later && event->value <= *fastest_later) continue;
    if (!fastest_later) fastest_later = event->value;
    const auto lap = std::ranges::find_if(laps, [&](const LapDraft& draft) {
      // A lap of another part may have the same time.
      return draft.lap_time_ms == event->value && draft.end_ms && part_of(*draft.end_ms, session) == part;
    });
    if (lap != laps.end()) lap->is_personal_best = true;
  }
}

}  // namespace slipstream::session
