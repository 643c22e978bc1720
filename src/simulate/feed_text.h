// How F1 prints what it sends. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"

namespace slipstream::simulate {

std::string feed_time(std::int32_t ms);             // "27.339", "1:17.850": laps and sectors
std::string feed_gap(std::int32_t ms);              // "+0.431", "+60.189"
std::string feed_duration(std::int32_t ms);         // "2.4": pit stops, to the tenth
std::string feed_clock(std::int32_t ms);            // "00:17:59", cut to the second
std::string feed_offset(std::int32_t ms);           // "00:13:36.231": in front of an archive's lines
std::string feed_gmt_offset(std::int32_t seconds);  // "-06:00:00", "03:00:00"
// "2025-10-25T21:00:00.13Z": F1 drops zeros at the end of the fraction.
std::string feed_utc(UtcTime time);
std::string feed_utc_seconds(UtcTime time);      // "2025-10-25T21:00:00"
std::string feed_utc_ticks(std::int64_t ticks);  // of 100 ns since 1970: "2025-10-25T20:46:41.1110449Z"
std::string feed_date(UtcTime time);             // "2025-10-25"

}  // namespace slipstream::simulate
