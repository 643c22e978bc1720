// The two clocks of a session, and the texts that the feed prints them in.
//
// SessionTime  milliseconds since the session's zero: the offset that F1 writes in front of an archive line,
//              else since the recording's first message.
// UtcTime      an instant, UTC, to the millisecond (F1's stamps have up to seven decimals; they are rounded
//              like FastF1 does: cut to microseconds, then to the nearest millisecond, half to even).
// Pure; safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace slipstream {

using SessionTime = std::chrono::milliseconds;
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// "2025-10-25T20:46:27.009Z", "...:11.1110449Z", "2025-10-25T21:00:00" (no zone = UTC); 0 to 9 decimals.
// Errors  malformed: anything else; the message quotes the text.
Result<UtcTime> parse_utc(std::string_view text);

// "2025-10-25T20:46:27.009Z", always three decimals.
std::string format_utc(UtcTime time);

// "00:13:37.110" as archive and dump print it; hours may have more digits.
Result<SessionTime> parse_session_time(std::string_view text);

// "01:13:37.110"
std::string format_session_time(SessionTime time);

// "-06:00:00", "05:30:00" (SessionInfo.GmtOffset) in seconds.
Result<std::int32_t> parse_gmt_offset_s(std::string_view text);

}  // namespace slipstream
