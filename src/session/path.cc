#include "session/path.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace slipstream::session {

double distance_m(const Place& a, const Place& b) {
  return std::hypot(b.x_dm - a.x_dm, b.y_dm - a.y_dm) / 10;
}

Place between(const Place& a, const Place& b, double part) {
  return {a.x_dm + (b.x_dm - a.x_dm) * part, a.y_dm + (b.y_dm - a.y_dm) * part,
          a.z_dm + (b.z_dm - a.z_dm) * part};
}

double Path::step_m() const {
  const std::size_t steps = is_ring ? points.size() : points.size() - 1;
  return length_m / static_cast<double>(std::max<std::size_t>(steps, 1));
}

Place Path::at(double distance_m) const {
  const auto count = static_cast<std::ptrdiff_t>(points.size());
  double step = distance_m / step_m();
  if (!is_ring) step = std::clamp(step, 0.0, static_cast<double>(count - 1));
  const double whole = std::floor(step);
  const auto index = static_cast<std::ptrdiff_t>(whole);
  const auto wrapped = [&](std::ptrdiff_t i) {
    return static_cast<std::size_t>(is_ring ? ((i % count) + count) % count : std::min(i, count - 1));
  };
  return between(points[wrapped(index)], points[wrapped(index + 1)], step - whole);
}

Path resampled(std::span<const Place> places, bool is_ring, double step_m) {
  Path path;
  path.is_ring = is_ring;
  const std::size_t count = places.size() - (is_ring ? 0 : 1);
  std::vector<double> ends = {0};  // distance at the end of each piece
  const auto end_of = [&](std::size_t i) -> const Place& { return places[(i + 1) % places.size()]; };
  for (std::size_t i = 0; i < count; ++i) ends.push_back(ends.back() + distance_m(places[i], end_of(i)));
  path.length_m = ends.back();
  constexpr double steps_max = 20'000;  // positions from anywhere must not fill the memory
  const auto steps = static_cast<std::size_t>(std::clamp(std::round(path.length_m / step_m), 1.0, steps_max));
  std::size_t piece = 0;
  for (std::size_t i = 0; i < steps + (is_ring ? 0 : 1); ++i) {
    const double at_m = path.length_m * static_cast<double>(i) / static_cast<double>(steps);
    while (piece + 1 < count && ends[piece + 1] < at_m) ++piece;
    const double piece_m = ends[piece + 1] - ends[piece];
    const double part = piece_m > 0 ? (at_m - ends[piece]) / piece_m : 0;
    path.points.push_back(between(places[piece], end_of(piece), std::min(part, 1.0)));
  }
  return path;
}

Path begun_at(const Path& ring, double start_m, std::size_t count) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < ring.points.size(); ++i) {
    places.push_back(ring.at(start_m + static_cast<double>(i) * ring.step_m()));
  }
  return resampled(places, true, ring.length_m / static_cast<double>(count));
}

Foot foot_on(const Path& path, const Place& place, double from_m, double to_m) {
  const double step_m = path.step_m();
  const auto count = static_cast<std::ptrdiff_t>(path.points.size());
  auto first = static_cast<std::ptrdiff_t>(std::floor(from_m / step_m));
  auto last = static_cast<std::ptrdiff_t>(std::ceil(to_m / step_m));
  if (path.is_ring) {
    last = std::min(last, first + count);
  } else {
    first = std::clamp<std::ptrdiff_t>(first, 0, count - 2);
    last = std::clamp(last, first + 1, count - 1);
  }
  std::ptrdiff_t at = path.is_ring ? ((first % count) + count) % count : first;
  Foot best;
  double best_squared = std::numeric_limits<double>::max();
  for (std::ptrdiff_t i = first; i < last; ++i) {
    const Place& a = path.points[static_cast<std::size_t>(at)];
    if (++at == count) at = 0;  // of a way with ends the last point begins no step
    const Place& b = path.points[static_cast<std::size_t>(at)];
    const double along_x = b.x_dm - a.x_dm, along_y = b.y_dm - a.y_dm;
    const double x = place.x_dm - a.x_dm, y = place.y_dm - a.y_dm;
    const double squared = along_x * along_x + along_y * along_y;
    const double part = squared > 0 ? std::clamp((x * along_x + y * along_y) / squared, 0.0, 1.0) : 0;
    const double off_x = x - part * along_x, off_y = y - part * along_y;
    const double off_squared = off_x * off_x + off_y * off_y;
    if (off_squared >= best_squared) continue;
    best_squared = off_squared;
    const double side = along_x * y - along_y * x >= 0 ? 1 : -1;
    best = {(static_cast<double>(i) + part) * step_m, side * std::sqrt(off_squared) / 10};
  }
  return best;
}

}  // namespace slipstream::session
