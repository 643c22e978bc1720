#include "serve/outline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::record_of;

constexpr double radius_dm = 8000;
constexpr double length_m = 2 * std::numbers::pi * radius_dm / 10;

// Point `number` of `count` on a circle, anticlockwise from 3 o'clock.
record::CircuitPoint on_circle(int number, int count, double wider_dm = 0) {
  const double share = static_cast<double>(number) / count;
  const double angle = 2 * std::numbers::pi * share;
  return test::circuit_point(number, static_cast<int>(std::lround((radius_dm + wider_dm) * std::cos(angle))),
                             static_cast<int>(std::lround((radius_dm + wider_dm) * std::sin(angle))),
                             share * length_m);
}

void add_circle(Outline& outline, int count) {
  for (int i = 0; i < count; ++i) EXPECT_TRUE(outline.take(record_of(on_circle(i, count))));
  EXPECT_TRUE(outline.take(record_of(test::circuit_length(length_m))));
}

test::json::object json_of(Outline& outline) {
  outline.refresh();
  if (!outline.json()) return {};
  return test::json::parse(*outline.json()).as_object();
}

TEST(Outline, C17_IsTheCircuitThatWasDrawn) {
  Outline outline;
  EXPECT_TRUE(json_of(outline).empty());
  add_circle(outline, 1000);
  const auto json = json_of(outline);
  const auto& points = json.at("points_dm").as_array();
  EXPECT_LE(points.size(), outline_points_max);
  EXPECT_GT(points.size(), outline_points_max / 3);
  EXPECT_EQ(points.at(0), json.at("start_dm"));
  EXPECT_EQ(json.at("start_dm"), test::json::parse("[8000,0]"));
  EXPECT_EQ(json.at("length_m"), std::lround(length_m));
}

TEST(Outline, WaitsUntilTheRingIsWhole) {
  Outline outline;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(json_of(outline).empty()) << i;
    if (i != 40) outline.take(record_of(on_circle(i, 100)));
  }
  outline.take(record_of(test::circuit_length(length_m)));
  EXPECT_TRUE(json_of(outline).empty());
  outline.take(record_of(on_circle(40, 100)));
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 100u);
}

TEST(Outline, FollowsRevisionsAndWithdrawals) {
  Outline outline;
  add_circle(outline, 100);
  outline.take(record_of(on_circle(0, 100, 50), 2));
  outline.take(record_of(on_circle(0, 100, 20), 1));  // came late
  EXPECT_EQ(json_of(outline).at("start_dm"), test::json::parse("[8050,0]"));
  outline.take(record_of(on_circle(99, 100), 1, true));
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 99u);
  outline.take(record_of(on_circle(50, 100), 1, true));  // a gap: what was whole stays
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 99u);
}

TEST(Outline, ALaterBuildReplacesAllOfAnEarlierOne) {
  Outline outline;
  add_circle(outline, 100);
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 100u);
  for (int i = 0; i < 50; ++i) outline.take(record_of(on_circle(i, 50), 0, false, "3.0002.a"));
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 100u);
  outline.take(record_of(test::circuit_length(length_m), 0, false, "3.0002.a"));
  EXPECT_EQ(json_of(outline).at("points_dm").as_array().size(), 50u);
  outline.take(record_of(on_circle(0, 50, 500), 9));  // of the build before
  EXPECT_EQ(json_of(outline).at("start_dm"), test::json::parse("[8000,0]"));
}

TEST(Outline, LeavesOtherRecordsAlone) {
  Outline outline;
  EXPECT_FALSE(outline.take(record_of(test::timing(4, 1000, 1))));
  record::CircuitLine line = test::circuit_length(1);
  line.line = "pit_entry";
  EXPECT_TRUE(outline.take(record_of(line)));
  add_circle(outline, 100);
  EXPECT_EQ(json_of(outline).at("length_m"), std::lround(length_m));
}

}  // namespace
}  // namespace slipstream::serve
