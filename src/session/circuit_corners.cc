#include "session/circuit_corners.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace slipstream::session {
namespace {

// Set by comparison with the corners that 24 circuits number (docs/circuits.md).
constexpr double bend_min = 1.0 / 350;                    // 1/m
constexpr double turn_min = 10 * std::numbers::pi / 180;  // radians
constexpr double let_up_max = 0.65;  // of the lesser of the bends beside it: below, they are two corners
constexpr double smoothing_m = 16;   // standard deviation

// Bend of the line at each of its points, in 1/m, positive to the left; not smoothed.
std::vector<double> bends_of(const Path& line) {
  const std::size_t count = line.points.size();
  std::vector<double> bends(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Place& a = line.points[(i + count - 1) % count];
    const Place& b = line.points[i];
    const Place& c = line.points[(i + 1) % count];
    const double x1 = b.x_dm - a.x_dm, y1 = b.y_dm - a.y_dm, x2 = c.x_dm - b.x_dm, y2 = c.y_dm - b.y_dm;
    bends[i] = std::atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2) / line.step_m();
  }
  return bends;
}

// Weighted mean around each, on a ring.
std::vector<double> smoothed(const std::vector<double>& values, double deviation) {
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * deviation));
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  std::vector<double> weights;
  double sum = 0;
  for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
    weights.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (deviation * deviation)));
    sum += weights.back();
  }
  std::vector<double> means(values.size());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double mean = 0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
      mean += weights[static_cast<std::size_t>(k + reach)] *
              values[static_cast<std::size_t>(((i + k) % count + count) % count)];
    }
    means[static_cast<std::size_t>(i)] = mean / sum;
  }
  return means;
}

// Where a stretch of one bend lets up most, if that parts it in two; else 0.
std::size_t let_up_in(std::span<const double> bend) {
  std::size_t where = 0;
  double least = let_up_max;
  std::vector<double> tightest_behind(bend.size() + 1, 0);
  for (std::size_t i = bend.size(); i-- > 0;) tightest_behind[i] = std::max(tightest_behind[i + 1], bend[i]);
  double tightest_before = 0;
  for (std::size_t i = 0; i < bend.size(); ++i) {
    const double lesser = std::min(tightest_before, tightest_behind[i + 1]);
    if (i > 0 && lesser > 0 && bend[i] < least * lesser) {
      least = bend[i] / lesser;
      where = i;
    }
    tightest_before = std::max(tightest_before, bend[i]);
  }
  return where;
}

// Where a stretch is tightest: of a long bend of one radius its middle.
double tightest_at(std::span<const double> bend) {
  const double nearly = 0.95 * *std::ranges::max_element(bend);
  const auto is_tight = [nearly](double each) { return each >= nearly; };
  const auto first = std::ranges::find_if(bend, is_tight) - bend.begin();
  const auto last = std::find_if(bend.rbegin(), bend.rend(), is_tight);
  return static_cast<double>(first + (bend.rend() - last) - 1) / 2;
}

// The corners of a stretch that bends one way; `begin` is the index of its first point.
void find_in(std::span<const double> bend, std::size_t begin, double step_m, double side,
             std::vector<FoundCorner>& corners) {
  if (const std::size_t where = let_up_in(bend); where > 0) {
    find_in(bend.first(where), begin, step_m, side, corners);
    find_in(bend.subspan(where), begin + where, step_m, side, corners);
    return;
  }
  double turn = 0;
  for (const double each : bend) turn += each * step_m;
  if (turn < turn_min) return;
  corners.push_back({(static_cast<double>(begin) + tightest_at(bend)) * step_m, side * turn});
}

}  // namespace

std::vector<double> smooth_bends(const Path& line) {
  return smoothed(bends_of(line), smoothing_m / line.step_m());
}

std::vector<FoundCorner> corners_of(const Path& line) {
  std::vector<FoundCorner> corners;
  if (line.points.size() < 3) return corners;
  std::vector<double> bends = smooth_bends(line);
  // From a straight place on, so that no stretch lies over the end.
  const auto straightest = std::ranges::min_element(bends, {}, [](double bend) { return std::abs(bend); });
  const auto offset = static_cast<std::size_t>(straightest - bends.begin());
  std::ranges::rotate(bends, straightest);
  std::vector<double> stretch;
  for (std::size_t i = 0; i < bends.size(); ++i) {
    const double side = bends[i] >= 0 ? 1 : -1;
    stretch.clear();
    const std::size_t begin = i;
    for (; i < bends.size() && side * bends[i] >= bend_min; ++i) stretch.push_back(side * bends[i]);
    if (stretch.empty()) continue;
    find_in(stretch, begin + offset, line.step_m(), side, corners);
    --i;  // the bend may change sides from one point to the next
  }
  for (FoundCorner& corner : corners) corner.distance_m = std::fmod(corner.distance_m, line.length_m);
  std::ranges::sort(corners, {}, &FoundCorner::distance_m);
  return corners;
}

}  // namespace slipstream::session
