#include "serve/outline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::record_of;

constexpr double radius_dm = 8000;

// A car that drives anticlockwise around a circle, a lap in `lap_ms`, sampled every 220 ms; from 3 o'clock at
// 0.
struct Circle {
  std::int32_t driver_number = 4;
  std::int32_t lap_ms = 90'000;
  std::int32_t from_ms = 0, to_ms = 100'000;
  std::int32_t step_ms = 220;
};

void drive(SessionLog& log, const Circle& circle) {
  for (std::int32_t ms = circle.from_ms; ms <= circle.to_ms; ms += circle.step_ms) {
    const double angle = 2 * std::numbers::pi * ms / circle.lap_ms;
    const auto x = static_cast<std::int32_t>(std::lround(radius_dm * std::cos(angle)));
    const auto y = static_cast<std::int32_t>(std::lround(radius_dm * std::sin(angle)));
    log.add(record_of(test::position(circle.driver_number, ms, x, y)), ms + 500);
  }
  log.settle();
}

TEST(Outline, C17_IsTheRingThatACarDrove) {
  SessionLog log(test::test_session);
  drive(log, {});
  const auto outline = outline_of_lap(log, test::lap(4, 2, 90'000, 90'000));
  ASSERT_TRUE(outline);
  EXPECT_NEAR(outline->length_m, 2 * std::numbers::pi * radius_dm / 10, 5);
  EXPECT_LE(outline->points.size(), outline_points_max);
  for (const PointDm& point : outline->points) EXPECT_NEAR(std::hypot(point.x_dm, point.y_dm), radius_dm, 8);
  EXPECT_NEAR(outline->start.x_dm, radius_dm, 8);
  EXPECT_NEAR(outline->start.y_dm, 0, 8);
  EXPECT_EQ(outline->completeness, 9);
}

TEST(Outline, BeginsAtTheLineAlsoBetweenTwoSamples) {
  SessionLog log(test::test_session);
  drive(log, {.to_ms = 120'000});
  const auto outline = outline_of_lap(log, test::lap(4, 2, 100'110, 90'000));
  ASSERT_TRUE(outline);
  const double angle = 2 * std::numbers::pi * 10'110 / 90'000;
  EXPECT_NEAR(outline->start.x_dm, radius_dm * std::cos(angle), 8);
  EXPECT_NEAR(outline->start.y_dm, radius_dm * std::sin(angle), 8);
  EXPECT_NEAR(outline->points.front().x_dm, outline->start.x_dm, 1);
}

TEST(Outline, NeedsARingAndEnoughOfIt) {
  SessionLog log(test::test_session);
  drive(log, {});
  EXPECT_FALSE(outline_of_lap(log, test::lap(4, 2, 60'000, 60'000)));        // two thirds of a lap
  EXPECT_FALSE(outline_of_lap(log, test::lap(4, 2, 90'000, std::nullopt)));  // not timed
  EXPECT_FALSE(outline_of_lap(log, test::lap(1, 2, 90'000, 90'000)));        // another car, no samples
  record::Lap in_lap = test::lap(4, 2, 90'000, 90'000);
  in_lap.pit_in_time_ms = 89'000;
  EXPECT_FALSE(outline_of_lap(log, in_lap));
  SessionLog sparse(test::test_session);
  drive(sparse, {.step_ms = 1500});  // 60 places, as a frozen feed gives
  EXPECT_FALSE(outline_of_lap(sparse, test::lap(4, 2, 90'000, 90'000)));
  SessionLog hole(test::test_session);
  drive(hole, {.to_ms = 40'000});
  drive(hole, {.from_ms = 60'000});
  EXPECT_FALSE(outline_of_lap(hole, test::lap(4, 2, 90'000, 90'000)));
}

TEST(OutlineFinder, PrefersCompleteThenClearlyQuickerLaps) {
  SessionLog log(test::test_session);
  drive(log, {.driver_number = 1, .step_ms = 440});
  drive(log, {.driver_number = 2});
  drive(log, {.driver_number = 3, .lap_ms = 88'000});
  drive(log, {.driver_number = 4, .lap_ms = 75'000, .to_ms = 120'000});
  OutlineFinder finder;
  const auto add = [&](std::int32_t driver, std::int32_t lap_ms, std::int64_t known_ms) {
    log.add(record_of(test::lap(driver, 2, lap_ms, lap_ms)), known_ms);
    log.settle();
    finder.look(log, 200'000);
    return finder.best() ? finder.best()->driver_number : 0;
  };
  EXPECT_EQ(add(1, 90'000, 95'000), 1);  // half of the samples: better than nothing
  EXPECT_EQ(add(2, 90'000, 96'000), 2);  // complete
  EXPECT_EQ(add(3, 88'000, 97'000), 2);  // hardly quicker: the map does not twitch
  EXPECT_EQ(add(4, 75'000, 98'000), 4);  // clearly quicker
  EXPECT_EQ(add(2, 90'000, 99'000), 4);
}

TEST(OutlineFinder, LooksAgainWhenTheSamplesOfALapComeAfterTheLap) {
  SessionLog log(test::test_session);
  log.add(record_of(test::lap(4, 2, 90'000, 90'000)), 91'000);
  log.settle();
  OutlineFinder finder;
  EXPECT_FALSE(finder.look(log, 200'000));
  drive(log, {});
  EXPECT_TRUE(finder.look(log, 200'000));
}

TEST(OutlineFinder, DoesNotLookBehindTheEdge) {
  SessionLog log(test::test_session);
  drive(log, {});
  log.add(record_of(test::lap(4, 2, 90'000, 90'000)), 91'000);
  log.settle();
  OutlineFinder finder;
  EXPECT_FALSE(finder.look(log, 90'999));
  EXPECT_TRUE(finder.look(log, 91'000));
}

TEST(OutlineFinder, DoesNotSayWhoseLapItIsBeforeTheViewerMayKnow) {
  SessionLog log(test::test_session);
  drive(log, {});
  log.add(record_of(test::lap(4, 2, 90'000, 90'000)), 91'000);
  log.settle();
  OutlineFinder finder;
  EXPECT_EQ(finder.json(200'000), nullptr);
  finder.look(log, 200'000);
  const auto before = test::json::parse(*finder.json(90'999)).as_object();
  const auto after = test::json::parse(*finder.json(91'000)).as_object();
  EXPECT_TRUE(before.at("driver_number").is_null());
  EXPECT_TRUE(before.at("lap_number").is_null());
  EXPECT_EQ(after.at("driver_number"), 4);
  EXPECT_EQ(after.at("lap_number"), 2);
  EXPECT_EQ(before.at("points_dm"), after.at("points_dm"));
}

}  // namespace
}  // namespace slipstream::serve
