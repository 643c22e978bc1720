// Laws that the tables of what happened in a race keep on every real session: penalties, passes, stops,
// places.
#include "tests/race_tables.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <map>
#include <set>

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using record::Int;
using testing_support::data_root;

struct PenaltySeen {
  Int driver_number;
  const char* kind;
  Int seconds;
  const char* state;
  bool operator<(const PenaltySeen& other) const {
    return std::tuple(driver_number, std::string_view(kind), seconds, std::string_view(state)) <
           std::tuple(other.driver_number, std::string_view(other.kind), other.seconds,
                      std::string_view(other.state));
  }
};

struct RaceCase {
  const char* name;
  const char* source;
  std::vector<PenaltySeen> time_penalties;  // all of the session
};

void PrintTo(const RaceCase& session, std::ostream* out) { *out << session.name; }

const RaceCase races[] = {
    {"Italy2025",
     "recordings/2025_italy_race.fastf1.txt.gz",
     {{12, "time", 5, "imposed"}, {31, "time", 5, "served"}, {87, "time", 10, "imposed"}}},
    {"Miami2025Sprint",
     "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint",
     {{1, "time", 10, "imposed"}}},
    {"Qatar2025Sprint",
     "recordings/2025_qatar_sprint.dump.txt.gz",
     {{12, "time", 5, "imposed"}, {22, "time", 5, "imposed"}}},
    {"Brazil2025Sprint", "recordings/2025_brazil_sprint.ns.txt.gz", {}},
    {"Australia2025",
     "archive/2025/2025-03-16_Australian_Grand_Prix/2025-03-16_Race",
     {{5, "time", 5, "served"}, {12, "time", 5, "imposed"}}},
    {"China2026", "archive/2026/2026-03-15_Chinese_Grand_Prix/2026-03-15_Race", {{31, "time", 10, "served"}}},
};

class RaceLaws : public testing::TestWithParam<RaceCase> {
 protected:
  void SetUp() override {
    if (!fs::exists(data_root() / GetParam().source)) {
      GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << GetParam().source << " not compared";
    }
    tables_ = testing_support::load_race(GetParam().source);
  }
  testing_support::RaceTables tables_;
};

TEST_P(RaceLaws, L26_OnlyWhatIsUnservedIsAdded) {
  std::multiset<PenaltySeen> expected(GetParam().time_penalties.begin(), GetParam().time_penalties.end());
  std::multiset<PenaltySeen> seen;
  std::map<Int, Int> unserved_ms;
  for (const auto& [key, row] : tables_.penalties) {
    if (row.kind != "time") continue;
    ASSERT_TRUE(row.driver_number && row.seconds);
    const bool is_served = row.state == "served";
    seen.insert({*row.driver_number, "time", *row.seconds, is_served ? "served" : "imposed"});
    if (!is_served) unserved_ms[*row.driver_number] += *row.seconds * 1000;
    EXPECT_TRUE(row.imposed_message_number);
    EXPECT_EQ(row.served_message_number.has_value(), is_served);
  }
  EXPECT_FALSE(expected < seen || seen < expected) << "time penalties of the session";
  for (const auto& [key, row] : tables_.results) {
    if (!row.race_time_ms) continue;
    EXPECT_EQ(row.penalty_ms.value_or(0), unserved_ms[row.driver_number]) << row.driver_number;
  }
}

// From one pass of a pair to the next the other car has to be in front.
TEST_P(RaceLaws, APassOfTwoCarsCountsOnce) {
  std::map<std::pair<Int, Int>, Int> in_front;
  Int last_number = -1, last_ms = 0;
  for (const auto& [key, row] : tables_.overtakes) {
    EXPECT_EQ(row.overtake_number, last_number + 1);
    EXPECT_GE(row.session_time_ms, last_ms) << "in order of time";
    last_number = row.overtake_number;
    last_ms = row.session_time_ms;
    const auto pair = std::minmax(row.driver_number, row.overtaken_driver_number);
    ASSERT_NE(row.driver_number, row.overtaken_driver_number);
    const auto known = in_front.find({pair.first, pair.second});
    if (known != in_front.end()) {
      EXPECT_NE(known->second, row.driver_number)
          << row.driver_number << " passes " << row.overtaken_driver_number << " twice, at "
          << row.session_time_ms;
    }
    in_front[{pair.first, pair.second}] = row.driver_number;
  }
}

TEST_P(RaceLaws, StopsOfACarFollowOneAnother) {
  const record::PitStop* before = nullptr;
  for (const auto& [key, row] : tables_.pit_stops) {
    const bool is_same_car = before && before->driver_number == row.driver_number;
    EXPECT_EQ(row.stop_number, is_same_car ? before->stop_number + 1 : 1) << row.driver_number;
    if (row.pit_in_time_ms && row.pit_out_time_ms) {
      EXPECT_LT(*row.pit_in_time_ms, *row.pit_out_time_ms) << row.driver_number;
    }
    if (is_same_car && before->pit_out_time_ms && row.pit_in_time_ms) {
      EXPECT_LT(*before->pit_out_time_ms, *row.pit_in_time_ms) << row.driver_number;
    }
    before = &row;
  }
}

TEST_P(RaceLaws, PlacesAreOneToTheNumberOfCars) {
  std::vector<Int> places;
  places.reserve(tables_.results.size());
  for (const auto& [key, row] : tables_.results) places.push_back(row.position.value_or(0));
  std::ranges::sort(places);
  ASSERT_FALSE(places.empty());
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(places[i], static_cast<Int>(i) + 1);
}

INSTANTIATE_TEST_SUITE_P(Sessions, RaceLaws, testing::ValuesIn(races),
                         [](const auto& info) { return std::string(info.param.name); });

// ---- Stops, session by session.

std::map<Int, Int> stops_by_car(const testing_support::RaceTables& tables) {
  std::map<Int, Int> counts;
  for (const auto& [key, row] : tables.pit_stops) ++counts[row.driver_number];
  return counts;
}

// F1 sends each stop of this sprint twice within half a second, under index 0 and 1.
TEST(RealPitStops, D14_AStopThatTheSeriesSendsTwiceIsOne) {
  constexpr const char* source = "recordings/2025_qatar_sprint.dump.txt.gz";
  if (!fs::exists(data_root() / source)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing";
  const testing_support::RaceTables tables = testing_support::load_race(source);
  EXPECT_EQ(stops_by_car(tables), (std::map<Int, Int>{{10, 1}, {18, 1}, {43, 1}}));
  const std::map<Int, std::array<Int, 3>> expected = {// lap, lane, stationary
                                                      {10, {17, 28'876, 2900}},
                                                      {18, {13, 30'852, 4900}},
                                                      {43, {17, 31'299, 4000}}};
  for (const auto& [key, row] : tables.pit_stops) {
    const auto& [lap, lane_ms, stationary_ms] = expected.at(row.driver_number);
    EXPECT_EQ(row.source, "series");
    EXPECT_EQ(row.lap_number, lap);
    EXPECT_EQ(row.lane_duration_ms, lane_ms);
    EXPECT_EQ(row.stationary_duration_ms, stationary_ms);
    ASSERT_TRUE(row.pit_in_time_ms && row.pit_out_time_ms);
    EXPECT_NEAR(*row.pit_out_time_ms - *row.pit_in_time_ms, lane_ms, 2000) << "entry and exit by timing";
  }
}

// The stops that F1 counts, NumberOfPitStops, as FastF1 counts entries: no drive to the grid, nothing behind
// the flag; who retires in the garage has stopped there (car 14 in Italy, car 55 in Miami).
TEST(RealPitStops, D14_WithoutASeriesTheStopsAreThoseThatTimingCounts) {
  constexpr const char* italy = "recordings/2025_italy_race.fastf1.txt.gz";
  constexpr const char* miami = "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint";
  if (!fs::exists(data_root() / italy)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing";
  EXPECT_EQ(stops_by_car(testing_support::load_race(italy)), (std::map<Int, Int>{{1, 1},
                                                                                 {4, 1},
                                                                                 {5, 1},
                                                                                 {6, 1},
                                                                                 {10, 1},
                                                                                 {12, 1},
                                                                                 {14, 2},
                                                                                 {16, 1},
                                                                                 {18, 1},
                                                                                 {22, 1},
                                                                                 {23, 1},
                                                                                 {30, 1},
                                                                                 {31, 1},
                                                                                 {43, 1},
                                                                                 {44, 1},
                                                                                 {55, 1},
                                                                                 {63, 1},
                                                                                 {81, 1},
                                                                                 {87, 1}}));
  EXPECT_EQ(stops_by_car(testing_support::load_race(miami)), (std::map<Int, Int>{{1, 1},
                                                                                 {4, 1},
                                                                                 {5, 1},
                                                                                 {6, 1},
                                                                                 {7, 1},
                                                                                 {10, 1},
                                                                                 {12, 2},
                                                                                 {14, 1},
                                                                                 {18, 1},
                                                                                 {22, 1},
                                                                                 {23, 1},
                                                                                 {27, 1},
                                                                                 {30, 1},
                                                                                 {31, 1},
                                                                                 {44, 1},
                                                                                 {55, 2},
                                                                                 {63, 1},
                                                                                 {81, 1},
                                                                                 {87, 1}}));
}

}  // namespace
}  // namespace slipstream
