#include "session/feed_topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace slipstream::session {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

Needs needs(std::vector<std::string> tables) { return needs_of(tables); }

TEST(FeedTopics, AllTablesNeedTheWholeSession) {
  EXPECT_THAT(needs({}).feed_topics, IsEmpty());
  EXPECT_EQ(needs({}).telemetry, Telemetry::samples);
}

TEST(FeedTopics, ATableThatIsNotKnownNeedsTheWholeSession) {
  EXPECT_THAT(needs({"laps", "tables_of_next_year"}).feed_topics, IsEmpty());
  EXPECT_EQ(needs({"laps", "car_samples"}).telemetry, Telemetry::samples);
}

TEST(FeedTopics, WeatherAloneReadsNoTelemetry) {
  EXPECT_THAT(needs({"weather"}).feed_topics, Contains("WeatherData"));
  EXPECT_THAT(needs({"weather"}).feed_topics, Not(Contains("CarData.z")));
}

TEST(FeedTopics, LapsReadTelemetryForItsDates) {
  EXPECT_THAT(needs({"weather", "laps"}).feed_topics, Contains("Position.z"));
  EXPECT_EQ(needs({"weather", "laps"}).telemetry, Telemetry::dates_only);
}

TEST(FeedTopics, TheCircuitReadsPositionsAndOfTheCarsOnlyTheDates) {
  for (const char* table : {"circuit_points", "corners", "circuit_lines", "pit_lane_points"}) {
    EXPECT_TRUE(needs({table}).has_circuit) << table;
    EXPECT_EQ(needs({table}).positions, Telemetry::samples) << table;
    EXPECT_EQ(needs({table}).telemetry, Telemetry::dates_only) << table;
  }
  EXPECT_FALSE(needs({"laps", "stints"}).has_circuit);
  EXPECT_EQ(needs({"laps", "stints"}).positions, Telemetry::dates_only);
}

TEST(FeedTopics, OnlyTheTablesOfTheScreenNeedTheScreen) {
  EXPECT_FALSE(needs({"laps", "stints"}).has_screen);
  EXPECT_TRUE(needs({"laps", "mini_sectors"}).has_screen);
  EXPECT_TRUE(needs({}).has_screen);
}

TEST(FeedTopics, EveryLoadReadsTheClock) {
  EXPECT_TRUE(is_clock_topic("Heartbeat"));
  for (const char* topic : {"TimingData", "Heartbeat", "SessionInfo"}) {
    EXPECT_THAT(needs({"team_radio"}).feed_topics, Contains(topic));
  }
  EXPECT_FALSE(is_clock_topic("CarData.z"));
}

TEST(FeedTopics, EveryTopicIsNamedOnce) {
  auto topics = needs({"laps", "stints", "clock"}).feed_topics;
  std::ranges::sort(topics);
  EXPECT_EQ(std::ranges::adjacent_find(topics), topics.end());
}

}  // namespace
}  // namespace slipstream::session
