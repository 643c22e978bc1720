// However long or hostile a session is, what is kept of it has an end, and reaching it is said once.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "core/limits.h"
#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

int count_of(Told& told, std::string_view reason) {
  int count = 0;
  for (const auto& it : told.rows<record::Rejected>()) {
    count += it.row.reason.find(reason) != std::string::npos ? 1 : 0;
  }
  return count;
}

TEST(Limits, ACarWithEndlessTimingKeepsTheLapsItHas) {
  Told told;
  drive_a_lap(told);
  for (std::size_t i = 0; i < limits::car_events_max + 10; ++i) told.timing(200'000, R"({"Position":"1"})");
  told.timing(300'000, R"({"NumberOfLaps":2})").ends();
  EXPECT_EQ(told.rows<record::Lap>().back().row.lap_number, 1);
  EXPECT_EQ(count_of(told, "car 4 has more timing than a session can have"), 1);
}

TEST(Limits, ALapCountBeyondReasonIsNoLap) {
  Told told;
  drive_a_lap(told).timing(200'000, R"({"NumberOfLaps":2000000000})").ends();
  EXPECT_EQ(told.rows<record::Lap>().back().row.lap_number, 1);
  EXPECT_EQ(count_of(told, "car 4 has more timing"), 1);
}

TEST(Limits, MoreCarsThanThereCanBeAreLeftOut) {
  Told told;
  drive_a_lap(told);
  for (int number = 1; number < 999; ++number) {
    told.message(200'000, "TimingData", fmt::format(R"({{"Lines":{{"{}":{{"Position":"1"}}}}}})", number));
  }
  told.ends();
  EXPECT_EQ(told.rows<record::Driver>().size(), limits::cars_max);
  EXPECT_EQ(count_of(told, "more cars"), 1);
}

TEST(Limits, MoreTopicsThanTheFeedHasAreLeftOut) {
  Told told;
  told.begins();
  for (std::size_t i = 0; i < limits::feed_topics_max + 10; ++i) {
    told.message(200'000, fmt::format("Topic{}", i).c_str(), R"({"a":1})");
  }
  EXPECT_EQ(count_of(told, "more topics"), 1);
  EXPECT_LE(told.ends().rows<record::Completeness>().size(), limits::feed_topics_max + 1);
}

}  // namespace
}  // namespace slipstream::session
