// What a page is told besides its session (GET /api/status): what goes through the program, for the strip at
// the page's foot, and what comes next, for who waits. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.h"

namespace slipstream::serve {

struct Pipeline {
  std::int64_t messages = 0;           // of the feed, read
  std::int64_t records = 0;            // on the log because of them
  std::optional<std::int64_t> rows;    // in the warehouse's staging tables; nothing: there is no warehouse
  std::optional<std::int64_t> lag_ms;  // from a record's publishing to its commit (warehouse::SinkProgress)
  // Of a session whose truth is known: laps that the log has a time of, and those of them that it has wrong.
  std::optional<std::int64_t> laps_checked, lap_errors;
};

// Of a program that waits for sessions by itself. The schedule is a hint: the feed says when one begins.
struct NextSession {
  std::optional<std::string> meeting_name, session_name;
  std::optional<UtcTime> start_date;  // nothing: none is known
  std::optional<std::int32_t> gmt_offset_s;
  std::optional<std::string> schedule_trouble;  // why the schedule is not known
  bool is_feed_connected = false;
};

// {"pipeline": ..., "next_session": ...}; each `null` where there is none.
std::string encode_status(const std::optional<Pipeline>& pipeline, const std::optional<NextSession>& next);

}  // namespace slipstream::serve
