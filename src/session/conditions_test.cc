// Weather, clock, lap count, track status, prediction, modes, drivers: one test a trap.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

TEST(Conditions, D10_WeatherThatIsMissingIsUnknown) {
  Told told;
  told.begins().message(5000, "WeatherData",
                        R"({"AirTemp":"","Humidity":"34.0","Rainfall":"0","WindSpeed":"x"})");
  const auto& row = told.rows<record::Weather>().back().row;
  EXPECT_EQ(row.air_temperature_c, std::nullopt);
  EXPECT_EQ(row.track_temperature_c, std::nullopt);
  EXPECT_EQ(row.humidity_pct, 34.0);
  EXPECT_EQ(row.wind_speed_mps, std::nullopt);
  EXPECT_EQ(row.is_raining, false);
}

TEST(Conditions, L14_TheTotalIsTheLastThatWasSaid) {
  Told told;
  told.begins().message(5000, "LapCount", R"({"CurrentLap":1,"TotalLaps":58})");
  told.message(6000, "LapCount", R"({"TotalLaps":57})")
      .message(7000, "LapCount", R"({"CurrentLap":2,"TotalLaps":null})");
  const auto rows = told.table<record::LapCount>();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].current_lap, 1);
  EXPECT_EQ(rows[2].current_lap, 2);
  EXPECT_EQ(rows[2].total_laps, 57);
}

TEST(Conditions, P15_NumbersComeAsTextAndAsFloats) {
  Told told;
  told.begins().message(5000, "LapCount", R"({"CurrentLap":"3.0","TotalLaps":57.0})");
  EXPECT_EQ(told.rows<record::LapCount>().back().row.current_lap, 3);
  EXPECT_EQ(told.rows<record::LapCount>().back().row.total_laps, 57);
}

TEST(Conditions, D12_TrackStatusSaidAgainIsNoChange) {
  Told told;
  told.begins().message(5000, "TrackStatus", R"({"Status":"1","Message":"AllClear"})");
  told.message(6000, "TrackStatus", R"({"Status":"1"})")
      .message(7000, "TrackStatus", R"({"Status":"3","Message":"??"})");
  const auto rows = told.table<record::TrackStatus>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].message_number, 1);
  EXPECT_EQ(rows[1].status, "3") << "a status that nobody has seen yet is kept as it is";
}

TEST(Conditions, TheClockRunsOrStands) {
  Told told;
  told.begins().message(9000, "ExtrapolatedClock",
                        R"({"Utc":"2025-10-25T20:46:32.9Z","Remaining":"00:17:59","Extrapolating":true})");
  const auto& row = told.rows<record::SessionClock>().back().row;
  EXPECT_EQ(row.message_number, 1);
  EXPECT_EQ(row.remaining_ms, 1'079'000);
  EXPECT_EQ(row.is_extrapolating, true);
}

TEST(Conditions, APredictionHasOneRowOfEachThatItNames) {
  Told told;
  told.begins().message(5000, "ChampionshipPrediction", R"({"Drivers":{},"Teams":{}})");
  told.message(
      6000, "ChampionshipPrediction",
      R"({"Drivers":{"4":{"CurrentPosition":1,"PredictedPosition":1,"CurrentPoints":390.0},)"
      R"("81":{"CurrentPosition":2}},"Teams":{"Team A":{"CurrentPosition":1,"CurrentPoints":756.5}}})");
  told.message(7000, "ChampionshipPrediction", R"({"Drivers":{"4":{"PredictedPoints":396.0}}})");
  const auto rows = told.table<record::ChampionshipPrediction>();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[2].kind, "team");
  EXPECT_EQ(rows[2].entry, "Team A");
  EXPECT_EQ(rows[2].current_points, 756.5) << "half points exist (D6)";
  EXPECT_EQ(rows[3].message_number, 2);
  EXPECT_EQ(rows[3].entry, "4");
  EXPECT_EQ(rows[3].current_points, 390.0);
  EXPECT_EQ(rows[3].predicted_points, 396.0);
}

TEST(Conditions, C7_ModesGoFromTheirMessageToTheNext) {
  Told told;
  told.begins().race_control(5000, R"("Message":"OVERTAKE DISABLED")");
  told.race_control(6000, R"("Message":"OVERTAKE ENABLED")")
      .race_control(7000, R"("Message":"OVERTAKE ENABLED")");
  told.race_control(8000, R"("Message":"LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR: 18")");
  told.race_control(9000, R"("Message":"OVERTAKE DISABLED")")
      .race_control(9500, R"("Message":"LOW GRIP CONDITIONS")");
  const auto rows = told.table<record::TrackMode>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].mode, "overtake");
  EXPECT_EQ(rows[0].from_session_time_ms, 6000);
  EXPECT_EQ(rows[0].to_session_time_ms, 9000);
  EXPECT_EQ(rows[1].mode, "low_grip");
  EXPECT_EQ(rows[1].to_session_time_ms, std::nullopt);
}

TEST(Conditions, AFlagOfASectorIsAZone) {
  Told told;
  told.begins().race_control(5000, R"("Category":"Flag","Flag":"YELLOW","Scope":"Sector","Sector":7)");
  told.race_control(8000, R"("Category":"Flag","Flag":"CLEAR","Scope":"Track","Message":"TRACK CLEAR")");
  const auto rows = told.table<record::FlagZone>();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].zone, 7);
  EXPECT_EQ(rows[0].scope, "sector");
  EXPECT_EQ(rows[0].to_session_time_ms, 8000);
}

TEST(Conditions, P9_RaceControlComesAsListAndAsObject) {
  Told told;
  told.begins().message(5000, "RaceControlMessages", R"({"Messages":[{"Message":"A"},{"Message":"B"}]})");
  told.message(6000, "RaceControlMessages",
               R"({"Messages":{"2":{"Message":"C","Sector":"5","RacingNumber":"81"}}})");
  const auto rows = told.table<record::RaceControl>();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].message_number, 2);
  EXPECT_EQ(rows[2].sector_number, 5);
  EXPECT_EQ(rows[2].driver_number, 81);
}

TEST(Conditions, AMessageThatIsCompletedLaterKeepsItsTime) {
  Told told;
  told.begins().message(5000, "RaceControlMessages", R"({"Messages":[{"Message":"A"}]})");
  told.message(6000, "RaceControlMessages", R"({"Messages":{"0":{"Category":"Other"}}})");
  const auto& last = told.rows<record::RaceControl>().back();
  EXPECT_EQ(last.row.session_time_ms, 5000);
  EXPECT_EQ(last.row.category, "Other");
  EXPECT_EQ(last.envelope.revision, 1);
}

TEST(Conditions, D13_ASessionWithoutTeamRadioHasNone) {
  Told told;
  told.begins().message(5000, "TeamRadio", R"({"Captures":[]})").ends();
  EXPECT_TRUE(told.rows<record::TeamRadio>().empty());
}

TEST(Drivers, D3_ANameComesLate) {
  Told told;
  told.begins()
      .timing(5000, R"({"Line":1})")
      .message(90'000, "DriverList", R"({"4":{"Tla":"NOR","TeamName":"A"}})");
  EXPECT_EQ(told.rows<record::Driver>().front().row.driver_code, std::nullopt);
  EXPECT_EQ(told.table<record::Driver>()[0].driver_code, "NOR");
  EXPECT_EQ(told.rows<record::Driver>().back().envelope.revision, 1);
}

TEST(SessionInfo, L23_LocalTimesBecomeUtc) {
  Told told;
  // Las Vegas: Saturday evening there is Sunday in UTC.
  told.begins(
      R"({"Key":7,"Name":"Race","Type":"Race","StartDate":"2025-11-22T20:00:00","GmtOffset":"-08:00:00"})");
  const auto& row = told.rows<record::Session>().back().row;
  EXPECT_EQ(format_utc(*row.start_date), "2025-11-23T04:00:00.000Z");
  EXPECT_EQ(row.gmt_offset_s, -28'800);
}

TEST(SessionInfo, L22_AMovedSessionKeepsItsKey) {
  Told told;
  told.begins().message(5000, "SessionInfo", R"({"StartDate":"2025-10-25T12:00:00"})");
  const auto rows = told.table<record::Session>();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].session_key, SessionKey(9873));
  EXPECT_EQ(format_utc(*rows[0].start_date), "2025-10-25T18:00:00.000Z");
}

TEST(SessionInfo, L21_AKeyBelowOneIsNone) {
  Told told;
  told.message(0, "SessionInfo", R"({"Key":-1,"Name":"Sprint","Type":"Race"})")
      .timing(5, R"({"Line":1})")
      .ends();
  EXPECT_LT(told.engine().session_key().value, -1);
}

TEST(SessionInfo, L24_ZeroIsMinutesBeforeTheStart) {
  Told told;
  told.begins().message(816'231, "SessionStatus", R"({"Status":"Started"})");
  EXPECT_EQ(told.table<record::SessionStatus>()[0].session_time_ms, 816'231);
  EXPECT_EQ(format_utc(*told.table<record::Session>()[0].zero_date), "2025-10-25T20:46:23.899Z");
}

TEST(SessionStatus, T13_TheSessionGoesOnUntilTheFeedEndsIt) {
  Told told;
  told.begins().message(7'200'000, "SessionStatus", R"({"Status":"Finished"})");
  told.timing(7'900'000, R"({"Position":"3"})")
      .message(8'000'000, "SessionStatus", R"({"Status":"Ends"})")
      .ends();
  EXPECT_EQ(told.rows<record::Timing>().back().row.session_time_ms, 7'900'000);
  EXPECT_EQ(told.table<record::Session>()[0].session_status, "Ends");
}

}  // namespace
}  // namespace slipstream::session
