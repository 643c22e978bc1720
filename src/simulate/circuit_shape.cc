#include "simulate/circuit_shape.h"

#include <cmath>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

struct Corner2 {
  double x_m, y_m;
  double radius_m;
};

// Room that the start needs: the grid and the pit entry in front of the line, the pit exit behind it.
constexpr double straight_before_line_m = 310, straight_after_line_m = 430;

double distance(double ax, double ay, double bx, double by) {
  return std::sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
}

double drawn_radius(Random& random) {
  const double kind = random.uniform();
  if (kind < 0.25) return random.between(13, 24);
  if (kind < 0.70) return random.between(30, 85);
  return random.between(110, 260);
}

std::vector<Corner2> draw_corners(Random& random) {
  const int count = random.between(10, 16);
  const int straight = random.below(count), second_straight = (straight + count / 2) % count;
  const double flat = random.between(0.55, 0.95), turned = random.between(0.0, 2 * pi);
  std::vector<Corner2> corners;
  for (int n = 0; n < count; ++n) {
    const double angle = 2 * pi * (n + random.between(-0.33, 0.33)) / count;
    const bool is_straight = n == straight || n == second_straight;
    const double reach = random.between(0.42, 1.0);
    const double radius_m = drawn_radius(random);
    if (is_straight) continue;
    const double x = reach * cosine(angle), y = reach * flat * sine(angle);
    corners.push_back(
        {x * cosine(turned) - y * sine(turned), x * sine(turned) + y * cosine(turned), radius_m});
  }
  return corners;
}

double perimeter(const std::vector<Corner2>& corners) {
  double sum = 0;
  for (std::size_t n = 0; n < corners.size(); ++n) {
    const Corner2& a = corners[n];
    const Corner2& b = corners[(n + 1) % corners.size()];
    sum += distance(a.x_m, a.y_m, b.x_m, b.y_m);
  }
  return sum;
}

// Brings the longest side, which the start gets, to the front.
void rotate_longest_first(std::vector<Corner2>& corners) {
  std::size_t best = 0;
  double longest = 0;
  for (std::size_t n = 0; n < corners.size(); ++n) {
    const Corner2& b = corners[(n + 1) % corners.size()];
    const double side = distance(corners[n].x_m, corners[n].y_m, b.x_m, b.y_m);
    if (side > longest) {
      longest = side;
      best = n;
    }
  }
  std::rotate(corners.begin(), corners.begin() + static_cast<std::ptrdiff_t>(best), corners.end());
}

// Two turns to and fro on long sides.
std::vector<Corner2> with_chicanes(const std::vector<Corner2>& corners, Random& random) {
  std::vector<Corner2> out;
  for (std::size_t n = 0; n < corners.size(); ++n) {
    const Corner2& a = corners[n];
    const Corner2& b = corners[(n + 1) % corners.size()];
    out.push_back(a);
    const double side = distance(a.x_m, a.y_m, b.x_m, b.y_m);
    const bool is_wanted = random.chance(0.55);
    const double at = random.between(0.45, 0.6), wide = random.between(9.0, 17.0),
                 long_m = random.between(50.0, 85.0);
    const double hand = random.chance(0.5) ? 1 : -1, radius_m = random.between(18.0, 45.0);
    if (n == 0 || side < 420 || !is_wanted) continue;
    const double ux = (b.x_m - a.x_m) / side, uy = (b.y_m - a.y_m) / side;
    for (int half = 0; half < 2; ++half) {
      const double along = at * side + half * long_m, across = (half == 0 ? hand : -hand) * wide;
      out.push_back({a.x_m + ux * along - uy * across, a.y_m + uy * along + ux * across, radius_m});
    }
  }
  return out;
}

// The arc that rounds corner b between its neighbours, from tangent point to tangent point.
void append_arc(const Corner2& a, const Corner2& b, const Corner2& c, std::vector<OutlinePoint>& out) {
  const double in = distance(a.x_m, a.y_m, b.x_m, b.y_m), on = distance(b.x_m, b.y_m, c.x_m, c.y_m);
  const double ux = (b.x_m - a.x_m) / in, uy = (b.y_m - a.y_m) / in;
  const double wx = (c.x_m - b.x_m) / on, wy = (c.y_m - b.y_m) / on;
  const double cos_turn = std::clamp(ux * wx + uy * wy, -0.9999, 0.9999);
  const double tan_half = std::sqrt((1 - cos_turn) / (1 + cos_turn));
  double tangent_m = b.radius_m * tan_half;
  tangent_m = std::min({tangent_m, 0.47 * in, 0.47 * on});
  // A quadratic curve between the tangent points: its curvature grows and falls as a driver's line does.
  const double x0 = b.x_m - ux * tangent_m, y0 = b.y_m - uy * tangent_m;
  const double x2 = b.x_m + wx * tangent_m, y2 = b.y_m + wy * tangent_m;
  constexpr int pieces = 24;
  for (int n = 0; n <= pieces; ++n) {
    const double t = static_cast<double>(n) / pieces, u = 1 - t;
    out.push_back(
        {u * u * x0 + 2 * u * t * b.x_m + t * t * x2, u * u * y0 + 2 * u * t * b.y_m + t * t * y2, 0});
  }
}

double chord(const OutlinePoint& a, const OutlinePoint& b) { return distance(a.x_m, a.y_m, b.x_m, b.y_m); }

double closed_length(const std::vector<OutlinePoint>& points) {
  double sum = 0;
  for (std::size_t n = 0; n < points.size(); ++n) sum += chord(points[n], points[(n + 1) % points.size()]);
  return sum;
}

std::vector<OutlinePoint> resampled(const std::vector<OutlinePoint>& points, std::size_t count) {
  const double step = closed_length(points) / static_cast<double>(count);
  std::vector<OutlinePoint> out;
  double passed = 0;
  for (std::size_t n = 0; n < points.size() && out.size() < count; ++n) {
    const OutlinePoint& a = points[n];
    const OutlinePoint& b = points[(n + 1) % points.size()];
    const double side = chord(a, b);
    while (out.size() < count && step * static_cast<double>(out.size()) <= passed + side) {
      const double part = side > 0 ? (step * static_cast<double>(out.size()) - passed) / side : 0;
      out.push_back({mixed(a.x_m, b.x_m, part), mixed(a.y_m, b.y_m, part), mixed(a.z_m, b.z_m, part)});
    }
    passed += side;
  }
  while (out.size() < count) out.push_back(points.front());
  return out;
}

void smooth_once(std::vector<OutlinePoint>& points) {
  const std::vector<OutlinePoint> old = points;
  const std::size_t count = old.size();
  for (std::size_t n = 0; n < count; ++n) {
    const OutlinePoint &a = old[(n + count - 1) % count], &b = old[n], &c = old[(n + 1) % count];
    points[n] = {(a.x_m + 2 * b.x_m + c.x_m) / 4, (a.y_m + 2 * b.y_m + c.y_m) / 4,
                 (a.z_m + 2 * b.z_m + c.z_m) / 4};
  }
}

}  // namespace

CentreLine smooth_line(const std::vector<OutlinePoint>& points, double spacing_m, int smoothing_passes) {
  const double length = closed_length(points);
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(16, rounded(length / spacing_m)));
  CentreLine line;
  line.points = resampled(points, count);
  for (int n = 0; n < smoothing_passes; ++n) smooth_once(line.points);
  line.points = resampled(line.points, count);
  line.length_m = closed_length(line.points);
  return line;
}

std::vector<OutlinePoint> draw_polygon_circuit(Random& random) {
  std::vector<Corner2> corners = draw_corners(random);
  const double scale = random.between(4300.0, 6300.0) / perimeter(corners);
  for (Corner2& corner : corners) {
    corner.x_m *= scale;
    corner.y_m *= scale;
  }
  if (random.chance(0.7)) std::reverse(corners.begin(), corners.end());  // clockwise, as most are
  rotate_longest_first(corners);
  const Corner2 &from = corners[0], &to = corners[1];
  const double side = distance(from.x_m, from.y_m, to.x_m, to.y_m);
  if (side < straight_before_line_m + straight_after_line_m) return {};
  const double line_m =
      straight_before_line_m + 0.25 * (side - straight_before_line_m - straight_after_line_m);
  const double ux = (to.x_m - from.x_m) / side, uy = (to.y_m - from.y_m) / side;
  const OutlinePoint start{from.x_m + ux * line_m, from.y_m + uy * line_m, 0};

  corners = with_chicanes(corners, random);
  std::vector<OutlinePoint> out{start};
  const std::size_t count = corners.size();
  for (std::size_t n = 1; n <= count; ++n) {
    append_arc(corners[n - 1], corners[n % count], corners[(n + 1) % count], out);
  }
  return out;
}

double least_separation_m(const CentreLine& line, double along_m) {
  const std::size_t count = line.points.size(), stride = 3;
  const auto apart = static_cast<std::size_t>(along_m / line.length_m * static_cast<double>(count));
  double least_square = 1e12;
  for (std::size_t a = 0; a < count; a += stride) {
    for (std::size_t b = a + apart; b < count && b + apart < a + count; b += stride) {
      const double dx = line.points[a].x_m - line.points[b].x_m, dy = line.points[a].y_m - line.points[b].y_m;
      least_square = std::min(least_square, dx * dx + dy * dy);
    }
  }
  return std::sqrt(least_square);
}

}  // namespace slipstream::simulate
