#include "simulate/season_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed/archive_index.h"
#include "feed/source_test_support.h"
#include "simulate/archive_files.h"
#include "simulate/drive.h"

namespace slipstream::simulate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string write(const feed::test::TempFolder& root, std::uint64_t seed, Kind kind) {
  Options options;
  options.seed = seed;
  options.kind = kind;
  options.laps = 1;
  options.cars = 2;
  const auto history = drive(options);
  EXPECT_TRUE(history.has_value());
  const auto folder = write_archive(*history, write_script(*history), root.path());
  EXPECT_TRUE(folder.has_value());
  return folder->filename().string().substr(11);
}

// The names of each meeting's sessions.
std::vector<std::vector<std::string>> listed(const feed::test::TempFolder& root) {
  const auto season = feed::read_season(root.path(), 2026);
  EXPECT_TRUE(season.has_value());
  std::vector<std::vector<std::string>> meetings;
  for (const feed::ListedEvent& event : season->events) {
    meetings.emplace_back();
    for (const feed::ListedSession& session : event.sessions) meetings.back().push_back(session.name);
  }
  return meetings;
}

TEST(SeasonIndex, ASeedsSessionsAreOneWeekendInOrderOfTheirDates) {
  const feed::test::TempFolder root;
  for (const Kind kind :
       {Kind::race, Kind::practice, Kind::sprint, Kind::qualifying, Kind::sprint_qualifying})
    write(root, 5, kind);
  EXPECT_THAT(listed(root),
              ElementsAre(ElementsAre("Practice 1", "Sprint Qualifying", "Sprint", "Qualifying", "Race")));
}

TEST(SeasonIndex, ASessionThatIsWrittenAgainStandsThereOnce) {
  const feed::test::TempFolder root;
  write(root, 5, Kind::race);
  write(root, 6, Kind::race);
  write(root, 5, Kind::race);
  EXPECT_THAT(listed(root), ElementsAre(ElementsAre("Race"), ElementsAre("Race")));
}

TEST(SeasonIndex, WhatIsNoIndexIsSaidSo) {
  SeasonIndex index;
  EXPECT_EQ(index.add_index("no index").error().code, Errc::malformed);
  EXPECT_EQ(index.add_index("{}").error().code, Errc::malformed);
  const feed::test::TempFolder root;
  root.write("2026/Index.json", "no index");
  Options options;
  options.cars = 2;
  options.laps = 1;
  const auto history = drive(options);
  const auto written = write_archive(*history, write_script(*history), root.path());
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error().message, HasSubstr("Index.json: not a list of meetings"));
}

TEST(SeasonIndex, KeepsWhatItDoesNotKnow) {
  SeasonIndex index;
  ASSERT_TRUE(
      index.add_index(R"({"Year":2023,"Meetings":[{"Sessions":[{"Key":7787,"Name":"Race","Path":"a"}],)"
                      R"("Key":1143,"Code":"AUS0204","Number":3}]})"));
  EXPECT_EQ(index.json("2023"),
            "\xef\xbb\xbf{\"Year\":2023,\"Meetings\":[{\"Sessions\":[{\"Key\":7787,\"Name\":\"Race\","
            "\"Path\":\"a\"}],\"Key\":1143,\"Code\":\"AUS0204\",\"Number\":3}]}");
}

}  // namespace
}  // namespace slipstream::simulate
