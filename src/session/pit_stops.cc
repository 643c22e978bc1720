#include "session/pit_stops.h"

#include <algorithm>
#include <cstdlib>

#include "core/limits.h"

namespace slipstream::session {
namespace {

using record::Lap;
using record::PitStop;

// Of the lap, or of the one behind it: F1 counts a stop behind the line in the next lap.
const PitTime* time_of(const std::vector<PitTime>& times, Int lap_number) {
  for (const Int number : {lap_number, lap_number + 1}) {
    const auto found = std::ranges::find(times, number, &PitTime::lap_number);
    if (found != times.end()) return &*found;
  }
  return nullptr;
}

void add_times(PitStop& stop, const PitTimes& times) {
  if (stop.pit_in_time_ms && stop.pit_out_time_ms)
    stop.lane_duration_ms = *stop.pit_out_time_ms - *stop.pit_in_time_ms;
  stop.source = "timing";
  if (!stop.lap_number) return;
  if (const PitTime* time = time_of(times.lane_times, *stop.lap_number)) {
    stop.lane_duration_ms = time->lane_ms;
    stop.source = "pit_lane_times";
  }
  if (const PitTime* time = time_of(times.series, *stop.lap_number)) {
    if (time->lane_ms) stop.lane_duration_ms = time->lane_ms;
    stop.stationary_duration_ms = time->stationary_ms;
    stop.source = "series";
  }
}

}  // namespace

void PitTimes::add(std::vector<PitTime>& times, const PitTime& time) {
  const auto known = std::ranges::find(times, time.lap_number, &PitTime::lap_number);
  if (known != times.end()) *known = time;
  else if (times.size() < static_cast<std::size_t>(limits::laps_max)) times.push_back(time);
}

std::vector<PitStop> build_pit_stops(const std::vector<Lap>& laps, const PitTimes& times, bool is_in_pit) {
  std::vector<PitStop> stops;
  for (std::size_t i = 0; i < laps.size(); ++i) {
    const Lap& lap = laps[i];
    if (!lap.pit_in_time_ms) continue;
    const bool is_last = i + 1 == laps.size();
    const auto out_ms = is_last ? std::nullopt : laps[i + 1].pit_out_time_ms;
    if (is_last && !is_in_pit && !out_ms) continue;  // it is out; its next lap is still to come
    PitStop& stop = stops.emplace_back();
    stop.driver_number = lap.driver_number;
    stop.stop_number = static_cast<Int>(stops.size());
    stop.lap_number = lap.lap_number;
    stop.pit_in_time_ms = lap.pit_in_time_ms;
    stop.pit_out_time_ms = out_ms;
    add_times(stop, times);
  }
  return stops;
}

}  // namespace slipstream::session
