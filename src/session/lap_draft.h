// A lap while it is being built, and the passes that build it. Included by session/ only.
//
// The passes follow FastF1 3.9's rules, re-implemented from their description (docs/lap-rules.md names each);
// where we differ, docs/fastf1-differences.md says why. Pure.
#pragma once

#include <array>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

struct LapDraft {
  Int lap_number = 0;
  optional<Int> end_ms;  // session time at which the lap was set
  optional<Int> start_ms;
  optional<Int> lap_time_ms;
  optional<Int> doubtful_lap_time_ms;  // too long to be believed unless the sectors add up to it
  bool lap_time_cleared = false;       // F1 sent an empty lap time: the sectors may still give one
  bool is_from_sectors = false, is_from_line = false;
  std::array<optional<Int>, 3> sector_ms, sector_at_ms;
  std::array<optional<Int>, 4> speed_kmh;  // I1, I2, FL, ST
  optional<Int> pit_in_ms, pit_out_ms;
  optional<Int> line_ms;  // message time of the line crossing, before any repair
  bool is_personal_best = false;
  bool is_generated = false;  // F1 sent no such lap (lap_retired.cc)

  optional<Int> sector_sum() const {
    if (!sector_ms[0] || !sector_ms[1] || !sector_ms[2]) return std::nullopt;
    return *sector_ms[0] + *sector_ms[1] + *sector_ms[2];
  }
  bool has_data() const;
  // False where laps between the two were not recorded.
  bool follows(const LapDraft& other) const { return lap_number == other.lap_number + 1; }
};

// Pass 1 and 2 over a car's events: laps with the values as sent (lap_rows.cc). The last one runs still.
std::vector<LapDraft> collect_laps(const CarLog& car, const SessionLog& session);
// Lap times that F1 did not send or that cannot be (lap_times.cc).
void repair_lap_times(std::vector<LapDraft>& laps, const SessionLog& session);
// End of every lap; drops the one that runs (lap_times.cc).
void set_lap_ends(std::vector<LapDraft>& laps);
// Start of every lap, where the ends stand (lap_times.cc).
void set_lap_starts(std::vector<LapDraft>& laps, const SessionLog& session);
// Marks laps whose time was sent as the car's best (lap_marks.cc).
void mark_personal_bests(std::vector<LapDraft>& laps, const CarLog& car, const SessionLog& session);
// The lap in which a car stopped on track, of which F1 sends no end (lap_retired.cc).
optional<LapDraft> retired_lap(const std::vector<LapDraft>& laps, const CarLog& car,
                               const SessionLog& session);

}  // namespace slipstream::session
