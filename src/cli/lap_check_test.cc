#include "cli/lap_check.h"

#include <gtest/gtest.h>

#include <array>

namespace slipstream::cli {
namespace {

const SessionKey session_key{9877};

record::Lap lap(int driver_number, int lap_number, std::array<std::optional<int>, 4> lap_and_sectors_ms) {
  record::Lap row;
  row.session_key = session_key;
  row.driver_number = driver_number;
  row.lap_number = lap_number;
  row.lap_time_ms = lap_and_sectors_ms[0];
  row.sector1_time_ms = lap_and_sectors_ms[1];
  row.sector2_time_ms = lap_and_sectors_ms[2];
  row.sector3_time_ms = lap_and_sectors_ms[3];
  return row;
}

class LapCheckTest : public testing::Test {
 protected:
  LapCheckTest() { EXPECT_TRUE(bus->ensure_topic(record::topic_laps, 2)); }

  void publish(const record::Lap& row, std::int32_t revision = 0, bool is_withdrawn = false,
               std::string_view build = "3.0001.a") {
    const std::string key = std::to_string(row.driver_number);
    std::string value;
    record::encode(row, {build, {revision, is_withdrawn}, key, {}}, value);
    const bus::OutRecord record{key, value, 0, {}};
    ASSERT_TRUE(bus->append(record::topic_laps, std::span(&record, 1)));
  }

  std::unique_ptr<bus::Bus> bus = bus::make_memory_bus();
  LapCheck check{*bus,
                 {lap(4, 1, {93'000, 31'000, 32'000, 30'000}), lap(4, 2, {90'000, 30'000, 31'000, 29'000}),
                  lap(16, 1, {94'000, 31'500, 32'000, 30'500})}};
};

TEST_F(LapCheckTest, WhatTheFeedDoesNotTimeIsNoError) {
  EXPECT_EQ(check.count(), (LapCheck::Counts{0, 0}));
  publish(lap(4, 1, {93'000, std::nullopt, 32'000, 30'000}));
  publish(lap(16, 1, {std::nullopt, 31'500, 32'000, std::nullopt}));
  EXPECT_EQ(check.count(), (LapCheck::Counts{1, 0})) << "a lap counts once it has a time";
  record::Lap reckoned = lap(16, 1, {94'040, std::nullopt, 32'000, 30'500});
  reckoned.lap_time_source = "line";
  publish(reckoned, 1);
  EXPECT_EQ(check.count(), (LapCheck::Counts{1, 0}));
}

TEST_F(LapCheckTest, ATimeThatIsNotTheTruthsIsAnErrorUntilItIsCorrected) {
  publish(lap(4, 1, {93'001, 31'000, 32'000, 30'000}));
  publish(lap(4, 2, {90'000, 30'000, 31'000, 28'000}));
  publish(lap(16, 1, {94'000, 31'500, 32'000, 30'500}));
  EXPECT_EQ(check.count(), (LapCheck::Counts{3, 2}));
  publish(lap(4, 1, {93'000, 31'000, 32'000, 30'000}), 1);
  EXPECT_EQ(check.count(), (LapCheck::Counts{3, 1}));
  publish(lap(4, 2, {90'000, 30'000, 31'000, 29'000}), 0, false, "2.0001.a");
  EXPECT_EQ(check.count(), (LapCheck::Counts{3, 1})) << "of a lower build";
  publish(lap(4, 2, {90'000, 30'000, 31'000, 28'000}), 1, true);
  EXPECT_EQ(check.count(), (LapCheck::Counts{2, 0})) << "withdrawn";
}

TEST_F(LapCheckTest, ALapThatNobodyDroveIsAnError) {
  publish(lap(4, 3, {90'000, 30'000, 31'000, 29'000}));
  EXPECT_EQ(check.count(), (LapCheck::Counts{1, 1}));
}

}  // namespace
}  // namespace slipstream::cli
