// A lap while it is being built, and the passes that build it. Included by session/lap_*.cc only.
//
// The passes follow FastF1 3.9's rules, re-implemented from their description (docs/lap-rules.md names each);
// where we differ, docs/fastf1-differences.md says why. Pure.
#pragma once

#include <array>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

struct LapDraft {
  optional<Int> end_ms;  // session time at which the lap was set
  optional<Int> start_ms;
  optional<Int> lap_time_ms;
  bool lap_time_cleared = false;  // F1 sent an empty lap time: there is none, but the sectors may give one
  bool is_from_sectors = false;
  std::array<optional<Int>, 3> sector_ms, sector_at_ms;
  std::array<optional<Int>, 4> speed_kmh;  // I1, I2, FL, ST
  optional<Int> pit_in_ms, pit_out_ms;
  optional<Int> line_ms;  // message time of the line crossing, before any repair
  bool is_personal_best = false;

  optional<Int> sector_sum() const {
    if (!sector_ms[0] || !sector_ms[1] || !sector_ms[2]) return std::nullopt;
    return *sector_ms[0] + *sector_ms[1] + *sector_ms[2];
  }
  bool has_data() const;
};

// Pass 1 and 2 over a car's events: laps with the values as sent (lap_rows.cc).
std::vector<LapDraft> collect_laps(const CarLog& car, const SessionLog& session);
// Lap times that F1 did not send or that cannot be (lap_times.cc).
void repair_lap_times(std::vector<LapDraft>& laps);
// End and start of every lap (lap_times.cc).
void set_lap_ends(std::vector<LapDraft>& laps);
void set_lap_starts(std::vector<LapDraft>& laps, const SessionLog& session);
// Marks laps whose time was sent as the car's best (lap_marks.cc).
void mark_personal_bests(std::vector<LapDraft>& laps, const CarLog& car, const SessionLog& session);

}  // namespace slipstream::session
