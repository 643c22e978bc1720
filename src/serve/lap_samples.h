// The samples of one lap of one car, by the distance driven in it: what a page compares laps with.
//
// Distance is that of the table telemetry (record::driven_m from line to line), time counts from the line.
// Only what is known at the cursor. Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "serve/session_log.h"
#include "serve/view.h"

namespace slipstream::serve {

struct LapSample {
  std::int32_t time_ms = 0;  // since the line
  double distance_m = 0;
  std::optional<record::Int> speed_kmh, throttle_pct, gear;
  std::optional<bool> is_braking;
};

struct LapSamples {
  std::int32_t driver_number = 0, lap_number = 0;
  std::optional<record::Int> lap_time_ms;
  bool is_under_way = false;
  std::optional<double> length_m;  // of a lap under way: of the car's best lap, to draw it by
  std::vector<LapSample> samples;  // by time; none where the session has no telemetry
};

// `lap`: a number, or "best", "last" (of those that have ended) or "current"; nothing if the car has not
// driven such a lap yet. The number of the lap under way is as good as "current". Errors: malformed, `lap` is
// none of them; not_found, at `cursor_ms` there is no such car, or it has driven later laps but not this one.
Result<std::optional<LapSamples>> lap_samples(const SessionLog& log, const View& view,
                                              std::int32_t driver_number, std::string_view lap,
                                              std::int64_t cursor_ms);

// As in docs/live-protocol.md; null without a lap.
std::string encode(const std::optional<LapSamples>& lap);

}  // namespace slipstream::serve
