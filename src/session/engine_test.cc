#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using testing::ElementsAre;

TEST(Engine, HoldsRecordsUntilTheSessionIsKnown) {
  Told told;
  told.message(100, "WeatherData", R"({"AirTemp":"25.9","Rainfall":"0"})");
  EXPECT_TRUE(told.rows<record::Weather>().empty());
  told.begins();
  ASSERT_EQ(told.rows<record::Weather>().size(), 1u);
  EXPECT_EQ(told.rows<record::Weather>()[0].row.session_key, SessionKey(9873));
  EXPECT_EQ(told.rows<record::Weather>()[0].at_ms, 100);
  EXPECT_EQ(told.engine().build(), fmt::format("3.{:04}.2025-10-25T20:46:23.899Z", engine_version));
}

TEST(Engine, ASessionWithoutInfoGetsANegativeKeyFromItsBytes) {
  const auto key_of = [](const char* first) {
    Told told(feed::SourceKind::recording);
    told.message(5, "TimingData", first).ends();
    return told.engine().session_key().value;
  };
  const char* line = R"({"Lines":{"4":{"Line":1}}})";
  EXPECT_LT(key_of(line), 0);
  EXPECT_EQ(key_of(line), key_of(line));
  EXPECT_NE(key_of(line), key_of(R"({"Lines":{"4":{"Line":2}}})"));
}

TEST(Engine, PublishesALapAtTheLineAndAgainWhenItsTimeComes) {
  Told told;
  drive_a_lap(told)
      .timing(100'400, R"({"LastLapTime":{"Value":"1:20.000"}})")
      .timing(107'000, R"({"Line":1})");
  auto& laps = told.rows<record::Lap>();
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[0].envelope.revision, 0);
  EXPECT_EQ(laps[0].row.lap_time_ms, std::nullopt);
  EXPECT_EQ(laps[0].at_ms, 100'000);
  EXPECT_EQ(laps[1].envelope.revision, 1);
  EXPECT_EQ(laps[1].row.lap_time_ms, 80'000);
  EXPECT_EQ(laps[1].at_ms, 100'400) << "a value that comes late is shown when it comes";
}

TEST(Engine, PublishesALapAgainWhenRaceControlDeletesIt) {
  Told told;
  drive_a_lap(told)
      .timing(100'400, R"({"LastLapTime":{"Value":"1:20.000"}})")
      .timing(107'000, R"({"Line":1})");
  told.message(200'000, "RaceControlMessages",
               R"({"Messages":[{"Utc":"2025-10-25T20:50:00","Category":"Other","Message":)"
               R"("CAR 4 (NOR) TIME 1:20.000 DELETED - TRACK LIMITS AT TURN 12 LAP 1 15:03:34"}]})");
  const auto& last = told.rows<record::Lap>().back();
  EXPECT_EQ(last.envelope.revision, 2);
  EXPECT_EQ(last.row.is_deleted, true);
  EXPECT_EQ(last.row.deleted_reason, "TRACK LIMITS AT TURN 12 LAP 1");
  EXPECT_EQ(told.rows<record::RaceControl>().back().row.driver_number, 4);
}

TEST(Engine, D1_OnlyWhoAppearsInTimingDataIsADriver) {
  Told told;
  told.begins().message(4000, "DriverList", R"({"4":{"Tla":"NOR","Line":1},"97":{"Tla":"SUP","Line":21}})");
  EXPECT_TRUE(told.rows<record::Driver>().empty());
  told.timing(5000, R"({"Line":1})");
  ASSERT_EQ(told.rows<record::Driver>().size(), 1u);
  EXPECT_EQ(told.rows<record::Driver>()[0].row.driver_code, "NOR");
  EXPECT_EQ(told.engine().driver_key(4), "NOR");
}

TEST(Engine, L20_NoNumberOfCarsIsBuiltIn) {
  Told told;
  told.begins();
  constexpr int cars = 24;
  for (int number = 2; number < 2 + cars; ++number) {
    told.message(5000 + number, "TimingData",
                 R"({"Lines":{")" + std::to_string(number) + R"(":{"Position":")" +
                     std::to_string(number - 1) + "\"}}}");
  }
  told.ends();
  EXPECT_EQ(told.table<record::Driver>().size(), cars);
  EXPECT_EQ(told.rows<record::Timing>().back().row.position, cars);
}

TEST(Engine, D2_ANumberIsSomebodyElseInAnotherSession) {
  const auto name_of = [](const char* info, const char* list) {
    Told told;
    told.begins(info).message(4000, "DriverList", list).timing(5000, R"({"Line":1})").ends();
    return told.table<record::Driver>().at(0);
  };
  const auto race = name_of(R"({"Key":9873,"Type":"Race"})", R"({"4":{"Tla":"NOR"}})");
  const auto practice = name_of(R"({"Key":9870,"Type":"Practice"})", R"({"4":{"Tla":"OWA"}})");
  EXPECT_EQ(race.driver_code, "NOR");
  EXPECT_EQ(practice.driver_code, "OWA");
  EXPECT_NE(record::row_key(race), record::row_key(practice));
}

TEST(Engine, TheKeyOfACarStaysWhenItsNameComesLate) {
  Told told;
  told.begins().timing(5000, R"({"Line":1})");
  EXPECT_EQ(told.engine().driver_key(4), "4");
  told.message(6000, "DriverList", R"({"4":{"Tla":"NOR"}})");
  EXPECT_EQ(told.engine().driver_key(4), "4");
}

TEST(Engine, AllPatchesOfACarWithOneTimeAreOneTimingRow) {
  Told told;
  told.begins().timing(5000, R"({"Position":"3"})").timing(5000, R"({"GapToLeader":"+1:09.473"})");
  told.timing(5000, R"({"NumberOfPitStops":1})").timing(6000, R"({"NumberOfPitStops":2})").ends();
  const auto& rows = told.rows<record::Timing>();
  ASSERT_EQ(rows.size(), 1u) << "what the table does not show makes no row";
  EXPECT_EQ(rows[0].row.position, 3);
  EXPECT_EQ(rows[0].row.gap_ms, 69'473);
}

TEST(Engine, P12_GapsThatAreNoTimesAreNotNumbers) {
  Told told;
  told.begins().timing(5000, R"({"GapToLeader":"LAP 9"})").timing(6000, R"({"GapToLeader":"2L"})").ends();
  const auto& rows = told.rows<record::Timing>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.gap_ms, std::nullopt);
  EXPECT_EQ(rows[0].row.gap_laps, std::nullopt);
  EXPECT_EQ(rows[1].row.gap_laps, 2);
}

TEST(Engine, Defect20_TotalLapsAreTheLastThatWereSent) {
  Told told;
  told.begins().message(5000, "LapCount", R"({"CurrentLap":1,"TotalLaps":58})");
  told.message(6000, "LapCount", R"({"CurrentLap":57})").message(7000, "LapCount", R"({"TotalLaps":57})");
  const auto& rows = told.rows<record::LapCount>();
  EXPECT_EQ(rows.back().row.total_laps, 57);
  EXPECT_EQ(rows.back().row.current_lap, 57);
}

TEST(Engine, Defect14_NamesComeFromTheFeedAndAreNullWithoutIt) {
  Told told;
  told.begins().timing(5000, R"({"Line":1})").ends();
  const auto& driver = told.rows<record::Driver>().back().row;
  EXPECT_EQ(driver.driver_number, 4);
  EXPECT_EQ(driver.driver_code, std::nullopt);
  EXPECT_EQ(driver.team_name, std::nullopt);
}

TEST(Engine, BadInputIsSetAsideAndTheRestGoesOn) {
  Told told;
  told.begins()
      .message(5000, "TimingData", R"({"Lines":{"4":)")
      .message(6000, "CarData.z", R"({"Entries":7})");
  told.timing(7000, R"({"Position":"1"})").ends();
  const auto& rejected = told.rows<record::Rejected>();
  ASSERT_EQ(rejected.size(), 2u);
  EXPECT_EQ(rejected[0].row.feed_topic, "TimingData");
  EXPECT_EQ(rejected[0].row.raw, R"({"Lines":{"4":)");
  EXPECT_EQ(rejected[1].row.ordinal, 1) << "both at offset 0 of their files";
  EXPECT_EQ(told.rows<record::Timing>().size(), 1u);
}

TEST(Engine, SessionStatusComesByTwoTopicsAndIsOneRow) {
  Told told;
  told.begins().message(10'000, "SessionData", R"({"StatusSeries":{"1":{"SessionStatus":"Started"}}})");
  told.message(10'050, "SessionStatus", R"({"Status":"Started"})")
      .message(99'000, "SessionStatus", R"({"Status":"Aborted"})");
  told.message(120'000, "SessionStatus", R"({"Status":"Started"})").ends();
  std::vector<std::string> statuses;
  for (const auto& published : told.rows<record::SessionStatus>()) statuses.push_back(*published.row.status);
  EXPECT_THAT(statuses, ElementsAre("Started", "Aborted", "Started"));
  EXPECT_EQ(told.rows<record::Session>().back().row.session_status, "Started");
}

}  // namespace
}  // namespace slipstream::session
