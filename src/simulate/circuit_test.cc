#include "simulate/circuit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulate/circuit_shape.h"
#include "simulate/history.h"
#include "simulate/numbers.h"
#include "simulate/speed_profile.h"

namespace slipstream::simulate {
namespace {

Circuit circuit_of_seed(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  options.cars = 30;
  return *make_circuit(options);
}

TEST(Circuit, OfAnySeedIsOneToRaceOn) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const Circuit circuit = circuit_of_seed(seed);
    EXPECT_GE(circuit.length_m, 3000);
    EXPECT_LE(circuit.length_m, 6500);
    EXPECT_GE(circuit.corners.size(), 10U);
    EXPECT_LE(circuit.corners.size(), 20U);
    const SpeedProfile profile(circuit);
    EXPECT_GE(profile.lap_time_s(), 70);
    EXPECT_LE(profile.lap_time_s(), 105);
    CentreLine line;
    line.length_m = circuit.length_m;
    for (const auto& point : circuit.points) line.points.push_back({point.x_m, point.y_m, point.z_m});
    EXPECT_GT(least_separation_m(line, 170), 28);
  }
}

TEST(Circuit, PointsAreEvenAndClosed) {
  const Circuit circuit = circuit_of_seed(3);
  const std::size_t count = circuit.points.size();
  for (std::size_t n = 0; n < count; ++n) {
    const auto &a = circuit.points[n], &b = circuit.points[(n + 1) % count];
    const double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;
    EXPECT_NEAR(std::sqrt(dx * dx + dy * dy), circuit.spacing_m, 0.25 * circuit.spacing_m);
  }
}

TEST(Circuit, MarksAreInOrder) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Circuit circuit = circuit_of_seed(seed);
    double last = 0;
    for (int sector = 0; sector < 3; ++sector) {
      EXPECT_GE(circuit.mini_sector_ends_m[sector].size(), 6U);
      EXPECT_LE(circuit.mini_sector_ends_m[sector].size(), 10U);
      for (const double end : circuit.mini_sector_ends_m[sector]) {
        EXPECT_GT(end, last);
        last = end;
      }
      EXPECT_EQ(last, circuit.sector_ends_m[sector]);
    }
    EXPECT_EQ(last, circuit.length_m);
    const auto& lane = circuit.pit_lane;
    EXPECT_NEAR(lane.length_m, circuit.length_m - lane.entry_m + lane.exit_m, 1e-6);
    EXPECT_LT(lane.limit_from_m, lane.line_m);
    EXPECT_LT(lane.line_m, lane.first_box_m);
    EXPECT_LT(lane.first_box_m + 29 * lane.box_spacing_m, lane.limit_to_m);
  }
}

TEST(Circuit, TheLaneBeginsAndEndsOnTheTrackAndLiesBesideIt) {
  const Circuit circuit = circuit_of_seed(5);
  const auto& lane = circuit.pit_lane;
  const auto from = circuit.at(Place::pit_lane, 0, 0), on_track = circuit.at(Place::track, lane.entry_m, 0);
  EXPECT_NEAR(from.x_m, on_track.x_m, 1e-9);
  EXPECT_NEAR(from.y_m, on_track.y_m, 1e-9);
  const auto box = circuit.at(Place::pit_lane, lane.first_box_m, 0);
  const auto beside = circuit.at(Place::track, wrapped(lane.entry_m + lane.first_box_m, circuit.length_m), 0);
  const double dx = box.x_m - beside.x_m, dy = box.y_m - beside.y_m;
  EXPECT_NEAR(std::sqrt(dx * dx + dy * dy), std::abs(lane.side_m), 1e-6);
}

TEST(Circuit, AnOutlineIsDrivenAsItIs) {
  Options options;
  for (int n = 0; n < 200; ++n) {
    const double turn = 2 * pi * n / 200;
    options.outline.push_back({800 * cosine(turn), 500 * sine(turn), 0});
  }
  const auto circuit = make_circuit(options);
  ASSERT_TRUE(circuit);
  EXPECT_NEAR(circuit->length_m, 4135, 40);
  options.outline.resize(5);
  EXPECT_FALSE(make_circuit(options));
}

}  // namespace
}  // namespace slipstream::simulate
