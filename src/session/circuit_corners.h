// Corners: where the line bends, found by its curvature alone.
//
// A corner is a stretch that bends one way with a radius below 350 m and turns by more than 10 degrees; where
// the bend clearly lets up and tightens again, it is two. Its place is where it is tightest. Circuits number
// some kinks that are none by this, and take some of these as none: the numbers are ours. Pure.
#pragma once

#include <vector>

#include "session/path.h"

namespace slipstream::session {

struct FoundCorner {
  double distance_m = 0;
  double turn_rad = 0;  // positive to the left
};

// Bend of the line at each of its points, in 1/m, positive to the left; what positions cannot tell is
// smoothed away. `line` is a ring.
std::vector<double> smooth_bends(const Path& line);

// In driving order. `line` is a ring.
std::vector<FoundCorner> corners_of(const Path& line);

}  // namespace slipstream::session
