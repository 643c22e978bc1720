// Which lap a car is in: the one rule by which laps are numbered, while messages come and when laps are
// built.
//
// F1's NumberOfLaps is not the number: it counts the line in front of the garages before the first lap, so in
// some qualifyings it runs one ahead of the laps that were driven (L2b), and it goes back where old data
// comes late (L1). Included by session/ only. Values; one thread at a time.
#pragma once

#include <span>

#include "session/logs.h"

namespace slipstream::session {

// A message's events of one car, and what it says of laps and pits.
struct LapPatch {
  std::size_t begin = 0, end = 0;  // in CarLog::events
  Int session_time_ms = 0;
  optional<Int> lap_count;
  optional<bool> in_pit;
  bool is_snapshot = false;

  bool is_first() const { return begin == 0; }
};

// The events [from, end) as patches: those of one message are one.
std::vector<LapPatch> lap_patches(const CarLog& car, std::size_t from = 0);
std::span<const CarEvent> events_of(const CarLog& car, const LapPatch& patch);

// A lap time of this length or more is believed only if the sectors add up to it: between the parts of a
// qualifying F1 sends the time in the garage as a lap time.
inline constexpr Int doubtful_lap_time_ms = 150'000;

// The speed trap on the straight is behind the line: ST always belongs to the lap that runs.
inline bool is_of_running_lap(const CarEvent& event) {
  return event.kind == CarEvent::Kind::speed && event.index == 3;
}

class LapCounter {
 public:
  explicit LapCounter(bool is_race_like = false) : is_race_like_(is_race_like) {}

  // What a patch meant.
  struct Step {
    bool is_past = false;      // old data that comes late (L1): what it says is ignored
    Int missed = 0;            // laps that ended before the recording began, or while it was interrupted
    bool is_line = false;      // the line was crossed
    bool has_ended = false;    // and a lap ended there: the car had been out of the pits
    bool takes_values = true;  // its values are of a lap that is known
    bool is_late = false;      // they are of the lap that ended last, but for the trap on the straight (L3)
  };
  // Patches in the order of the log.
  Step take(const LapPatch& patch, std::span<const CarEvent> events);
  // All events from `from` on: of one message, or of the whole log.
  Step take_from(const CarLog& car, std::size_t from = 0);

  bool has_left_pits() const { return has_left_pits_; }
  bool is_past() const { return in_past_; }
  // True if a lap ended less than late_value_ms before: what comes may still be of it.
  bool has_just_ended(Int session_time_ms) const {
    return lines_ > 0 && session_time_ms - last_line_ms_ < late_value_ms;
  }
  bool has_ended_any() const { return lines_ > 0; }
  // The number of the lap that ended last, before the laps without data are left out.
  Int ended() const { return ended_; }
  // The number of the lap that runs.
  Int running() const { return ended_ + 1 - (is_first_left_out() ? 1 : 0); }
  // True if the first line came before anything was timed: that was no lap, and lap 1 is the one after it.
  bool is_first_left_out() const { return lines_ > 0 && first_number_ == 1 && !has_first_data_; }
  // And no lap has ended since.
  bool is_before_first() const { return lines_ == 1 && is_first_left_out(); }

 private:
  Int missed_by(const LapPatch& patch) const;
  void note_data(const Step& step, std::span<const CarEvent> events);

  bool is_race_like_;
  bool is_start_known_ = false;  // whether the car begins on the track
  bool has_left_pits_ = false;
  bool in_past_ = false;
  Int counted_ = 0;  // lines crossed, those before the first pit exit too
  Int ended_ = 0;
  Int lines_ = 0;         // that ended a lap
  Int last_line_ms_ = 0;  // when the last of them was crossed
  Int first_number_ = 0;  // of the lap that the first of them ended
  bool has_first_data_ = false;
};

}  // namespace slipstream::session
