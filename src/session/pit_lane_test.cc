#include "session/pit_lane.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace slipstream::session {
namespace {

constexpr double lane_m = 400, speed_m_per_ms = 0.0222;  // 80 km/h

// The lane: 100 m obliquely, then straight on; it goes on at both ends.
Place in_lane(double at_m) {
  const double bend = std::max(0.0, 100 - at_m) / 3;
  return {at_m * 10, bend * 10, 0};
}

void drive(PitPass& pass, double from_m, double to_m, double& time_ms) {
  for (double at_m = from_m; at_m <= to_m; at_m += 6) {
    pass.places.push_back({time_ms, in_lane(at_m)});
    time_ms += 6 / speed_m_per_ms;
  }
}

// In, a stop at `box_m` for a minute in the garage beside, out again.
PitPass stop_at(double box_m) {
  PitPass pass;
  double time_ms = 0;
  drive(pass, -40, box_m - 10, time_ms);
  pass.pit_in_ms = 40 / speed_m_per_ms;
  pass.places.push_back({time_ms, {box_m * 10, -80, 0}});
  time_ms += 60'000;
  pass.places.push_back({time_ms, {box_m * 10, -90, 0}});
  time_ms += 1000;
  const double left_ms = time_ms;
  drive(pass, box_m + 10, lane_m + 40, time_ms);
  pass.pit_out_ms = left_ms + (lane_m - box_m - 10) / speed_m_per_ms;
  return pass;
}

double worst_m(const Path& lane) {
  double worst = 0;
  for (const Place& place : lane.points) worst = std::max(worst, distance_m(place, in_lane(place.x_dm / 10)));
  return worst;
}

TEST(PitLane, StopsAtTwoPlacesGiveTheWholeLane) {
  const auto lane = pit_lane_of(std::vector{stop_at(150), stop_at(280)});
  ASSERT_TRUE(lane);
  EXPECT_NEAR(lane->points.front().x_dm / 10, 0, 3);
  EXPECT_NEAR(lane->points.back().x_dm / 10, lane_m, 3);
  EXPECT_LT(worst_m(*lane), 3);
}

TEST(PitLane, OneDriveThroughIsEnough) {
  PitPass pass;
  double time_ms = 0;
  drive(pass, -40, lane_m + 40, time_ms);
  pass.pit_in_ms = 40 / speed_m_per_ms;
  pass.pit_out_ms = (40 + lane_m) / speed_m_per_ms;
  const auto lane = pit_lane_of(std::vector{pass});
  ASSERT_TRUE(lane);
  EXPECT_NEAR(lane->length_m, lane_m, 10);
}

TEST(PitLane, ALaneToTheMoonIsNone) {
  PitPass pass = stop_at(150);
  for (TimedPlace& timed : pass.places) timed.place.x_dm *= 1e5;
  EXPECT_FALSE(pit_lane_of(std::vector{pass, pass}));
}

// A car that came from its garage tells where the exit is, not where the entry is.
TEST(PitLane, WithoutACarThatDroveInThereIsNone) {
  PitPass out = stop_at(150);
  out.pit_in_ms.reset();
  EXPECT_FALSE(pit_lane_of(std::vector{out}));
  EXPECT_FALSE(pit_lane_of({}));
}

}  // namespace
}  // namespace slipstream::session
