// From a car's events to its laps: where each ends, and which value belongs to which.
//
// F1's line crossing is NumberOfLaps going up. What belongs to the lap before often comes a little later
// (L3), and a pit exit a moment before the line belongs to the lap after it (L9): hence two passes, the first
// to find the line crossings, the second to hand out the values.
#include <algorithm>

#include "session/lap_draft.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;

// A lap time of this length or more is believed only if the sectors add up to it: between the parts of a
// qualifying F1 sends the time in the garage as a lap time.
constexpr Int doubtful_lap_time_ms = 150'000;

// A message's events of one car, and what it says of laps and pits.
struct Patch {
  std::size_t begin = 0, end = 0;  // in CarLog::events
  Int session_time_ms = 0;
  optional<Int> lap_count;
  optional<bool> in_pit;
  bool is_snapshot = false;

  // Laps that ended before the recording began, or while it was interrupted; 0 in a patch of any other kind.
  // One lap more in a snapshot is a line crossing that came late.
  Int missed_laps(Int counted, bool is_first) const {
    const bool has_missed = is_snapshot && lap_count && *lap_count > counted + (is_first ? 0 : 1);
    return has_missed ? *lap_count - counted : 0;
  }
};

struct LineCrossing {
  Int session_time_ms, lap_number;
};

std::vector<Patch> patches_of(const CarLog& car) {
  std::vector<Patch> patches;
  patches.reserve(car.events.size());
  for (std::size_t i = 0; i < car.events.size(); ++i) {
    const CarEvent& event = car.events[i];
    if (i == 0 || car.events[i - 1].message_number != event.message_number) {
      patches.push_back({i, i, event.session_time_ms, {}, {}, event.is_snapshot});
    }
    Patch& patch = patches.back();
    patch.end = i + 1;
    if (event.kind == Kind::lap_count) patch.lap_count = event.value;
    if (event.kind == Kind::in_pit) patch.in_pit = event.value != 0;
  }
  return patches;
}

// F1's lap counter sometimes goes back when old data comes late (L1): what comes until it has caught up is
// ignored.
class PastFilter {
 public:
  bool is_past(const Patch& patch, Int lap_count) {
    if (patch.lap_count && *patch.lap_count == lap_count) in_past_ = false;
    if (patch.lap_count && *patch.lap_count < lap_count) in_past_ = true;
    return in_past_;
  }

 private:
  bool in_past_ = false;
};

// Laps count from the first pit exit on: a car that is pushed to the grid and back makes no laps (L2). In a
// race that was recorded from the grid on there is no such exit: there a car that first crosses the line is
// on track.
bool starts_on_track(const std::vector<Patch>& patches, const SessionLog& session) {
  if (!session.is_race_like) return false;
  for (const Patch& patch : patches) {
    if (patch.lap_count && *patch.lap_count > 0) return true;
    if (patch.in_pit) return false;
  }
  return true;
}

std::vector<LineCrossing> line_crossings(const std::vector<Patch>& patches, bool on_track) {
  std::vector<LineCrossing> lines;
  lines.reserve(patches.size() / 4);  // three sectors and what comes between
  PastFilter filter;
  bool has_left_pits = on_track;
  Int counted = 0, number = 0;
  for (const Patch& patch : patches) {
    if (filter.is_past(patch, counted)) continue;
    if (patch.in_pit == false) has_left_pits = true;
    if (const Int missed = patch.missed_laps(counted, patch.begin == 0)) {
      counted += missed;
      number += missed;
    }
    if (!patch.lap_count || *patch.lap_count <= counted) continue;
    ++counted;
    if (has_left_pits) lines.push_back({patch.session_time_ms, ++number});
  }
  return lines;
}

class Collector {
 public:
  Collector(const CarLog& car, std::vector<LineCrossing> lines, bool on_track)
      : car_(car), lines_(std::move(lines)), laps_(lines_.size() + 2), has_left_pits_(on_track) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      laps_[i].end_ms = laps_[i].line_ms = lines_[i].session_time_ms;
      laps_[i].lap_number = lines_[i].lap_number;
    }
  }

  void take(const Patch& patch) {
    if (filter_.is_past(patch, counted_)) return;
    if (const Int missed = patch.missed_laps(counted_, is_first(patch))) {
      counted_ += missed;
      number_ += missed;
      LapDraft fresh;  // what was known of the lap that ran belongs to one that ended unseen
      fresh.end_ms = laps_[current_].end_ms;
      fresh.line_ms = laps_[current_].line_ms;
      fresh.lap_number = laps_[current_].lap_number;
      laps_[current_] = fresh;
    }
    if (!patch.is_snapshot || patch.lap_count == counted_ + 1) take_values(patch);
    const bool is_line = patch.lap_count && *patch.lap_count > counted_;
    if (patch.in_pit) take_pit(patch, is_line);
    if (!is_line) return;
    ++counted_;
    if (!has_left_pits_) return;
    ++current_;
    ++number_;
  }

  // The laps with data; the one that runs is the last.
  std::vector<LapDraft> finish() && {
    laps_.resize(current_ + 1);
    laps_.back().lap_number = number_ + 1;
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
  void take_values(const Patch& patch) {
    const bool is_late =
        current_ > 0 && patch.session_time_ms - lines_[current_ - 1].session_time_ms < late_value_ms;
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
        // The speed trap on the straight is behind the line: ST always belongs to the lap that runs.
        (event.index == 3 ? laps_[current_] : lap).speed_kmh[event.index] = event.value;
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

  static bool is_first(const Patch& patch) { return patch.begin == 0; }

  void take_pit(const Patch& patch, bool is_line) {
    if (*patch.in_pit) {
      if (has_left_pits_) laps_[current_].pit_in_ms = patch.session_time_ms;
      return;
    }
    has_left_pits_ = true;
    if (patch.is_snapshot && is_first(patch) && number_ > 0) return;  // out, who knows since when
    const bool line_follows =
        is_line || (current_ < lines_.size() &&
                    lines_[current_].session_time_ms - patch.session_time_ms < late_value_ms);
    laps_[line_follows ? current_ + 1 : current_].pit_out_ms = patch.session_time_ms;
  }

  const CarLog& car_;
  const std::vector<LineCrossing> lines_;
  std::vector<LapDraft> laps_;
  std::size_t current_ = 0;  // laps completed = index of the lap that runs
  Int counted_ = 0;          // lines crossed, those before the first pit exit too
  Int number_ = 0;           // number of the lap that ended last, those that were missed counted
  bool has_left_pits_;
  PastFilter filter_;
};

}  // namespace

bool LapDraft::has_data() const {
  const auto known = [](const auto& value) { return value.has_value(); };
  return lap_time_ms || std::ranges::any_of(sector_ms, known) || std::ranges::any_of(speed_kmh, known);
}

std::vector<LapDraft> collect_laps(const CarLog& car, const SessionLog& session) {
  const std::vector<Patch> patches = patches_of(car);
  const bool on_track = starts_on_track(patches, session);
  Collector collector(car, line_crossings(patches, on_track), on_track);
  for (const Patch& patch : patches) collector.take(patch);
  auto laps = std::move(collector).finish();
  if (!laps.empty()) {
    LapDraft& first = laps.front();
    if (first.pit_in_ms && first.pit_out_ms && *first.pit_in_ms < *first.pit_out_ms) first.pit_in_ms.reset();
  }
  return laps;
}

}  // namespace slipstream::session
