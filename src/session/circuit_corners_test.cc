#include "session/circuit_corners.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace slipstream::session {
namespace {

constexpr double pi = std::numbers::pi;

struct Piece {
  double length_m;
  double turn_rad;  // positive to the left
};

// Straights and arcs one behind the other, from the origin to the right; made a ring by the caller's numbers.
Path track_of(const std::vector<Piece>& pieces) {
  std::vector<Place> places;
  double x = 0, y = 0, heading = 0;
  for (const Piece& piece : pieces) {
    const auto steps = static_cast<int>(std::ceil(piece.length_m));
    for (int i = 0; i < steps; ++i) {
      places.push_back({x * 10, y * 10, 0});
      heading += piece.turn_rad / steps;
      x += std::cos(heading) * piece.length_m / steps;
      y += std::sin(heading) * piece.length_m / steps;
    }
  }
  return resampled(places, true, 5);
}

Piece arc(double radius_m, double turn_rad) { return {radius_m * std::abs(turn_rad), turn_rad}; }

TEST(Corners, AnOvalHasOneAtEachEnd) {
  const auto corners = corners_of(track_of({{600, 0}, arc(100, pi), {600, 0}, arc(100, pi)}));
  ASSERT_EQ(corners.size(), 2U);
  EXPECT_NEAR(corners[0].distance_m, 600 + 50 * pi, 10);
  EXPECT_NEAR(corners[1].distance_m, 1200 + 150 * pi, 10);
  EXPECT_NEAR(corners[0].turn_rad, pi, 0.3);
}

TEST(Corners, ASquareHasFour) {
  const Piece bend = arc(40, pi / 2);
  EXPECT_EQ(corners_of(track_of({{400, 0}, bend, {400, 0}, bend, {400, 0}, bend, {400, 0}, bend})).size(),
            4U);
}

// Left and right a moment behind: two, though no straight lies between them.
TEST(Corners, AChicaneIsTwo) {
  const auto corners = corners_of(track_of(
      {{300, 0}, arc(40, pi / 4), arc(40, -pi / 4), {300, 0}, arc(150, pi), {656.6, 0}, arc(161.7, pi)}));
  ASSERT_EQ(corners.size(), 4U);
  EXPECT_GT(corners[0].turn_rad, 0);
  EXPECT_LT(corners[1].turn_rad, 0);
}

TEST(Corners, TwoBendsOfOneSideWithALetUpBetweenAreTwo) {
  const Piece bend = arc(50, pi / 2);
  const auto corners = corners_of(track_of({{500, 0}, bend, {120, 0}, bend, {500, 0}, arc(110, pi)}));
  EXPECT_EQ(corners.size(), 3U);
}

TEST(Corners, AKinkThatIsTakenFlatOutIsNone) {
  const Piece kink = arc(400, pi / 20), back = arc(400, -pi / 20);
  const auto corners = corners_of(
      track_of({{300, 0}, kink, {50, 0}, back, {300, 0}, arc(120, pi), {774.6, 0}, arc(128.8, pi)}));
  EXPECT_EQ(corners.size(), 2U);
}

TEST(Corners, OneThatLiesOnTheLineIsOne) {
  EXPECT_EQ(
      corners_of(track_of({arc(100, pi / 2), {600, 0}, arc(100, pi), {600, 0}, arc(100, pi / 2)})).size(),
      2U);
}

TEST(Corners, NoLineHasNone) { EXPECT_TRUE(corners_of({}).empty()); }

}  // namespace
}  // namespace slipstream::session
