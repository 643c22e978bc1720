#include "serve/lap_samples.h"

#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

// Car 4 drives 180 km/h, 50 m a second, with a sample a quarter of a second; two laps of 80 s, the second one
// 79 s.
class LapSamplesTest : public testing::Test {
 protected:
  LapSamplesTest() {
    for (std::int32_t ms = 0; ms <= 200'000; ms += 250) {
      record::CarSample sample;
      sample.driver_number = 4;
      sample.session_time_ms = ms;
      sample.speed_kmh = 180;
      sample.throttle_pct = ms / 1000;
      sample.gear = 7;
      sample.is_braking = false;
      add(sample, ms);
    }
    add_lap(1, 10'100, 90'100);
    add_lap(2, 90'100, 169'100);
    log_.settle();
  }
  template <class Row>
  void add(Row row, std::int64_t known_ms) {
    log_.add(test::record_of(std::move(row)), known_ms);
  }
  void add_lap(std::int32_t number, std::int32_t from_ms, std::int32_t to_ms) {
    record::Lap lap = test::lap(4, number, to_ms, to_ms - from_ms);
    lap.lap_start_session_time_ms = from_ms;
    add(lap, to_ms + 200);
  }
  Result<std::optional<LapSamples>> find(std::string_view which, std::int64_t cursor_ms = 200'000,
                                         std::int32_t driver = 4) {
    Keyframes keyframes(log_);
    Fold fold;
    keyframes.advance(fold, cursor_ms);
    return lap_samples(log_, fold.view, driver, which, cursor_ms);
  }
  // Of a lap that is there.
  LapSamples lap(std::string_view which, std::int64_t cursor_ms = 200'000, std::int32_t driver = 4) {
    const auto found = find(which, cursor_ms, driver);
    EXPECT_TRUE(found && *found) << which;
    return found && *found ? **found : LapSamples();
  }

  SessionLog log_{test::test_session};
};

TEST_F(LapSamplesTest, DistanceCountsFromLineToLine) {
  const LapSamples first = lap("1");
  EXPECT_EQ(first.lap_time_ms, 80'000);
  ASSERT_TRUE(first.length_m);
  EXPECT_NEAR(*first.length_m, 80 * 50, 1e-6);
  EXPECT_EQ(first.samples.front().time_ms, 150) << "the line is between two samples";
  EXPECT_NEAR(first.samples.front().distance_m, 7.5, 1e-6);
  EXPECT_EQ(first.samples.back().time_ms, 79'900);
  EXPECT_EQ(first.samples.size(), 320u);
}

TEST_F(LapSamplesTest, BestLastAndCurrentAreThoseKnownAtTheCursor) {
  EXPECT_EQ(lap("best").lap_number, 2);
  EXPECT_EQ(lap("best", 120'000).lap_number, 1) << "the second one was not driven yet";
  EXPECT_EQ(lap("last").lap_number, 2);
  const LapSamples current = lap("current", 120'000);
  EXPECT_EQ(current.lap_number, 2);
  EXPECT_TRUE(current.is_under_way);
  ASSERT_TRUE(current.length_m) << "to draw it by";
  EXPECT_NEAR(*current.length_m, 80 * 50, 1e-6) << "of the best lap so far";
  for (const LapSample& sample : current.samples) EXPECT_LE(sample.time_ms + 90'100, 120'000);
}

TEST_F(LapSamplesTest, TheNumberOfTheLapUnderWayIsTheCurrentOne) {
  const LapSamples second = lap("2", 120'000);
  EXPECT_TRUE(second.is_under_way);
  EXPECT_FALSE(second.lap_time_ms);
  EXPECT_EQ(second.samples.size(), lap("current", 120'000).samples.size());
  EXPECT_FALSE(lap("2", 170'000).is_under_way);
}

TEST_F(LapSamplesTest, WhatIsNotThereIsSaid) {
  add(test::lap(4, 5, 195'000, 20'000), 195'000);
  log_.settle();
  EXPECT_EQ(find("4").error().code, Errc::not_found) << "it is lacking";
  EXPECT_EQ(find("1", 200'000, 99).error().message, "there is no car 99");
  EXPECT_EQ(find("fastest").error().code, Errc::malformed);
  EXPECT_EQ(find("").error().code, Errc::malformed);
  EXPECT_EQ(find("0").error().code, Errc::malformed);
}

TEST_F(LapSamplesTest, WhatIsNotDrivenYetIsNothing) {
  const auto none = find("best", 50'000);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  EXPECT_EQ(encode(*none), "null");
  for (const auto& [number, at_ms] :
       {std::pair("2", 80'000), std::pair("3", 120'000), std::pair("9", 200'000)}) {
    const auto later = find(number, at_ms);
    ASSERT_TRUE(later) << number;
    EXPECT_FALSE(*later) << number << ": nothing behind the cursor, and not the lap after the one under way";
  }
}

TEST_F(LapSamplesTest, ALapWithoutTelemetryHasNoSamples) {
  add(test::lap(5, 1, 90'000, 80'000), 90'000);
  log_.settle();
  const LapSamples empty = lap("1", 200'000, 5);
  EXPECT_TRUE(empty.samples.empty());
  EXPECT_FALSE(empty.length_m);
}

TEST_F(LapSamplesTest, IsColumnsInJson) {
  const test::json::object json = test::json::parse(encode(lap("1"))).as_object();
  EXPECT_EQ(json.at("lap_time_ms").as_int64(), 80'000);
  for (const char* column : {"time_ms", "distance_m", "speed_kmh", "throttle_pct", "gear", "is_braking"}) {
    EXPECT_EQ(json.at(column).as_array().size(), 320u) << column;
  }
}

}  // namespace
}  // namespace slipstream::serve
