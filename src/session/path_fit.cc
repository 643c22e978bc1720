#include <algorithm>
#include <array>
#include <cmath>

#include "session/path.h"

namespace slipstream::session {
namespace {

constexpr double knot_m = 8;
// A ring's samples are taken once more beyond its ends, so that the curve closes by itself.
constexpr double overlap_m = 200;
// Half the weight at this distance from the curve: cars keep within some metres of one another.
constexpr double aside_dm = 15;
constexpr double point_step_m = 4;
constexpr std::size_t band = 4;  // a sample touches four control points

using Weights = std::array<double, band>;

Weights basis_at(double u) {
  const double v = 1 - u;
  return {v * v * v / 6, (3 * u * u * u - 6 * u * u + 4) / 6, (3 * v * v * v - 6 * v * v + 4) / 6,
          u * u * u / 6};
}

Place weighted(const Place* controls, const Weights& weights) {
  Place sum;
  for (std::size_t i = 0; i < band; ++i) {
    sum.x_dm += weights[i] * controls[i].x_dm;
    sum.y_dm += weights[i] * controls[i].y_dm;
    sum.z_dm += weights[i] * controls[i].z_dm;
  }
  return sum;
}

void add(Place& to, double factor, const Place& place) {
  to.x_dm += factor * place.x_dm;
  to.y_dm += factor * place.y_dm;
  to.z_dm += factor * place.z_dm;
}

// Least squares for the control points of a curve with knots at even steps.
class Spline {
 public:
  Spline(double from_m, double length_m, double stiffness)
      : from_m_(from_m),
        knots_(static_cast<std::size_t>(std::ceil(length_m / knot_m))),
        controls_(knots_ + band - 1),
        stiffness_(stiffness) {}

  void clear() {
    rows_.assign(controls_.size(), Weights{});
    right_.assign(controls_.size(), Place{});
    constexpr Weights third_difference = {-1, 3, -3, 1};
    for (std::size_t i = 0; i + band <= controls_.size(); ++i) add_row(i, third_difference, stiffness_, {});
  }

  void add_sample(double distance_m, const Place& place, double weight) {
    const auto [first, weights] = span_of(distance_m);
    add_row(first, weights, weight, place);
  }

  Place at(double distance_m) const {
    const auto [first, weights] = span_of(distance_m);
    return weighted(&controls_[first], weights);
  }

  // Cholesky without roots, in a band: rows_[i][k] stands for column i + k.
  void solve() {
    const std::size_t count = controls_.size();
    for (std::size_t i = 0; i < count; ++i) {
      rows_[i][0] = std::max(rows_[i][0], 1e-9);
      for (std::size_t k = 1; k < band && i + k < count; ++k) {
        const double factor = rows_[i][k] / rows_[i][0];
        for (std::size_t j = k; j < band && i + j < count; ++j) rows_[i + k][j - k] -= factor * rows_[i][j];
        add(right_[i + k], -factor, right_[i]);
      }
    }
    for (std::size_t i = count; i-- > 0;) {
      Place rest = right_[i];
      for (std::size_t k = 1; k < band && i + k < count; ++k) add(rest, -rows_[i][k], controls_[i + k]);
      controls_[i] = {rest.x_dm / rows_[i][0], rest.y_dm / rows_[i][0], rest.z_dm / rows_[i][0]};
    }
  }

 private:
  struct Span {
    std::size_t first;
    Weights weights;
  };
  Span span_of(double distance_m) const {
    const double at = std::clamp((distance_m - from_m_) / knot_m, 0.0, static_cast<double>(knots_) - 1e-9);
    const double whole = std::floor(at);
    return {static_cast<std::size_t>(whole), basis_at(at - whole)};
  }
  void add_row(std::size_t first, const Weights& weights, double weight, const Place& place) {
    for (std::size_t i = 0; i < band; ++i) {
      for (std::size_t j = i; j < band; ++j) rows_[first + i][j - i] += weight * weights[i] * weights[j];
      add(right_[first + i], weight * weights[i], place);
    }
  }

  double from_m_;
  std::size_t knots_;
  std::vector<Place> controls_;
  double stiffness_;
  std::vector<Weights> rows_;
  std::vector<Place> right_;
};

// Calls visit(distance, place) for every sample, on a ring for those near its ends once more beyond them.
template <class Visit>
void for_each_copy(std::span<const PathSample> samples, double length_m, bool is_ring, Visit visit) {
  for (const PathSample& sample : samples) {
    visit(sample.distance_m, sample.place);
    if (!is_ring) continue;
    if (sample.distance_m < overlap_m) visit(sample.distance_m + length_m, sample.place);
    if (sample.distance_m > length_m - overlap_m) visit(sample.distance_m - length_m, sample.place);
  }
}

}  // namespace

Path fit_path(std::span<const PathSample> samples, double length_m, bool is_ring, double stiffness) {
  const double beyond_m = is_ring ? overlap_m : 0;
  Spline spline(-beyond_m, length_m + 2 * beyond_m, stiffness);
  constexpr int rounds = 3;  // the first without weights
  for (int round = 0; round < rounds; ++round) {
    const Spline before = spline;
    spline.clear();
    for_each_copy(samples, length_m, is_ring, [&](double at_m, const Place& place) {
      double weight = 1;
      if (round > 0) {
        const Place curve = before.at(at_m);
        const double x = place.x_dm - curve.x_dm, y = place.y_dm - curve.y_dm;
        weight = 1 / (1 + (x * x + y * y) / (aside_dm * aside_dm));
      }
      spline.add_sample(at_m, place, weight);
    });
    spline.solve();
  }
  constexpr double fine_m = 1;
  const auto count = static_cast<std::size_t>(std::ceil(length_m / fine_m));
  std::vector<Place> places;
  for (std::size_t i = 0; i < count + (is_ring ? 0 : 1); ++i) {
    places.push_back(spline.at(length_m * static_cast<double>(i) / static_cast<double>(count)));
  }
  return resampled(places, is_ring, point_step_m);
}

}  // namespace slipstream::session
