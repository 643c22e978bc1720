// Pit stops of races and sprints, from three sources (D14): PitStopSeries knows how long the car stood,
// PitLaneTimeCollection how long it was in the pit lane, TimingData when it went in and came out.
//
// The stops are those of TimingData, which is always there: every drive into the pits from lap 1 on, as F1's
// NumberOfPitStops counts; one without an exit is where the car's race ended. The way to the grid and the way
// back behind the flag are in no lap. The other two add what they know of the lap, and name the row's source.
// Pure; one thread at a time.
#pragma once

#include <vector>

#include "record/rows.h"

namespace slipstream::session {

using record::Int;
using std::optional;

// What one of the two topics says of a stop.
struct PitTime {
  Int lap_number = 0;  // as F1 counts: the lap that ended in the pit lane, or the next
  optional<Int> lane_ms, stationary_ms;
};

struct PitTimes {
  std::vector<PitTime> series, lane_times;
  // Takes one in; what is said twice is kept once. Not more than limits::laps_max.
  static void add(std::vector<PitTime>& times, const PitTime& time);
};

// The stops of one car in order.
std::vector<record::PitStop> build_pit_stops(const std::vector<record::Lap>& laps, const PitTimes& times,
                                             bool is_in_pit);

}  // namespace slipstream::session
