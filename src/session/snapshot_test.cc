// Snapshots: at the start of a recording, after a reconnect, and alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/engine_test_support.h"
#include "session/json_changes.h"

namespace slipstream::session {
namespace {

using testing::ElementsAre;

std::string changes(const char* before, const char* after) {
  simdjson::dom::parser parser;
  JsonTree old_tree, new_tree;
  (void)old_tree.merge(parser.parse(std::string(before)).value());
  (void)new_tree.merge(parser.parse(std::string(after)).value());
  return changes_between(old_tree, new_tree).value_or("");
}

TEST(Changes, AreWhatIsNewOrAnother) {
  EXPECT_EQ(changes(R"({"a":1,"b":{"c":"x"},"d":true})", R"({"a":1,"b":{"c":"y"},"d":true})"),
            R"({"b":{"c":"y"}})");
  EXPECT_EQ(changes(R"({"a":[{"x":1},{"x":2}]})", R"({"a":[{"x":1},{"x":3},{"x":[4]}]})"),
            R"({"a":{"1":{"x":3},"2":{"x":[4]}}})");
  EXPECT_EQ(changes(R"({"a":[1,2],"_kf":true})", R"({"a":[1,2]})"), "");
  EXPECT_EQ(changes(R"({"a":"x"})", R"({"a":null})"), R"({"a":null})");
  EXPECT_EQ(changes(R"({})", R"({"a \"b\"":{"c":""}})"), R"({"a \"b\"":{"c":""}})");
}

TEST(Changes, P1_AListAndAnObjectOfNumbersAreTheSame) {
  EXPECT_EQ(changes(R"({"0":{"x":1}})", R"([{"x":1},{"x":2}])"), R"({"1":{"x":2}})");
}

template <class Row>
std::vector<Int> revisions(Told& told) {
  std::vector<Int> revisions;
  for (const auto& published : told.rows<Row>()) revisions.push_back(published.envelope.revision);
  return revisions;
}

TEST(Reconnect, WhatIsKnownComesNoSecondTime) {
  Told told;
  told.begins();
  const auto tell = [&](Int at_ms, bool is_snapshot) {
    const auto all = [&](const char* topic, const char* payload) {
      if (is_snapshot) told.snapshot(at_ms, topic, payload);
      else told.message(at_ms, topic, payload);
    };
    all("WeatherData", R"({"AirTemp":"25.9","Rainfall":"0","_kf":true})");
    all("TrackStatus", R"({"Status":"2","Message":"Yellow"})");
    all("SessionStatus", R"({"Status":"Started"})");
    all("LapCount", R"({"CurrentLap":3,"TotalLaps":57})");
    all("RaceControlMessages",
        R"({"Messages":[{"Utc":"2025-10-25T20:50:00","Category":"Other","Message":"WET TRACK"}]})");
    all("TeamRadio", R"({"Captures":[{"Utc":"2025-10-25T20:50:00Z","RacingNumber":"4","Path":"x.mp3"}]})");
  };
  tell(10'000, false);
  tell(90'000, true);
  EXPECT_THAT(revisions<record::Weather>(told), ElementsAre(0));
  EXPECT_THAT(revisions<record::TrackStatus>(told), ElementsAre(0));
  EXPECT_THAT(revisions<record::SessionStatus>(told), ElementsAre(0));
  EXPECT_THAT(revisions<record::LapCount>(told), ElementsAre(0));
  EXPECT_THAT(revisions<record::RaceControl>(told), ElementsAre(0));
  EXPECT_THAT(revisions<record::TeamRadio>(told), ElementsAre(0));
}

TEST(Reconnect, WhatCameInTheGapIsNumberedOn) {
  Told told;
  told.begins().race_control(10'000, R"("Message":"WET TRACK")");
  told.message(10'000, "WeatherData", R"({"AirTemp":"25.9","Rainfall":"0"})");
  told.snapshot(90'000, "RaceControlMessages",
                R"({"Messages":[{"Message":"WET TRACK"},{"Message":"DRS ENABLED"}]})");
  told.snapshot(90'000, "WeatherData", R"({"AirTemp":"26.1","Rainfall":"0"})");
  const auto messages = told.table<record::RaceControl>();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].session_time_ms, 10'000);
  EXPECT_EQ(messages[1].message_number, 1);
  EXPECT_EQ(messages[1].session_time_ms, 90'000);
  const auto weather = told.table<record::Weather>();
  ASSERT_EQ(weather.size(), 2u);
  EXPECT_EQ(weather[1].message_number, 1);
  EXPECT_EQ(weather[1].air_temperature_c, 26.1);
  EXPECT_EQ(weather[1].is_raining, false);
}

TEST(Reconnect, TheSameLapCounterIsNoNewLap) {
  const auto drive = [](bool has_reconnect) {
    Told told;
    told.begins()
        .timing(10'000, R"({"InPit":true})")
        .timing(20'000, R"({"InPit":false})")
        .timing(
            100'000,
            R"({"NumberOfLaps":1,"Sectors":{"2":{"Value":"25.000"}},"LastLapTime":{"Value":"1:20.000"}})");
    if (has_reconnect) {
      told.snapshot(150'000, "TimingData",
                    R"({"Lines":{"4":{"InPit":false,"NumberOfLaps":1,"Sectors":[{},{},{"Value":"25.000"}],)"
                    R"("LastLapTime":{"Value":"1:20.000"}}}})");
    }
    told.timing(
        180'000,
        R"({"NumberOfLaps":2,"Sectors":{"2":{"Value":"26.000"}},"LastLapTime":{"Value":"1:21.000"}})");
    return told.ends().table<record::Lap>();
  };
  EXPECT_EQ(drive(true).size(), 2u);
  EXPECT_EQ(drive(true), drive(false));
}

TEST(Reconnect, SessionDataTellsWhenAStatusOfTheGapBegan) {
  Told told;
  told.begins().message(10'000, "SessionStatus", R"({"Status":"Started"})");
  told.message(10'000, "SessionData",
               R"({"StatusSeries":{"0":{"Utc":"2025-10-25T20:46:34Z","SessionStatus":"Started"}}})");
  told.snapshot(90'000, "SessionStatus", R"({"Status":"Finalised"})");
  told.snapshot(90'000, "SessionData",
                R"({"StatusSeries":[{"Utc":"2025-10-25T20:46:34Z","SessionStatus":"Started"},)"
                R"({"Utc":"2025-10-25T20:47:04.899Z","SessionStatus":"Finished"},)"
                R"({"Utc":"2025-10-25T20:47:14.899Z","SessionStatus":"Finalised"}]})");
  std::vector<std::pair<std::string, Int>> rows;
  for (const auto& row : told.table<record::SessionStatus>())
    rows.emplace_back(*row.status, row.session_time_ms);
  EXPECT_EQ(rows[0], std::pair(std::string("Started"), 10'000));
  EXPECT_EQ(rows[1].first, "Finished");
  EXPECT_NEAR(rows[1].second, 41'000, 200) << "zero is known from the feed's clocks to some tenths";
  EXPECT_EQ(rows[2].first, "Finalised");
  EXPECT_EQ(rows.size(), 3u);
}

TEST(FirstSnapshot, TellsWhatHappenedBeforeTheRecording) {
  Told told(feed::SourceKind::recording);
  told.begins().snapshot(4000, "SessionStatus", R"({"Status":"Started"})");
  told.snapshot(4000, "SessionData",
                R"({"Series":[{"Utc":"2025-10-25T20:36:23.899Z","QualifyingPart":2}],)"
                R"("StatusSeries":[{"Utc":"2025-10-25T20:36:23.899Z","SessionStatus":"Started"}]})");
  told.snapshot(
      4000, "RaceControlMessages",
      R"({"Messages":[{"Utc":"2025-10-25T20:45:23","Category":"Flag","Flag":"YELLOW","Scope":"Sector",)"
      R"("Sector":7,"Message":"YELLOW IN TRACK SECTOR 7"}]})");
  const auto status = told.table<record::SessionStatus>();
  ASSERT_EQ(status.size(), 1u);
  EXPECT_EQ(status[0].session_time_ms, -600'000);
  const auto parts = told.table<record::SessionPart>();
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].part_number, 2);
  EXPECT_EQ(parts[0].from_session_time_ms, -600'000);
  ASSERT_EQ(told.table<record::FlagZone>().size(), 1u);
  EXPECT_EQ(told.table<record::FlagZone>()[0].from_session_time_ms, -60'899);
  EXPECT_EQ(told.table<record::RaceControl>()[0].session_part, 2);
}

TEST(FirstSnapshot, AloneGivesTheSessionAndNoLaps) {
  Told told(feed::SourceKind::recording);
  told.snapshot(0, "SessionInfo", told_session_info)
      .snapshot(
          0, "TimingData",
          R"({"Lines":{"4":{"Line":1,"NumberOfLaps":20,"LastLapTime":{"Value":"1:20.000"},"InPit":false,)"
          R"("Sectors":[{"Value":"30.000"},{"Value":"25.000"},{"Value":"25.000"}]}}})")
      .ends();
  ASSERT_EQ(told.table<record::Session>().size(), 1u);
  EXPECT_EQ(told.table<record::Session>()[0].session_key, SessionKey(9873));
  EXPECT_TRUE(told.table<record::Lap>().empty());
}

}  // namespace
}  // namespace slipstream::session
