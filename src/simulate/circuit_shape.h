// The centre line of an invented circuit: a polygon around a point, which therefore never crosses itself,
// whose corners are rounded by arcs from hairpin to sweep, with chicanes on long sides. Pure; safe from any
// thread.
#pragma once

#include <vector>

#include "simulate/options.h"
#include "simulate/random.h"

namespace slipstream::simulate {

struct CentreLine {
  std::vector<OutlinePoint> points;  // closed, from the start line on, evenly spaced, smooth
  double length_m = 0;
};

// `points` closed, resampled to about `spacing_m` and smoothed.
CentreLine smooth_line(const std::vector<OutlinePoint>& points, double spacing_m, int smoothing_passes);

// One attempt: not every polygon makes a good circuit (circuit.cc tries until one does).
std::vector<OutlinePoint> draw_polygon_circuit(Random& random);

// The least distance between parts of the line that are further than `along_m` apart on it.
double least_separation_m(const CentreLine& line, double along_m);

}  // namespace slipstream::simulate
