#include "session/lap_counter.h"

#include <algorithm>

namespace slipstream::session {
using Kind = CarEvent::Kind;

std::vector<LapPatch> lap_patches(const CarLog& car, std::size_t from) {
  std::vector<LapPatch> patches;
  patches.reserve(car.events.size() - from);
  for (std::size_t i = from; i < car.events.size(); ++i) {
    const CarEvent& event = car.events[i];
    if (i == from || car.events[i - 1].message_number != event.message_number) {
      patches.push_back({i, i, event.session_time_ms, {}, {}, event.is_snapshot});
    }
    LapPatch& patch = patches.back();
    patch.end = i + 1;
    if (event.kind == Kind::lap_count) patch.lap_count = event.value;
    if (event.kind == Kind::in_pit) patch.in_pit = event.value != 0;
  }
  return patches;
}

std::span<const CarEvent> events_of(const CarLog& car, const LapPatch& patch) {
  return std::span(car.events).subspan(patch.begin, patch.end - patch.begin);
}

// One lap more in a snapshot is a line crossing that came late.
Int LapCounter::missed_by(const LapPatch& patch) const {
  const bool has_missed =
      patch.is_snapshot && patch.lap_count && *patch.lap_count > counted_ + (patch.is_first() ? 0 : 1);
  return has_missed ? *patch.lap_count - counted_ : 0;
}

LapCounter::Step LapCounter::take(const LapPatch& patch, std::span<const CarEvent> events) {
  // Laps count from the first pit exit on: a car that is pushed to the grid and back makes no laps (L2). In a
  // race that was recorded from the grid on there is no such exit: there a car that first crosses the line is
  // on track.
  const bool has_crossed = patch.lap_count && *patch.lap_count > 0;
  if (!is_start_known_ && (has_crossed || patch.in_pit)) {
    is_start_known_ = true;
    has_left_pits_ = is_race_like_ && has_crossed;
  }
  // F1's lap counter sometimes goes back when old data comes late (L1): what comes until it has caught up is
  // ignored.
  if (patch.lap_count && *patch.lap_count == counted_) in_past_ = false;
  if (patch.lap_count && *patch.lap_count < counted_) in_past_ = true;
  Step step;
  step.is_past = in_past_;
  if (in_past_) return step;
  step.missed = missed_by(patch);
  counted_ += step.missed;
  ended_ += step.missed;
  if (step.missed > 0 && lines_ == 0) has_first_data_ = false;  // of a lap that ended unseen
  step.takes_values = !patch.is_snapshot || patch.lap_count == counted_ + 1;
  step.is_late = has_just_ended(patch.session_time_ms);
  note_data(step, events);
  if (patch.in_pit == false) has_left_pits_ = true;
  step.is_line = patch.lap_count && *patch.lap_count > counted_;
  if (!step.is_line) return step;
  ++counted_;
  if (!has_left_pits_) return step;
  step.has_ended = true;
  ++ended_;
  if (lines_++ == 0) first_number_ = ended_;
  last_line_ms_ = patch.session_time_ms;
  return step;
}

LapCounter::Step LapCounter::take_from(const CarLog& car, std::size_t from) {
  Step last;
  for (const LapPatch& patch : lap_patches(car, from)) last = take(patch, events_of(car, patch));
  return last;
}

void LapCounter::note_data(const Step& step, std::span<const CarEvent> events) {
  if (has_first_data_ || !step.takes_values || lines_ > 1) return;
  has_first_data_ = std::ranges::any_of(events, [&](const CarEvent& event) {
    if (lines_ == 1 && (!step.is_late || is_of_running_lap(event))) return false;
    if (event.kind == Kind::lap_time)
      return event.value != CarEvent::cleared && event.value < doubtful_lap_time_ms;
    return event.kind == Kind::sector_time || event.kind == Kind::speed;
  });
}

}  // namespace slipstream::session
