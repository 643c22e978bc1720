#include "session/centre_line.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "session/circuit_test_support.h"

namespace slipstream::session {
namespace {

// Two straights of 900 m side by side, 80 m apart, a hairpin at each end, and a kink in one.
Path track() {
  std::vector<Place> places;
  for (double x = 0; x < 900; x += 2) places.push_back({x * 10, 100 * std::sin(x / 900 * 3.14159), 0});
  for (double a = -1.5708; a < 1.5708; a += 0.05) {
    places.push_back({9000 + 400 * std::cos(a), 400 + 400 * std::sin(a), 0});
  }
  for (double x = 900; x > 0; x -= 2) places.push_back({x * 10, 800, 0});
  for (double a = 1.5708; a < 4.7124; a += 0.05) {
    places.push_back({400 * std::cos(a), 400 + 400 * std::sin(a), 0});
  }
  return resampled(places, true, 2);
}

constexpr double line_m = 300;

std::vector<DrivenLap> laps(std::size_t count, const DriveErrors& errors = {}) {
  std::vector<DrivenLap> driven;
  for (std::size_t i = 0; i < count; ++i)
    driven.push_back(drive(track(), line_m, static_cast<unsigned>(i + 1), errors));
  return driven;
}

double worst_m(const Path& line) {
  const auto distances = distances_from(track(), line);
  return *std::ranges::max_element(distances);
}

TEST(CentreLine, ThirtyLapsGiveTheTrackToHalfAMetre) {
  const auto line = centre_line_of(laps(30));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->lap_count, 30U);
  EXPECT_LT(worst_m(line->path), 1.0);
  EXPECT_NEAR(line->path.length_m, track().length_m, 0.003 * track().length_m);
}

TEST(CentreLine, OneLapIsALineToo) {
  const auto line = centre_line_of(laps(1));
  ASSERT_TRUE(line);
  EXPECT_LT(worst_m(line->path), 4.0);
}

// The clocks of 30 laps are 0.15 s off, 10 m at speed; their median is not.
TEST(CentreLine, ItBeginsAtTheLineAndKnowsTheSectors) {
  DriveErrors errors;
  errors.clock_ms = 150;
  const auto line = centre_line_of(laps(30, errors));
  ASSERT_TRUE(line && line->sector_end_m[0] && line->sector_end_m[1]);
  EXPECT_LT(distance_m(line->path.at(0), track().at(line_m)), 5);
  EXPECT_NEAR(*line->sector_end_m[0], track().length_m / 3, 6);
  EXPECT_NEAR(*line->sector_end_m[1], track().length_m * 2 / 3, 6);
}

TEST(CentreLine, ALapWithAHoleIsNotWhole) {
  auto driven = laps(1);
  auto& places = driven[0].places;
  const auto hole = [&](const TimedPlace& place) { return place.time_ms > 9000 && place.time_ms < 11'000; };
  std::erase_if(places, hole);
  EXPECT_FALSE(centre_line_of(driven));
}

TEST(CentreLine, ALapWhoseEndWasNotSeenDoesNotClose) {
  auto driven = laps(1);
  const double end_ms = driven[0].end_ms;
  std::erase_if(driven[0].places, [&](const TimedPlace& place) { return place.time_ms >= end_ms; });
  EXPECT_FALSE(centre_line_of(driven));
}

// A car that drives elsewhere: through the pits, or a lap cut short.
TEST(CentreLine, ALapThatLeavesTheTrackIsLeftOut) {
  auto driven = laps(5);
  auto& astray = driven[2];
  for (TimedPlace& timed : astray.places) {
    if (timed.time_ms > astray.end_ms - 5000) timed.place.y_dm -= 3000;
  }
  const auto line = centre_line_of(driven);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->lap_count, 4U);
  EXPECT_LT(worst_m(line->path), 1.5);
}

// Coordinates are whatever the feed sends.
TEST(CentreLine, PositionsFromAnotherPlanetAreNoTrack) {
  auto driven = laps(1);
  for (TimedPlace& timed : driven[0].places) timed.place.x_dm *= 1e5;
  EXPECT_FALSE(centre_line_of(driven));
}

TEST(CentreLine, NoLapsNoLine) { EXPECT_FALSE(centre_line_of({})); }

}  // namespace
}  // namespace slipstream::session
