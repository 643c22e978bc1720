// The way through the pits, from many cars' drives into them and out of them.
//
// A car stops at its own place, so hardly any drives the whole lane at once: the longest drive in and the
// longest drive out are joined where they meet, and the line is fitted through all drives. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "session/centre_line.h"

namespace slipstream::session {

// A drive through the pits; standing still shows as time without a place.
struct PitPass {
  std::vector<TimedPlace> places;   // by time
  std::optional<double> pit_in_ms;  // nothing: the car came from its garage
  double pit_out_ms = 0;
};

// From the pit entry to the pit exit. Nothing if no two drives meet.
std::optional<Path> pit_lane_of(std::span<const PitPass> passes);

}  // namespace slipstream::session
