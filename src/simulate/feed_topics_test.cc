// Topics that say again what another one says: each is held against that one.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "feed/json_tree.h"
#include "simulate/drive.h"
#include "simulate/script.h"

namespace slipstream::simulate {
namespace {

Script script_of(Kind kind, int laps, std::uint64_t seed = 4) {
  Options options;
  options.seed = seed;
  options.kind = kind;
  options.laps = laps;
  options.cars = 6;
  const auto history = drive(options);
  EXPECT_TRUE(history.has_value());
  return write_script(*history, measured_quirks());
}

std::vector<FeedMessage> of_topic(const Script& script, std::string_view topic) {
  std::vector<FeedMessage> messages;
  std::ranges::copy_if(script.messages, std::back_inserter(messages),
                       [&](const FeedMessage& message) { return message.topic == topic; });
  return messages;
}

feed::JsonTree tree_of(const std::vector<FeedMessage>& messages) {
  feed::JsonTree tree;
  simdjson::dom::parser parser;
  for (const FeedMessage& message : messages)
    EXPECT_TRUE(tree.merge(parser.parse(message.payload).value_unsafe()).has_value()) << message.payload;
  return tree;
}

TEST(FeedTopics, DriverRaceInfoEndsAsTheTimingScreenDoes) {
  const Script script = script_of(Kind::race, 4);
  const feed::JsonTree timing = tree_of(of_topic(script, "TimingData"));
  const feed::JsonTree info = tree_of(of_topic(script, "DriverRaceInfo"));
  ASSERT_EQ(info.size(), 6u);
  for (const auto& [car, shown] : info.members()) {
    const feed::JsonTree& line = timing["Lines"][car];
    EXPECT_EQ(shown["RacingNumber"].text(), car);
    EXPECT_EQ(shown["Position"].text(), line["Position"].text());
    EXPECT_EQ(shown["PitStops"].integer().value_or(0), line["NumberOfPitStops"].integer().value_or(0));
    EXPECT_EQ(shown["IsOut"].flag(), line["Retired"].flag());
    const std::string gap(line["GapToLeader"].text().value_or(""));
    EXPECT_EQ(shown["Gap"].text(), gap.ends_with('L') ? "+" + gap.substr(0, gap.size() - 1) + " LAP" : gap);
  }
}

TEST(FeedTopics, WhoGainsAPlaceIsSaidToForFiveSeconds) {
  const Script script = script_of(Kind::race, 8);
  std::map<std::string, std::int32_t, std::less<>> gained_ms;
  simdjson::dom::parser parser;
  int count = 0;
  for (const FeedMessage& message : of_topic(script, "DriverRaceInfo")) {
    for (const auto [car, line] : simdjson::dom::object(parser.parse(message.payload).value_unsafe())) {
      std::int64_t state = 0;
      if (line["OvertakeState"].get(state) != simdjson::SUCCESS) continue;
      if (state == 2) gained_ms[std::string(car)] = message.session_time_ms;
      const auto gained = gained_ms.find(car);
      if (state != 1 || gained == gained_ms.end()) continue;
      EXPECT_GE(message.session_time_ms, gained->second + 5'000);
      gained_ms.erase(gained);
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

TEST(FeedTopics, TimingDataF1IsTimingDataAndInRacesWithoutTheGaps) {
  const Script qualifying = script_of(Kind::qualifying, 3);
  const auto timing = of_topic(qualifying, "TimingData"), copy = of_topic(qualifying, "TimingDataF1");
  ASSERT_EQ(timing.size(), copy.size());
  for (std::size_t n = 0; n < timing.size(); ++n) EXPECT_EQ(timing[n].payload, copy[n].payload);

  const Script race = script_of(Kind::race, 4);
  const feed::JsonTree whole = tree_of(of_topic(race, "TimingData"));
  const feed::JsonTree without = tree_of(of_topic(race, "TimingDataF1"));
  for (const auto& [car, line] : whole["Lines"].members()) {
    for (const auto& [name, value] : line.members()) {
      const bool is_gap = name == "GapToLeader" || name == "IntervalToPositionAhead";
      EXPECT_TRUE(is_gap || without["Lines"][car][name] == value) << car << ' ' << name;
    }
  }
  EXPECT_LT(of_topic(race, "TimingDataF1").size(), of_topic(race, "TimingData").size());
}

TEST(FeedTopics, TopThreeHasWhatTheTimingScreenShowsOfThem) {
  for (const Kind kind : {Kind::race, Kind::qualifying, Kind::practice}) {
    const Script script = script_of(kind, 4);
    const feed::JsonTree timing = tree_of(of_topic(script, "TimingData"));
    const feed::JsonTree top = tree_of(of_topic(script, "TopThree"));
    ASSERT_EQ(top["Lines"].size(), 3u);
    for (std::size_t place = 0; place < 3; ++place) {
      const feed::JsonTree& shown = top["Lines"][place];
      const feed::JsonTree& line = timing["Lines"][shown["RacingNumber"].text().value_or("")];
      EXPECT_EQ(line["Position"].integer(), static_cast<int>(place) + 1);
      EXPECT_EQ(shown["Position"].text(), line["Position"].text());
      EXPECT_EQ(shown["LapTime"].text(),
                line[kind == Kind::race ? "LastLapTime" : "BestLapTime"]["Value"].text());
      if (kind == Kind::qualifying) continue;
      EXPECT_EQ(shown["DiffToLeader"].text(),
                line[kind == Kind::race ? "GapToLeader" : "TimeDiffToFastest"].text());
    }
  }
}

TEST(FeedTopics, TheSeriesHasEveryReadingOfTheWeather) {
  const Script script = script_of(Kind::practice, 3);
  const auto readings = of_topic(script, "WeatherData");
  const feed::JsonTree series = tree_of(of_topic(script, "WeatherDataSeries"));
  ASSERT_EQ(series["Series"].size(), readings.size());
  for (std::size_t n = 0; n < readings.size(); ++n)
    EXPECT_EQ(series["Series"][n]["Weather"], tree_of({readings[n]}));
}

TEST(FeedTopics, RaceControlIsSaidAgainByTheClockAtTheTrack) {
  const Script script = script_of(Kind::race, 4);
  const feed::JsonTree messages = tree_of(of_topic(script, "RaceControlMessages"));
  const feed::JsonTree info = tree_of(of_topic(script, "SessionInfo"));
  const auto said = of_topic(script, "TlaRcm");
  ASSERT_EQ(said.size(), messages["Messages"].size());
  const std::string offset(info["GmtOffset"].text().value_or(""));
  const int offset_h = std::atoi(offset.c_str());
  for (std::size_t n = 0; n < said.size(); ++n) {
    const feed::JsonTree text = tree_of({said[n]});
    const feed::JsonTree& message = messages["Messages"][n];
    EXPECT_EQ(text["Message"].text(), message["Message"].text());
    const std::string utc(message["Utc"].text().value_or("")), local(text["Timestamp"].text().value_or(""));
    const int hours = std::atoi(local.substr(11, 2).c_str()) - std::atoi(utc.substr(11, 2).c_str());
    EXPECT_EQ((hours - offset_h + 24) % 24, 0) << utc << ' ' << local;
  }
}

TEST(FeedTopics, OnlyRacesPredictTheChampionship) {
  EXPECT_TRUE(of_topic(script_of(Kind::qualifying, 3), "ChampionshipPrediction").empty());
  EXPECT_TRUE(of_topic(script_of(Kind::practice, 3), "DriverRaceInfo").empty());
  const Script script = script_of(Kind::sprint, 4);
  const feed::JsonTree prediction = tree_of(of_topic(script, "ChampionshipPrediction"));
  double added = 0;
  for (const auto& [car, driver] : prediction["Drivers"].members())
    added += driver["PredictedPoints"].number().value_or(0) - driver["CurrentPoints"].number().value_or(0);
  EXPECT_EQ(added, 8 + 7 + 6 + 5 + 4 + 3);
  ASSERT_EQ(prediction["Teams"].size(), 3u);
  for (const auto& [team, entry] : prediction["Teams"].members()) EXPECT_EQ(entry["TeamName"].text(), team);
}

}  // namespace
}  // namespace slipstream::simulate
