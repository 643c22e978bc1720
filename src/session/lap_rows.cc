// From a car's events to its laps: where each ends, and which value belongs to which.
//
// F1's line crossing is NumberOfLaps going up. What belongs to the lap before often comes a little later
// (L3), and a pit exit a moment before the line belongs to the lap after it (L9): hence two passes, the first
// to find the line crossings, the second to hand out the values.
#include <algorithm>

#include "session/lap_counter.h"
#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;

struct LineCrossing {
  Int session_time_ms, lap_number;
};

std::vector<LineCrossing> line_crossings(const CarLog& car, const std::vector<LapPatch>& patches,
                                         bool is_race_like) {
  std::vector<LineCrossing> lines;
  lines.reserve(patches.size() / 4);  // three sectors and what comes between
  LapCounter counter(is_race_like);
  for (const LapPatch& patch : patches) {
    if (counter.take(patch, events_of(car, patch)).has_ended)
      lines.push_back({patch.session_time_ms, counter.ended()});
  }
  return lines;
}

class Collector {
 public:
  Collector(const CarLog& car, std::vector<LineCrossing> lines, bool is_race_like)
      : car_(car), lines_(std::move(lines)), laps_(lines_.size() + 2), counter_(is_race_like) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      laps_[i].end_ms = laps_[i].line_ms = lines_[i].session_time_ms;
      laps_[i].lap_number = lines_[i].lap_number;
    }
  }

  void take(const LapPatch& patch) {
    const LapCounter::Step step = counter_.take(patch, events_of(car_, patch));
    if (step.is_past) return;
    if (step.missed > 0) {
      LapDraft fresh;  // what was known of the lap that ran belongs to one that ended unseen
      fresh.end_ms = laps_[current_].end_ms;
      fresh.line_ms = laps_[current_].line_ms;
      fresh.lap_number = laps_[current_].lap_number;
      laps_[current_] = fresh;
    }
    if (step.takes_values) take_values(patch, step.is_late);
    if (patch.in_pit) take_pit(patch, step.is_line);
    if (step.has_ended) ++current_;
  }

  // The laps with data; the one that runs is the last.
  std::vector<LapDraft> finish() && {
    laps_.resize(current_ + 1);
    laps_.back().lap_number = counter_.ended() + 1;
    if (!laps_.back().has_data() && !laps_.back().pit_in_ms) laps_.pop_back();
    if (!laps_.empty() && !laps_.front().has_data()) {
      const LapDraft none = laps_.front();
      laps_.erase(laps_.begin());
      if (!laps_.empty() && !laps_.front().pit_out_ms) laps_.front().pit_out_ms = none.pit_out_ms;
      if (none.lap_number == 1) {
        for (LapDraft& lap : laps_) --lap.lap_number;
      }
    }
    return std::move(laps_);
  }

 private:
  void take_values(const LapPatch& patch, bool is_late) {
    LapDraft& lap = laps_[is_late ? current_ - 1 : current_];
    for (std::size_t i = patch.begin; i < patch.end; ++i) take_value(car_.events[i], lap);
  }

  void take_value(const CarEvent& event, LapDraft& lap) {
    switch (event.kind) {
      case Kind::sector_time:
        lap.sector_ms[event.index] = event.value;
        lap.sector_at_ms[event.index] = event.session_time_ms;
        return;
      case Kind::lap_time: take_lap_time(event.value, lap); return;
      case Kind::speed:
        (is_of_running_lap(event) ? laps_[current_] : lap).speed_kmh[event.index] = event.value;
        return;
      default: return;
    }
  }

  static void take_lap_time(Int value, LapDraft& lap) {
    if (value == CarEvent::cleared) {
      lap.lap_time_cleared = true;
    } else if (value < doubtful_lap_time_ms) {
      lap.lap_time_ms = value;
      lap.lap_time_cleared = false;
    } else {
      lap.doubtful_lap_time_ms = value;  // the sectors may come after it
    }
  }

  void take_pit(const LapPatch& patch, bool is_line) {
    if (*patch.in_pit) {
      if (counter_.has_left_pits()) laps_[current_].pit_in_ms = patch.session_time_ms;
      return;
    }
    if (patch.is_snapshot && patch.is_first() && counter_.ended() > 0) return;  // out, who knows since when
    const bool line_follows =
        is_line || (current_ < lines_.size() &&
                    lines_[current_].session_time_ms - patch.session_time_ms < late_value_ms);
    laps_[line_follows ? current_ + 1 : current_].pit_out_ms = patch.session_time_ms;
  }

  const CarLog& car_;
  const std::vector<LineCrossing> lines_;
  std::vector<LapDraft> laps_;
  std::size_t current_ = 0;  // index of the lap that runs
  LapCounter counter_;
};

}  // namespace

bool LapDraft::has_data() const {
  const auto known = [](const auto& value) { return value.has_value(); };
  return lap_time_ms || std::ranges::any_of(sector_ms, known) || std::ranges::any_of(speed_kmh, known);
}

std::vector<LapDraft> collect_laps(const CarLog& car, const SessionLog& session) {
  const std::vector<LapPatch> patches = lap_patches(car);
  Collector collector(car, line_crossings(car, patches, session.is_race_like), session.is_race_like);
  for (const LapPatch& patch : patches) collector.take(patch);
  auto laps = std::move(collector).finish();
  if (!laps.empty()) {
    LapDraft& first = laps.front();
    if (first.pit_in_ms && first.pit_out_ms && *first.pit_in_ms < *first.pit_out_ms) first.pit_in_ms.reset();
  }
  return laps;
}

}  // namespace slipstream::session
