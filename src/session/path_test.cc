#include "session/path.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace slipstream::session {
namespace {

constexpr double radius_m = 200;
const double round_m = 2 * std::numbers::pi * radius_m;

// A place on a circle driven to the left, `aside_m` outside of it.
Place on_circle(double at_m, double aside_m = 0) {
  const double angle = at_m / radius_m;
  const double r_dm = (radius_m + aside_m) * 10;
  return {r_dm * std::cos(angle), r_dm * std::sin(angle), 0};
}

std::vector<PathSample> circle_samples(std::size_t count) {
  std::vector<PathSample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const double at_m = round_m * static_cast<double>(i) / static_cast<double>(count);
    samples.push_back({at_m, on_circle(at_m)});
  }
  return samples;
}

double worst_radius_error_m(const Path& path) {
  double worst = 0;
  for (const Place& place : path.points) {
    worst = std::max(worst, std::abs(std::hypot(place.x_dm, place.y_dm) / 10 - radius_m));
  }
  return worst;
}

TEST(Path, ARingGoesOnOverItsEnd) {
  const Path ring = fit_path(circle_samples(300), round_m, true, 0.5);
  const Place over = ring.at(ring.length_m + 40), again = ring.at(40), before = ring.at(40 - ring.length_m);
  EXPECT_LT(distance_m(over, again), 1e-6);
  EXPECT_LT(distance_m(before, again), 1e-6);
}

TEST(Path, TheEndsOfAnOpenWayAreWhereItStops) {
  const Path way = resampled(std::vector<Place>{{0, 0, 0}, {1000, 0, 0}, {1000, 500, 0}}, false, 10);
  EXPECT_DOUBLE_EQ(way.length_m, 150);
  EXPECT_DOUBLE_EQ(way.at(-5).x_dm, 0);
  EXPECT_DOUBLE_EQ(way.at(999).y_dm, 500);
  EXPECT_DOUBLE_EQ(way.at(120).y_dm, 200);
}

TEST(Path, AWayToTheMoonHasNoMorePointsThanMemory) {
  EXPECT_LE(resampled(std::vector<Place>{{0, 0, 0}, {4e9, 0, 0}}, false, 4).points.size(), 20'001U);
}

TEST(Path, AFootIsToTheLeftOrRightOfTheWay) {
  const Path ring = fit_path(circle_samples(300), round_m, true, 0.5);
  const Foot inside = foot_on(ring, on_circle(500, -6), 400, 600);
  EXPECT_NEAR(inside.distance_m, 500, 1);
  EXPECT_NEAR(inside.aside_m, 6, 0.1);
  EXPECT_NEAR(foot_on(ring, on_circle(500, 3), 400, 600).aside_m, -3, 0.1);
}

// Two parts of a track that lie beside each other: the search must stay where it was told to look.
TEST(Path, AFootOutsideTheSearchedPartIsNotFound) {
  const Path ring = fit_path(circle_samples(300), round_m, true, 0.5);
  EXPECT_NEAR(foot_on(ring, on_circle(500), 100, 300).distance_m, 300, 5);
  EXPECT_NEAR(foot_on(ring, on_circle(1), round_m - 50, round_m + 50).distance_m, round_m + 1, 1);
}

TEST(Path, AFittedCircleIsOneAndClosesBySmoothness) {
  const Path ring = fit_path(circle_samples(300), round_m, true, 0.5);
  EXPECT_LT(worst_radius_error_m(ring), 0.1);
  EXPECT_NEAR(ring.length_m, round_m, 0.5);
  EXPECT_LT(distance_m(ring.points.back(), ring.points.front()), 1.1 * ring.step_m());
}

TEST(Path, WhereSamplesAreMissingTheBendGoesOn) {
  auto samples = circle_samples(300);
  std::erase_if(samples, [](const PathSample& s) { return s.distance_m > 600 && s.distance_m < 680; });
  EXPECT_LT(worst_radius_error_m(fit_path(samples, round_m, true, 0.5)), 0.3);
}

TEST(Path, OneCarInTenThatIsTenMetresOffHardlyMovesTheLine) {
  auto samples = circle_samples(1500);
  for (std::size_t i = 0; i < samples.size(); i += 10)
    samples[i].place = on_circle(samples[i].distance_m, 10);
  EXPECT_LT(worst_radius_error_m(fit_path(samples, round_m, true, 0.5)), 0.3);
}

TEST(Path, ARingBegunElsewhereIsTheSameRing) {
  const Path ring = fit_path(circle_samples(300), round_m, true, 0.5);
  const Path turned = begun_at(ring, 123, 250);
  ASSERT_EQ(turned.points.size(), 250U);
  EXPECT_LT(distance_m(turned.points.front(), on_circle(123)), 0.5);
  EXPECT_NEAR(turned.length_m, ring.length_m, 0.2);
}

}  // namespace
}  // namespace slipstream::session
