#include "feed/session_name.h"

#include <gmock/gmock.h>

namespace slipstream::feed {
namespace {

using ::testing::HasSubstr;

ListedEvent event(std::string name, std::string location, std::string country, std::string code,
                  std::string circuit, int number,
                  std::vector<std::pair<std::string, std::string>> sessions) {
  ListedEvent event{.name = std::move(name),
                    .official_name = "FORMULA 1 SPONSOR " + location,
                    .location = std::move(location),
                    .country = std::move(country),
                    .country_code = std::move(code),
                    .circuit = std::move(circuit),
                    .number = number,
                    .sessions = {}};
  for (auto& [type, session] : sessions) {
    event.sessions.push_back({.type = type, .name = session, .path = event.name + '/' + session});
  }
  return event;
}

using Sessions = std::vector<std::pair<std::string, std::string>>;
const Sessions plain = {{"Practice", "Practice 1"},
                        {"Practice", "Practice 2"},
                        {"Practice", "Practice 3"},
                        {"Qualifying", "Qualifying"},
                        {"Race", "Race"}};

Season season(int year, const Sessions& sprint) {
  return {
      .year = year,
      .events = {
          event("Pre-Season Testing", "Sakhir", "Bahrain", "BRN", "Sakhir", 1, {{"Practice", "Practice 1"}}),
          event("Bahrain Grand Prix", "Sakhir", "Bahrain", "BRN", "Sakhir", 1, plain),
          event("Emilia Romagna Grand Prix", "Imola", "Italy", "ITA", "Imola", 2, plain),
          event("Italian Grand Prix", "Monza", "Italy", "ITA", "Monza", 14, plain),
          event("Miami Grand Prix", "Miami", "United States", "USA", "Miami", 5, plain),
          event("United States Grand Prix", "Austin", "United States", "USA", "Austin", 17, plain),
          event("São Paulo Grand Prix", "São Paulo", "Brazil", "BRA", "Interlagos", 19, sprint),
          event("Austrian Grand Prix", "Spielberg", "Austria", "AUT", "Spielberg", 9, plain),
      }};
}

const Sessions sprint_2021 = {{"Practice", "Practice 1"},
                              {"Qualifying", "Qualifying"},
                              {"Race", "Sprint Qualifying"},
                              {"Race", "Race"}};
const Sessions sprint_2023 = {
    {"Qualifying", "Qualifying"}, {"Qualifying", "Sprint Shootout"}, {"Race", "Sprint"}, {"Race", "Race"}};
const Sessions sprint_2025 = {
    {"Qualifying", "Sprint Qualifying"}, {"Race", "Sprint"}, {"Qualifying", "Qualifying"}, {"Race", "Race"}};

// "Italian Grand Prix/Race", or the error's message.
std::string found(const std::string& name, int year = 2023, const Sessions& sprint = sprint_2023) {
  const auto asked = split_session_name(std::to_string(year) + '/' + name);
  if (!asked) return "no name";
  const Season known = season(year, sprint);
  const auto session = find_session(known, *asked);
  return session ? (*session)->path : session.error().message;
}

TEST(SplitSessionName, AsksForAYearAndAnEvent) {
  const auto name = split_session_name("2025/Mexico City/Qualifying/");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->season, 2025);
  EXPECT_EQ(name->event, "Mexico City");
  EXPECT_EQ(name->session, "Qualifying");
  EXPECT_EQ(split_session_name("2025/Mexico City")->session, "");
  for (const char* text :
       {"", "2025", "2025/", "2025//R", "25/Monza/R", "a/b/c", "/2025/Monza/R", "2025/a/b/c"})
    EXPECT_FALSE(split_session_name(text)) << text;
}

TEST(FindSession, KnowsAnEventByItsNamePlaceCountryAndNumber) {
  for (const char* name : {"Italian Grand Prix/Race", "italian/race", "Monza/R", "Italy/R", "ITA/R", "14/R",
                           "monz/R", "2023-09-03_Italian_Grand_Prix/2023-09-03_Race"})
    EXPECT_EQ(found(name), "Italian Grand Prix/Race") << name;
  for (const char* name : {"sao paulo/R", "SÃO PAULO/R", "Brazil/R", "interlagos/R", "brasil/R"})
    EXPECT_EQ(found(name), "São Paulo Grand Prix/Race") << name;
  EXPECT_EQ(found("USA/R"), "United States Grand Prix/Race");
  EXPECT_EQ(found("Imola/R"), "Emilia Romagna Grand Prix/Race");
}

TEST(FindSession, TakesAPlaceForItsRaceAndNotForItsTest) {
  EXPECT_EQ(found("Sakhir/FP1"), "Bahrain Grand Prix/Practice 1");
  EXPECT_EQ(found("1/FP1"), "Bahrain Grand Prix/Practice 1");
  EXPECT_EQ(found("testing/FP1"), "Pre-Season Testing/Practice 1");
}

TEST(FindSession, NamesWhatMayBeMeant) {
  EXPECT_THAT(found("Australia/R"),
              HasSubstr("2023 has no event \"Australia\"; did you mean Austrian Grand Prix"));
  EXPECT_THAT(found("Monaco/R"), HasSubstr("2023 has no event \"Monaco\"; did you mean "));
  EXPECT_THAT(found("sponsor/R"), HasSubstr("several events of 2023 go by \"sponsor\": "));
  EXPECT_EQ(found("Monza/FP4"),
            "2023 Italian Grand Prix has no session \"FP4\"; it has: Practice 1, Practice 2, Practice 3, "
            "Qualifying, Race");
  EXPECT_EQ(found("Monza/prac"),
            "2023 Italian Grand Prix: several sessions go by \"prac\"; name one of: Practice 1, Practice 2, "
            "Practice 3, Qualifying, Race");
  EXPECT_EQ(found("Monza"),
            "2023 Italian Grand Prix: name a session: Practice 1, Practice 2, Practice 3, Qualifying, Race");
}

TEST(FindSession, KnowsASessionByItsNameOrCode) {
  for (const char* name : {"FP2", "fp2", "P2", "Practice 2", "practice_2", "2023-09-01_Practice_2"})
    EXPECT_EQ(found("Monza/" + std::string(name)), "Italian Grand Prix/Practice 2") << name;
  for (const char* name : {"Q", "qualifying", "quali", "Qualifyng"})
    EXPECT_EQ(found("Monza/" + std::string(name)), "Italian Grand Prix/Qualifying") << name;
}

// L21: the same name has meant different sessions over the years.
TEST(FindSession, L21TakesSprintsByWhatTheyWere) {
  const std::string sprint = "São Paulo Grand Prix/Sprint",
                    qualifying = "São Paulo Grand Prix/Sprint Qualifying";
  EXPECT_EQ(found("Brazil/S", 2021, sprint_2021), qualifying);
  EXPECT_EQ(found("Brazil/Sprint", 2021, sprint_2021), qualifying);
  EXPECT_EQ(found("Brazil/SQ", 2021, sprint_2021), qualifying);
  EXPECT_EQ(found("Brazil/Q", 2021, sprint_2021), "São Paulo Grand Prix/Qualifying");
  EXPECT_EQ(found("Brazil/S", 2023, sprint_2023), sprint);
  EXPECT_EQ(found("Brazil/SQ", 2023, sprint_2023), "São Paulo Grand Prix/Sprint Shootout");
  EXPECT_EQ(found("Brazil/SS", 2025, sprint_2025), qualifying);
  EXPECT_EQ(found("Brazil/SQ", 2025, sprint_2025), qualifying);
  EXPECT_EQ(found("Brazil/R", 2025, sprint_2025), "São Paulo Grand Prix/Race");
}

}  // namespace
}  // namespace slipstream::feed
