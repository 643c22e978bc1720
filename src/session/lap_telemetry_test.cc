// Rows of telemetry: where in its lap a sample is, and who is ahead.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <map>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using record::Telemetry;

constexpr Int lap_ms = 80'000;
constexpr double speed_mps = 50;  // 180 km/h: 4,000 m a lap

// UTC of a session time: zero is where the clock of Told::begins() puts it.
std::string utc_of(Int session_time_ms) {
  return format_utc(*parse_utc("2025-10-25T20:46:23.899Z") + SessionTime(session_time_ms));
}

// Cars 4 and 16 lap after lap at one speed, sampled five times a second; 16 is two seconds ahead.
class Drive {
 public:
  Drive() {
    told.begins();
    for (const char* car : {"4", "16"}) {
      timing(5'000, car, R"("InPit":true)");
      timing(6'000, car, R"("InPit":false)");
    }
  }
  // F1's counter is one ahead from here on (L27).
  Drive& counts_garage_line() {
    for (const char* car : {"4", "16"}) timing(7'000, car, R"("NumberOfLaps":1)");
    lines_before = 1;
    return *this;
  }
  Drive& laps(Int count) {
    for (Int at_ms = 10'000; at_ms <= 20'000 + count * lap_ms + 10'000; at_ms += 200) {
      sample(at_ms);
      for (Int lap = 1; lap <= count; ++lap) {
        if (at_ms == 18'000 + lap * lap_ms) line(at_ms, "16", lap);
        if (at_ms == 20'000 + lap * lap_ms) line(at_ms, "4", lap);
      }
      if (at_ms == pits_at_ms) timing(at_ms, "16", R"("InPit":true)");
    }
    told.ends();
    return *this;
  }
  // The rows of car 4 in a lap, as they stand in the end.
  std::vector<Telemetry> lap(Int lap_number) {
    std::vector<Telemetry> rows;
    for (Telemetry& row : told.table<Telemetry>()) {
      if (row.driver_number == 4 && row.lap_number == lap_number) rows.push_back(std::move(row));
    }
    return rows;
  }

  Told told;
  Int pits_at_ms = 0, lines_before = 0;

 private:
  void timing(Int at_ms, const char* car, const std::string& members) {
    told.message(at_ms, "TimingData", fmt::format(R"({{"Lines":{{"{}":{{{}}}}}}})", car, members));
  }
  void line(Int at_ms, const char* car, Int laps) {
    timing(at_ms, car,
           fmt::format(R"("NumberOfLaps":{},"LastLapTime":{{"Value":"1:20.000"}})", laps + lines_before));
  }
  void sample(Int at_ms) {
    constexpr const char* channels = R"({"Channels":{"0":10000,"2":180,"3":7,"4":100,"5":0,"45":0}})";
    told.message(at_ms, "CarData.z",
                 fmt::format(R"({{"Entries":[{{"Utc":"{}","Cars":{{"4":{},"16":{}}}}}]}})", utc_of(at_ms),
                             channels, channels));
  }
};

TEST(LapTelemetry, C14DistanceCountsFromEachLine) {
  Drive drive;
  drive.laps(4);
  for (const Int lap_number : {2, 3, 4}) {
    const auto rows = drive.lap(lap_number);
    ASSERT_EQ(rows.size(), 400u) << "lap " << lap_number;
    EXPECT_NEAR(*rows.front().distance_m, 0, 1) << "lap " << lap_number;
    EXPECT_NEAR(*rows.back().distance_m, 4'000 - 0.2 * speed_mps, 1) << "lap " << lap_number;
    EXPECT_NEAR(*rows[200].distance_m, 2'000, 1);
    EXPECT_NEAR(*rows[200].relative_distance, 0.5, 0.001);
  }
}

TEST(LapTelemetry, KnowsWhoIsAhead) {
  Drive drive;
  drive.laps(3);
  const Telemetry row = drive.lap(3).at(100);
  EXPECT_EQ(row.driver_ahead, 16);
  EXPECT_NEAR(*row.distance_to_driver_ahead_m, 2 * speed_mps, 1);
}

TEST(LapTelemetry, C15ACarInThePitsIsNotAhead) {
  Drive drive;
  drive.pits_at_ms = 20'000 + 2 * lap_ms + 40'000;
  drive.laps(3);
  const auto rows = drive.lap(3);
  EXPECT_EQ(rows.at(100).driver_ahead, 16);
  EXPECT_EQ(rows.at(300).driver_ahead, std::nullopt);
}

TEST(LapTelemetry, ARowComesTwiceWhileTheSessionRuns) {
  Drive drive;
  drive.laps(2);
  int first = 0, last = 0;
  for (const auto& published : drive.told.rows<Telemetry>()) {
    if (published.row.driver_number != 4 || published.row.lap_number != 2) continue;
    (published.envelope.revision == 0 ? first : last)++;
    if (published.envelope.revision == 0) {
      EXPECT_EQ(published.row.distance_m, std::nullopt);
    } else {
      EXPECT_TRUE(published.row.distance_m);
    }
  }
  EXPECT_EQ(first, 400);
  EXPECT_EQ(last, 400);
}

TEST(LapTelemetry, L27_ItsFirstRowHasTheLapsNumberWhereF1sCounterIsOneAhead) {
  Drive drive;
  drive.counts_garage_line().laps(3);
  std::map<UtcTime, Int> first;
  for (const auto& published : drive.told.rows<Telemetry>()) {
    if (published.envelope.revision == 0) first[published.row.sample_date] = *published.row.lap_number;
  }
  for (const Int lap_number : {2, 3}) {
    const auto rows = drive.lap(lap_number);
    ASSERT_EQ(rows.size(), 400u) << "lap " << lap_number;
    EXPECT_EQ(first.at(rows[200].sample_date), lap_number);
  }
}

// Telemetry stops, and the lap is closed before a next sample has told that the last ones may be shown.
TEST(LapTelemetry, TheFirstRevisionComesFirstWhereTelemetryStops) {
  Told told;
  told.begins().timing(10'000, R"({"InPit":true})").timing(20'000, R"({"InPit":false})");
  told.timing(50'000, R"({"Sectors":{"0":{"Value":"30.000"}}})");
  told.timing(75'000, R"({"Sectors":{"1":{"Value":"25.000"}}})");
  told.message(99'900, "Position.z",
               R"({"Position":[{"Timestamp":")" + utc_of(99'900) +
                   R"(","Entries":{"4":{"Status":"OnTrack","X":1,"Y":2,"Z":3}}}]})");
  told.timing(100'000, R"({"NumberOfLaps":1,"Sectors":{"2":{"Value":"25.000"}}})");
  EXPECT_TRUE(told.rows<Telemetry>().empty()) << "it waits for the other stream";
  told.timing(107'000, R"({"Line":1})");
  const auto& rows = told.rows<Telemetry>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].envelope.revision, 0);
  EXPECT_EQ(rows[1].envelope.revision, 1);
  EXPECT_EQ(rows[1].row.lap_number, 1);
}

}  // namespace
}  // namespace slipstream::session
