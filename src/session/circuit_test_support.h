// Laps driven round a known ring, with the errors that the feed's positions have. For tests only.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "session/centre_line.h"

namespace slipstream::session {

struct DriveErrors {
  double clock_ms = 60;       // standard deviation of a lap's instants against the positions'
  double aside_m = 0.8;       // of the car's own line
  double gap_ms = 1200;       // now and then no position comes for so long
  double speed_m_per_s = 65;  // on average
};

// Speed as a car has it: slower where the ring bends, in m/ms.
inline double speed_at(const Path& ring, double at_m, const DriveErrors& errors) {
  const Place a = ring.at(at_m - 20), b = ring.at(at_m), c = ring.at(at_m + 20);
  const double x1 = b.x_dm - a.x_dm, y1 = b.y_dm - a.y_dm, x2 = c.x_dm - b.x_dm, y2 = c.y_dm - b.y_dm;
  const double bend = std::abs(std::atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2)) / 20;
  return errors.speed_m_per_s / 1000 * std::min(1.3, std::max(0.3, 1.3 / (1 + 60 * bend)));
}

// A lap that begins at `line_m` of the ring; sectors end at a third and two thirds of it.
inline DrivenLap drive(const Path& ring, double line_m, unsigned seed, const DriveErrors& errors = {}) {
  std::mt19937 random(seed);
  const auto uniform = [&random] { return static_cast<double>(random()) / 4294967296.0; };
  const auto normal = [&] { return (uniform() + uniform() + uniform() + uniform() - 2) * std::sqrt(3.0); };
  DrivenLap lap;
  const double drift_m = errors.aside_m * normal(), phase = 6 * uniform();
  double at_m = -100, next_sample_ms = 0, time_ms = 0;
  const auto passes = [&](double line, double before_m) { return before_m < line && at_m >= line; };
  for (; at_m < ring.length_m + 100; time_ms += 10) {
    const double before_m = at_m;
    at_m += 10 * speed_at(ring, line_m + at_m, errors);
    if (passes(0, before_m)) lap.start_ms = time_ms + errors.clock_ms * normal();
    if (passes(ring.length_m / 3, before_m)) lap.sector_end_ms[0] = time_ms + errors.clock_ms * normal();
    if (passes(ring.length_m * 2 / 3, before_m)) lap.sector_end_ms[1] = time_ms + errors.clock_ms * normal();
    if (passes(ring.length_m, before_m)) lap.end_ms = time_ms + errors.clock_ms * normal();
    if (time_ms < next_sample_ms) continue;
    next_sample_ms = time_ms + (uniform() < 0.03 ? errors.gap_ms : 220 + 80 * uniform());
    const Place ahead = ring.at(line_m + at_m + 1), here = ring.at(line_m + at_m);
    const double aside_dm = 10 * drift_m * std::sin(at_m / 300 + phase) + normal();
    const double step = std::hypot(ahead.x_dm - here.x_dm, ahead.y_dm - here.y_dm);
    lap.places.push_back({time_ms,
                          {std::round(here.x_dm - aside_dm * (ahead.y_dm - here.y_dm) / step),
                           std::round(here.y_dm + aside_dm * (ahead.x_dm - here.x_dm) / step), here.z_dm}});
  }
  return lap;
}

// How far each point of `line` is from the ring, in metres.
inline std::vector<double> distances_from(const Path& ring, const Path& line) {
  std::vector<double> distances;
  distances.reserve(line.points.size());
  for (const Place& place : line.points) {
    distances.push_back(std::abs(foot_on(ring, place, 0, ring.length_m).aside_m));
  }
  return distances;
}

}  // namespace slipstream::session
