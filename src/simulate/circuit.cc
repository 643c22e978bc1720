#include "simulate/circuit.h"

#include <array>
#include <cmath>

#include "simulate/circuit_marks.h"
#include "simulate/circuit_shape.h"
#include "simulate/history.h"
#include "simulate/numbers.h"
#include "simulate/speed_profile.h"

namespace slipstream::simulate {
namespace {

constexpr double point_spacing_m = 5;
constexpr double separation_m = 32, separation_along_m = 160;
constexpr double lap_least_s = 71, lap_most_s = 103;

void set_curvature(Circuit& circuit) {
  auto& points = circuit.points;
  const std::size_t count = points.size();
  for (std::size_t n = 0; n < count; ++n) {
    const auto &a = points[(n + count - 1) % count], &b = points[n], &c = points[(n + 1) % count];
    const double ux = b.x_m - a.x_m, uy = b.y_m - a.y_m, wx = c.x_m - b.x_m, wy = c.y_m - b.y_m;
    const double vx = c.x_m - a.x_m, vy = c.y_m - a.y_m;
    const double product = std::sqrt((ux * ux + uy * uy) * (wx * wx + wy * wy) * (vx * vx + vy * vy));
    points[n].curvature_per_m = product > 0 ? 2 * (ux * wy - uy * wx) / product : 0;
  }
}

// Hills: three waves round the lap.
void set_height(Circuit& circuit, Random& random) {
  std::array<double, 3> height{}, phase{};
  for (std::size_t n = 0; n < 3; ++n) {
    height[n] = random.between(1.0, 9.0) / static_cast<double>(n + 1);
    phase[n] = random.between(0.0, 2 * pi);
  }
  const std::size_t count = circuit.points.size();
  for (std::size_t p = 0; p < count; ++p) {
    const double turn = 2 * pi * static_cast<double>(p) / static_cast<double>(count);
    for (std::size_t n = 0; n < 3; ++n) {
      circuit.points[p].z_m += height[n] * sine(turn * static_cast<double>(n + 1) + phase[n]);
    }
  }
}

Circuit circuit_of(const CentreLine& line, std::uint64_t seed, bool is_invented, int cars) {
  Circuit circuit;
  circuit.length_m = line.length_m;
  circuit.spacing_m = line.length_m / static_cast<double>(line.points.size());
  Random random(seed, Purpose::marks);
  const double phase = random.between(0.0, 2 * pi);
  for (std::size_t n = 0; n < line.points.size(); ++n) {
    const OutlinePoint& from = line.points[n];
    const double turn = 2 * pi * static_cast<double>(n) / static_cast<double>(line.points.size());
    circuit.points.push_back({from.x_m, from.y_m, from.z_m, 0, 13 + 1.5 * sine(3 * turn + phase)});
  }
  set_curvature(circuit);
  if (is_invented) set_height(circuit, random);
  mark_circuit(circuit, random, cars);
  return circuit;
}

Circuit invented_circuit(std::uint64_t seed, int cars) {
  Circuit fallback;
  for (int attempt = 0; attempt < 400; ++attempt) {
    Random random(seed, Purpose::shape, attempt);
    const auto outline = draw_polygon_circuit(random);
    if (outline.empty()) continue;
    const CentreLine line = smooth_line(outline, point_spacing_m, 5);
    if (line.length_m < 3000 || line.length_m > 6500) continue;
    if (least_separation_m(line, separation_along_m) < separation_m) continue;
    Circuit circuit = circuit_of(line, seed, true, cars);
    const double lap_s = SpeedProfile(circuit).lap_time_s();
    const bool has_corners = circuit.corners.size() >= 10 && circuit.corners.size() <= 20;
    if (has_corners && lap_s >= lap_least_s && lap_s <= lap_most_s) return circuit;
    if (fallback.points.empty()) fallback = std::move(circuit);
  }
  return fallback;
}

}  // namespace

Circuit::Spot Circuit::at(Place place, double distance_m, double offset_m) const {
  double across = offset_m, along = distance_m;
  if (place == Place::pit_lane || place == Place::garage) {
    along = distance_m + pit_lane.entry_m;
    constexpr double ramp_m = 90;  // over which the lane leaves the track, and joins it
    const double from_end = std::min(distance_m, pit_lane.length_m - distance_m);
    const double part = std::clamp(from_end / ramp_m, 0.0, 1.0);
    across += pit_lane.side_m * part * part * (3 - 2 * part);
  }
  const double place_of = wrapped(along, length_m) / spacing_m;
  const std::size_t count = points.size();
  const std::size_t n = static_cast<std::size_t>(place_of) % count;
  const Point &a = points[n], &b = points[(n + 1) % count];
  const double part = place_of - static_cast<double>(floor_of(place_of));
  const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;
  const double size = std::max(1e-9, std::sqrt(dx * dx + dy * dy));
  return {mixed(a.x_m, b.x_m, part) - dy / size * across, mixed(a.y_m, b.y_m, part) + dx / size * across,
          mixed(a.z_m, b.z_m, part)};
}

double Circuit::curvature_at(double distance_m) const {
  const auto n = static_cast<std::size_t>(distance_m / spacing_m);
  return points[n % points.size()].curvature_per_m;
}

Result<Circuit> make_circuit(const Options& options) {
  if (options.outline.empty()) return invented_circuit(options.seed, options.cars);
  if (options.outline.size() < 8) return fail(Errc::malformed, "outline: fewer than 8 points");
  const CentreLine line = smooth_line(options.outline, point_spacing_m, 3);
  if (!(line.length_m > 2000 && line.length_m < 9000)) {
    return fail(Errc::malformed, "outline: not between 2 and 9 km long");
  }
  return circuit_of(line, options.seed, false, options.cars);
}

}  // namespace slipstream::simulate
