// The texts inside feed messages: times, gaps, clocks and numbers as F1 prints them.
//
// Every parser reads the whole text or fails; none of them trims. Errors, for all of them alike:
//   not_found  empty text: the feed's way to clear a value (a key that is missing says nothing at all).
//   malformed  anything else; the message quotes the text.
// Source: counted over all TimingData, TopThree and TimingStats messages of ten recordings, 2020-2026.
// Pure; safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"

namespace slipstream::feed {

// Lap and sector times: "1:18.366", "28.104", "1:02:03.456". Always three decimals; minutes and seconds below
// 60 unless they are the leading part ("15:04.123", "72.400").
Result<std::chrono::milliseconds> parse_lap_time(std::string_view text);

// Times of pit lane and pit stop, which come with fewer decimals: "2.4", "23.451", "1:02.3", "24".
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// Distance to the leader or to the car ahead; exactly one of the three is set.
struct Gap {
  std::optional<std::chrono::milliseconds> time{};  // "+9.999", "+1:09.473"; "-0.021" is negative
  std::optional<std::int32_t> laps_down{};          // "9L", "9 L", "+1 LAP", "2 LAPS"
  std::optional<std::int32_t> leader_lap{};         // "LAP 54": this car leads and is in that lap

  bool is_leader_lap() const { return leader_lap.has_value(); }
  friend bool operator==(const Gap&, const Gap&) = default;
};

// GapToLeader, IntervalToPositionAhead.Value, TimeDiffToFastest, TopThree's DiffToLeader.
Result<Gap> parse_gap(std::string_view text);

// A session clock, ExtrapolatedClock.Remaining: "00:17:59" -> 17 min 59 s. Hours may pass 23.
Result<std::chrono::milliseconds> parse_clock(std::string_view text);

// Whole numbers, also when printed as a float: "12", "-3", "1023.0". "10.5" is malformed.
Result<std::int64_t> parse_int(std::string_view text);

// Decimal numbers: "28.4", "-0.5", "1014". Not "nan", "inf" or hexadecimal.
Result<double> parse_decimal(std::string_view text);

// Flags that come as text: "true", "True", "1" and "false", "False", "0" (P10).
Result<bool> parse_flag(std::string_view text);

}  // namespace slipstream::feed
