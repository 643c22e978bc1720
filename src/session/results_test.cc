// Results as they stand and as they end, told by messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using record::SessionResult;
using testing::ElementsAre;

constexpr const char* race_info =
    R"({"Meeting":{"Key":1,"Name":"Some Grand Prix"},"Key":9912,"Type":"Race","Name":"Race",)"
    R"("StartDate":"2025-09-07T15:00:00","GmtOffset":"02:00:00","Path":"2025/x/y/"})";

std::string lines(const std::string& members) { return R"({"Lines":{)" + members + "}}"; }

// A race of cars 1, 4 and 81 over three laps; the order at the line is theirs.
class Race {
 public:
  Race() {
    told.begins(race_info)
        .message(4'000, "LapCount", R"({"CurrentLap":1,"TotalLaps":3})")
        .message(4'500, "TimingAppData",
                 R"({"Lines":{"1":{"GridPos":"2"},"4":{"GridPos":"1"},"81":{"GridPos":"0"}}})")
        .message(5'000, "TimingData",
                 lines(R"("1":{"Position":"1"},"4":{"Position":"2"},"81":{"Position":"3"})"))
        .message(10'000, "SessionStatus", R"({"Status":"Started"})");
  }
  Race& line(Int at_ms, Int car, Int laps) {
    told.message(
        at_ms, "TimingData",
        lines('"' + std::to_string(car) + R"(":{"LastLapTime":{"Value":"1:20.000"},"NumberOfLaps":)" +
              std::to_string(laps) + "}"));
    return *this;
  }
  Race& lap(Int number) {
    const Int at_ms = 10'000 + number * 80'000;
    return line(at_ms, 1, number).line(at_ms + 2'000, 4, number).line(at_ms + 8'000, 81, number);
  }
  Race& stewards(Int at_ms, const std::string& text) {
    told.race_control(at_ms, R"("Category":"Other","Message":")" + text + '"');
    return *this;
  }
  Race& status(Int at_ms, const char* status) {
    told.message(at_ms, "SessionStatus", std::string(R"({"Status":")") + status + R"("})");
    return *this;
  }
  std::vector<SessionResult> results() {
    auto rows = told.table<SessionResult>();
    std::ranges::sort(rows, {}, &SessionResult::position);
    return rows;
  }
  std::vector<Int> order() {
    std::vector<Int> numbers;
    for (const SessionResult& row : results()) numbers.push_back(row.driver_number);
    return numbers;
  }

  Told told;
};

TEST(Results, ARaceIsLapsThenTime) {
  Race race;
  race.lap(1).lap(2).line(250'000, 1, 3).line(252'000, 4, 3).status(260'000, "Finished").told.ends();
  const auto rows = race.results();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(race.order(), ElementsAre(1, 4, 81));
  EXPECT_EQ(rows[0].classified_position, "1");
  EXPECT_EQ(rows[0].points, 25);
  EXPECT_EQ(rows[0].grid_position, 2);
  EXPECT_EQ(rows[0].laps_led, 3);
  EXPECT_EQ(rows[1].gap_ms, 2'000);
  EXPECT_EQ(rows[1].status, "Finished");
  EXPECT_EQ(rows[2].laps_completed, 2);
  EXPECT_EQ(rows[2].gap_laps, 1);
  EXPECT_EQ(rows[2].grid_position, 0) << "from the pit lane";
  EXPECT_TRUE(rows[2].is_dnf);
  EXPECT_EQ(rows[2].classified_position, "3") << "two of three laps are 90 %, rounded down";
  EXPECT_TRUE(rows[2].is_provisional);
}

TEST(Results, L26OnlyWhatIsUnservedAtTheFlagIsAdded) {
  Race race;
  race.lap(1).stewards(95'000, "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 1 (VER) - TRACK LIMITS");
  race.lap(2);
  EXPECT_THAT(race.order(), ElementsAre(1, 4, 81)) << "it may still be served";
  race.lap(3).status(270'000, "Finished").told.ends();
  EXPECT_THAT(race.order(), ElementsAre(4, 1, 81));
  EXPECT_EQ(race.results()[1].penalty_ms, 5'000);
  EXPECT_EQ(race.results()[1].gap_ms, 3'000);
  EXPECT_EQ(race.results()[1].basis, "laps,penalty,time");
}

TEST(Results, L26AServedPenaltyIsInTheTimeAlready) {
  Race race;
  race.lap(1).stewards(95'000, "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 1 (VER) - TRACK LIMITS");
  race.lap(2).stewards(190'000,
                       "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 1 (VER) - TRACK LIMITS");
  race.lap(3).status(270'000, "Finished").told.ends();
  EXPECT_THAT(race.order(), ElementsAre(1, 4, 81));
  EXPECT_EQ(race.results()[0].penalty_ms, 0);
}

TEST(Results, ADisqualifiedCarIsLast) {
  Race race;
  race.lap(1).lap(2).lap(3).status(270'000, "Finished");
  race.stewards(280'000, "FIA STEWARDS: CAR 1 (VER) DISQUALIFIED - UNDERWEIGHT").told.ends();
  EXPECT_THAT(race.order(), ElementsAre(4, 81, 1));
  EXPECT_EQ(race.results()[2].classified_position, "D");
  EXPECT_EQ(race.results()[2].points, 0);
  EXPECT_EQ(race.results()[0].points, 25);
}

TEST(Results, ARaceThatIsNotResumedIsCountedBack) {
  Race race;
  race.lap(1).lap(2).lap(3);
  race.told.message(5'500, "LapCount", R"({"CurrentLap":4,"TotalLaps":60})");
  race.line(330'000, 4, 4).status(340'000, "Aborted").status(400'000, "Finished").told.ends();
  // The leader was in lap 5: the results are those of lap 3.
  EXPECT_THAT(race.order(), ElementsAre(1, 4, 81));
  const auto rows = race.results();
  EXPECT_EQ(rows[0].laps_completed, 3);
  EXPECT_NE(rows[0].basis->find("countback"), std::string::npos);
  EXPECT_NE(rows[0].basis->find("reduced_points"), std::string::npos);
  EXPECT_EQ(rows[0].points, 6);
}

TEST(Results, ALappedCarIsCountedBackToTheLapInWhichItWas) {
  Race race;
  race.line(90'000, 1, 1).line(100'000, 4, 1).line(165'000, 81, 1);
  race.line(170'000, 1, 2).line(180'000, 4, 2);
  race.line(250'000, 1, 3).line(255'000, 81, 2).line(260'000, 4, 3);
  race.status(300'000, "Aborted").line(345'000, 81, 3).status(400'000, "Finished").told.ends();
  // The leader was in lap 4: the results are those of lap 2, at 170 s; car 81 ended its lap 2 behind that.
  EXPECT_THAT(race.order(), ElementsAre(1, 4, 81));
  EXPECT_EQ(race.results()[2].laps_completed, 2);
  Race slower;
  slower.line(90'000, 1, 1).line(100'000, 4, 1);
  slower.line(170'000, 1, 2).line(175'000, 81, 1).line(180'000, 4, 2);
  slower.line(250'000, 1, 3).line(260'000, 4, 3).line(265'000, 81, 2);
  slower.status(300'000, "Aborted").status(400'000, "Finished").told.ends();
  EXPECT_EQ(slower.results()[2].driver_number, 81);
  EXPECT_EQ(slower.results()[2].laps_completed, 1) << "the flag would have been shown before it ended lap 1";
  EXPECT_EQ(slower.results()[2].gap_laps, 1);
}

// Spa 2021: the red flag came in lap 3, lap 1 was the result, and half the points were given.
TEST(Results, D6AStoppedRaceGivesPointsForTheLapsThatWereDriven) {
  Race race;
  race.told.message(5'500, "SessionInfo",
                    R"({"Meeting":{"Key":1,"Name":"Some Grand Prix"},"Key":9912,"Type":"Race","Name":"Race",)"
                    R"("StartDate":"2021-08-29T15:00:00","GmtOffset":"02:00:00","Path":"2021/x/y/"})");
  race.told.message(5'600, "LapCount", R"({"CurrentLap":1,"TotalLaps":44})");
  race.lap(1).lap(2).status(190'000, "Aborted").status(400'000, "Finished").told.ends();
  EXPECT_EQ(race.results()[0].laps_completed, 1);
  EXPECT_EQ(race.results()[0].points, 12.5);
}

// From 2022 on a lap behind the safety car is none of the two that a race must have to give points.
TEST(Results, AStoppedRaceBehindTheSafetyCarGivesNoPoints) {
  const auto points = [](Int laps_behind) {
    Race race;
    race.told.message(5'500, "LapCount", R"({"CurrentLap":1,"TotalLaps":60})");
    race.told.message(9'000, "TrackStatus", R"({"Status":"4","Message":"SCDeployed"})");
    for (const Int number : {1, 2, 3}) {
      const Int before_line_ms = 5'000 + number * 80'000;
      if (number == laps_behind)
        race.told.message(before_line_ms, "TrackStatus", R"({"Status":"1","Message":"AllClear"})");
      race.lap(number);
    }
    race.status(300'000, "Aborted").status(400'000, "Finished").told.ends();
    return race.results()[0].points;
  };
  EXPECT_EQ(points(1), 6);
  EXPECT_EQ(points(2), 0) << "only lap 3 is driven freely";
}

TEST(Results, ACarWithoutALapDidNotStart) {
  Race race;
  for (const Int number : {1, 2, 3})
    race.line(10'000 + number * 80'000, 1, number).line(12'000 + number * 80'000, 4, number);
  race.status(270'000, "Finished").told.ends();
  const auto rows = race.results();
  EXPECT_EQ(rows[2].driver_number, 81);
  EXPECT_TRUE(rows[2].is_dns);
  EXPECT_EQ(rows[2].classified_position, "W");
}

TEST(Results, ARaceWithoutTimingDataHasTheOrderOfTheScreen) {
  Told told;
  told.begins(race_info)
      .message(4'500, "TimingAppData",
               lines(R"("1":{"GridPos":"2","Line":2},"4":{"GridPos":"1","Line":1},"81":{"Line":3})"))
      .message(10'000, "SessionStatus", R"({"Status":"Started"})")
      .message(90'000, "TimingAppData", lines(R"("1":{"Line":1},"4":{"Line":2})"));
  EXPECT_EQ(told.table<SessionResult>()[0].points, std::nullopt) << "it still runs";
  told.message(100'000, "SessionStatus", R"({"Status":"Finished"})").ends();
  auto rows = told.table<SessionResult>();
  std::ranges::sort(rows, {}, &SessionResult::position);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].driver_number, 1);
  EXPECT_EQ(rows[0].points, 25);
  EXPECT_EQ(rows[0].grid_position, 2);
  EXPECT_EQ(rows[0].basis, "screen_order");
  EXPECT_EQ(rows[0].laps_completed, std::nullopt) << "nobody said so";
  EXPECT_EQ(rows[2].driver_number, 81);
}

TEST(Results, OfEqualTimesTheFirstToSetItIsAhead) {
  Told told;
  told.begins();
  const auto drive = [&](Int car, Int from_ms) {
    const std::string number = std::to_string(car);
    const auto say = [&](Int at_ms, const std::string& line) {
      told.message(at_ms, "TimingData", lines('"' + number + "\":" + line));
    };
    say(from_ms, R"({"InPit":true})");
    say(from_ms + 1'000, R"({"InPit":false})");
    say(from_ms + 81'000, R"({"NumberOfLaps":1,"LastLapTime":{"Value":"1:20.000"},)"
                          R"("BestLapTimes":{"0":{"Value":"1:20.000","Lap":1}}})");
  };
  drive(16, 40'000);
  drive(4, 60'000);
  told.ends();
  auto rows = told.table<SessionResult>();
  std::ranges::sort(rows, {}, &SessionResult::position);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].driver_number, 16);
  EXPECT_EQ(rows[1].driver_number, 4);
  EXPECT_EQ(rows[0].q1_ms, 80'000);
  EXPECT_EQ(rows[1].gap_ms, 0);
  EXPECT_EQ(rows[1].basis, "q1");
}

TEST(Results, WhoReachedAPartWithoutATimeIsAheadOfThoseKnockedOut) {
  Told told;
  told.begins();
  told.message(30'000, "TimingData", R"({"NoEntries":[3,2,1],"SessionPart":1})");
  const auto show = [&](Int at_ms, Int car, Int place, const std::string& bests) {
    told.message(at_ms, "TimingData",
                 lines('"' + std::to_string(car) + R"(":{"Line":)" + std::to_string(place) +
                       R"(,"BestLapTimes":{)" + bests + "}}"));
  };
  show(120'000, 16, 1, R"("0":{"Value":"1:20.000"})");
  show(130'000, 4, 2, R"("0":{"Value":"1:21.000"})");
  show(140'000, 81, 3, R"("0":{"Value":"1:20.500"})");  // reinstated when it was out
  told.message(900'000, "TimingData", R"({"SessionPart":2})");
  show(990'000, 16, 1, R"("1":{"Value":"1:19.000"})");
  told.ends();
  auto rows = told.table<SessionResult>();
  std::ranges::sort(rows, {}, &SessionResult::position);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].driver_number, 4);
  EXPECT_EQ(rows[1].basis, "q1");
  EXPECT_EQ(rows[2].driver_number, 81);
}

}  // namespace
}  // namespace slipstream::session
