#include "session/lap_estimate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "record/telemetry.h"
#include "session/engine_test_support.h"
#include "session/known_circuit.h"

namespace slipstream::session {
namespace {

using testing::IsEmpty;

// Two straights of 800 m and two hairpins of 40 m radius.
Path oval() {
  std::vector<Place> places;
  for (double x = 0; x < 800; x += 2) places.push_back({x * 10, 0, 0});
  for (double a = -1.5708; a < 1.5708; a += 0.05)
    places.push_back({8000 + 400 * std::cos(a), 400 + 400 * std::sin(a), 0});
  for (double x = 800; x > 0; x -= 2) places.push_back({x * 10, 800, 0});
  for (double a = 1.5708; a < 4.7124; a += 0.05)
    places.push_back({400 * std::cos(a), 400 + 400 * std::sin(a), 0});
  return resampled(places, true, 5);
}

TEST(Pace, IsSlowInTheHairpinAndQuickOnTheStraight) {
  const Pace pace(oval());
  const double straight_ms = pace.time_ms(450) - pace.time_ms(350);
  const double hairpin_ms = pace.time_ms(910) - pace.time_ms(810);
  EXPECT_GT(hairpin_ms, 2 * straight_ms);
  EXPECT_GT(straight_ms, 100 / 92.0 * 1000 - 1) << "no car is that quick";
}

TEST(Pace, ADistanceAndItsTimeBelongTogetherOverTheLineToo) {
  const Path line = oval();
  const Pace pace(line);
  for (const double at_m : {-120.0, 0.0, 333.0, 870.0, line.length_m + 40}) {
    EXPECT_NEAR(pace.distance_m(pace.time_ms(at_m)), at_m, 0.01);
  }
}

TEST(Estimate, AMarkThatNoCarCanHaveReachedIsLeftOut) {
  const std::vector<Anchor> sure = {{0, 0}, {40'000, 1800}};
  const auto anchors = possible_anchors(sure, {{10'000, 500}, {11'000, 900}, {20'000, 400}, {30'000, 1400}});
  ASSERT_EQ(anchors.size(), 4U);
  EXPECT_EQ(anchors[1].distance_m, 500);
  EXPECT_EQ(anchors[2].distance_m, 1400) << "400 m in a second, and a step back";
}

TEST(Estimate, ACarIsAtItsAnchorsAndNeverStepsBack) {
  const Pace pace(oval());
  const std::vector<Anchor> anchors = {{0, 0}, {20'000, 600}, {21'000, 690}, {60'000, 1700}};
  double last_m = 0;
  for (double time_ms = 0; time_ms < 60'000; time_ms += 100) {
    const auto at_m = estimated_distance(anchors, pace, time_ms);
    ASSERT_TRUE(at_m);
    EXPECT_GE(*at_m, last_m - 1e-9);
    last_m = *at_m;
  }
  EXPECT_NEAR(*estimated_distance(anchors, pace, 20'000), 600, 0.01);
  EXPECT_NEAR(*estimated_distance(anchors, pace, 21'000), 690, 0.01);
}

TEST(Estimate, BehindTheLastAnchorACarIsExpectedToGoOnAsBefore) {
  const Pace pace(oval());
  const auto time_at = [&](double at_m, double slowness) { return slowness * pace.time_ms(at_m); };
  for (const double slowness : {1.0, 2.0}) {  // a quick lap, a slow one
    const std::vector<Anchor> anchors = {
        {0, 0}, {time_at(300, slowness), 300}, {time_at(700, slowness), 700}};
    EXPECT_NEAR(expected_distance(anchors, pace, time_at(1000, slowness)), 1000, 0.01);
  }
  const std::vector<Anchor> alone = {{1000, 150}};
  EXPECT_NEAR(expected_distance(alone, pace, 1000), 150, 0.01);
  EXPECT_GT(expected_distance(alone, pace, 3000), 160);
}

TEST(Estimate, OutsideItsAnchorsACarIsNowhere) {
  const Pace pace(oval());
  const std::vector<Anchor> anchors = {{1000, 0}, {20'000, 600}};
  EXPECT_FALSE(estimated_distance(anchors, pace, 999));
  EXPECT_FALSE(estimated_distance(anchors, pace, 20'001));
  EXPECT_FALSE(estimated_distance({}, pace, 5));
}

EngineOptions options_with_circuit() {
  auto circuit = std::make_shared<KnownCircuit>();
  circuit->line = oval();
  circuit->sector_end_m = {600, 1200};
  circuit->pit_exit_m = 150;
  return {"a test", feed::SourceKind::archive, {}, false, circuit};
}

TEST(Estimates, ALapOutOfThePitsGoesFromTheirExitToTheLine) {
  Told told(options_with_circuit());
  drive_a_lap(told).ends();
  auto rows = told.table<record::Telemetry>();
  std::ranges::sort(rows, {}, &record::Telemetry::sample_date);
  ASSERT_EQ(rows.size(), 160U) << "two a second, from 20 s to 100 s";
  EXPECT_NEAR(*rows.front().distance_m, 150, 5);
  EXPECT_GT(*rows.back().distance_m, oval().length_m - 60);
  EXPECT_EQ(rows.front().quality, record::quality_estimated);
  for (const record::Telemetry& row : rows) {
    const Place place{static_cast<double>(*row.x_dm), static_cast<double>(*row.y_dm), 0};
    EXPECT_LT(std::abs(foot_on(oval(), place, 0, oval().length_m).aside_m), 0.2);
    EXPECT_FALSE(row.speed_kmh);
  }
}

TEST(Estimates, WhileTheCarDrivesItIsNotPutPastTheNextSignOfIt) {
  Told told(options_with_circuit());
  told.begins().timing(10'000, R"({"InPit":true})").timing(20'000, R"({"InPit":false})");
  for (Int ms = 20'500; ms <= 90'000; ms += 500) told.timing(ms, "{}");
  std::vector<record::Telemetry> shown = told.table<record::Telemetry>();
  ASSERT_GT(shown.size(), 100U) << "two a second for a minute, from the pit exit on";
  EXPECT_EQ(told.rows<record::Telemetry>().size(), shown.size()) << "each once";
  double last_m = 0;
  for (const record::Telemetry& row : shown) {
    EXPECT_GE(*row.distance_m, last_m);
    last_m = *row.distance_m;
    EXPECT_EQ(row.quality, record::quality_estimated);
    EXPECT_LE(row.session_time_ms, 20'000 + 60'000) << "a car that is not seen for a minute is lost";
  }
  EXPECT_NEAR(last_m, oval().length_m, 0.1) << "no mini-sectors are known: the next sign is the line";
  told.timing(90'500, R"({"InPit":true})").ends();
  EXPECT_THAT(told.table<record::Telemetry>(), IsEmpty()) << "no lap ended: what was shown is taken back";
}

// told_session_info is of circuit 65.
TEST(Estimates, OnAnotherCircuitThereAreNone) {
  EngineOptions options = options_with_circuit();
  auto elsewhere = std::make_shared<KnownCircuit>(*options.circuit);
  elsewhere->circuit_key = 39;
  options.circuit = elsewhere;
  Told told(options);
  drive_a_lap(told).ends();
  EXPECT_THAT(told.table<record::Telemetry>(), IsEmpty());
}

TEST(Estimates, WithoutACircuitThereAreNone) {
  Told told;
  drive_a_lap(told).ends();
  EXPECT_THAT(told.table<record::Telemetry>(), IsEmpty());
}

TEST(Estimates, ACarWhosePositionsCameHasNone) {
  Told told(options_with_circuit());
  told.begins();
  // Zero is 20:46:23.899: this is 99 s in, a second in front of the line.
  const char* position =
      R"({"Position":[{"Timestamp":"2025-10-25T20:48:02.899Z","Entries":{"4":{"Status":"OnTrack",)"
      R"("X":-1234,"Y":567,"Z":22}}}]})";
  told.timing(20'000, R"({"InPit":false})")
      .timing(50'000, R"({"Sectors":{"0":{"Value":"30.000"}}})")
      .timing(75'000, R"({"Sectors":{"1":{"Value":"25.000"}}})")
      .message(99'500, "Position.z", position)
      .timing(100'000, R"({"NumberOfLaps":1,"Sectors":{"2":{"Value":"25.000"}}})")
      .ends();
  for (const record::Telemetry& row : told.table<record::Telemetry>()) EXPECT_NE(row.quality, "estimated");
}

TEST(KnownCircuit, IsReadBackFromTheRowsThatTellOfIt) {
  Output output;
  for (Int i = 0; i < 4; ++i)
    output.rows<record::CircuitPoint>().push_back({{{}, i + 1, 10 * i, 0, {}, 1.0 * i}, {}, 0});
  const auto line = [&](const char* name, double at_m) {
    output.rows<record::CircuitLine>().push_back({{{}, name, at_m, {}, {}}, {}, 0});
  };
  line("lap_end", 4);
  line("sector_1_end", 1);
  line("mini_sector_2_13_end", 2.5);
  line("pit_exit", 0.5);
  KnownCircuitReader reader;
  reader.take(output);
  const auto circuit = reader.circuit();
  ASSERT_TRUE(circuit);
  EXPECT_EQ(circuit->line.points.size(), 4U);
  EXPECT_EQ(circuit->line.length_m, 4);
  EXPECT_EQ(circuit->sector_end_m[0], 1);
  EXPECT_FALSE(circuit->sector_end_m[1]);
  EXPECT_EQ(circuit->mini_sector_end_m.at({2, 13}), 2.5);
  EXPECT_EQ(circuit->pit_exit_m, 0.5);
}

TEST(KnownCircuit, WithoutALengthThereIsNone) { EXPECT_EQ(KnownCircuitReader().circuit(), nullptr); }

}  // namespace
}  // namespace slipstream::session
