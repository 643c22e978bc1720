// When a season's sessions are to begin, as its Index.json says. A hint (T12): meetings come into it late,
// times move, and what is to come has no path yet. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::feed {

struct ScheduledSession {
  std::string meeting_name, session_name;  // "Mexico City Grand Prix", "Qualifying"
  UtcTime start, end;                      // scheduled; without an end two hours behind the start
  std::int32_t gmt_offset_s = 0;           // of the track
};

// In order of start; entries without a name or a start are left out. Errors: malformed, no list of meetings.
Result<std::vector<ScheduledSession>> parse_schedule(std::string_view index_json);

// The first that is not over at `now`; nullptr: none is known.
const ScheduledSession* next_session(const std::vector<ScheduledSession>& schedule, UtcTime now);

}  // namespace slipstream::feed
