// Places and times of the parts of every qualifying beside FastF1's, which reads them from the same feed.
#include <gtest/gtest.h>
#include <algorithm>
#include <string>

#include "tests/expected_csv.h"
#include "tests/race_tables.h"

namespace slipstream {
namespace {

using testing_support::data_root;

std::string text_of(const std::optional<record::Int>& value) { return value ? std::to_string(*value) : ""; }

class FastF1Qualifying : public testing::TestWithParam<testing_support::LapSession> {};

TEST_P(FastF1Qualifying, PlacesAndTimesOfThePartsAreTheSame) {
  const auto& session = GetParam();
  const auto folder = data_root() / "expected" / session.expected;
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << session.expected << " not compared";
  }
  const testing_support::RaceTables tables = testing_support::load_race(session.source);
  const auto theirs = testing_support::read_csv(folder / "results.csv");
  EXPECT_EQ(tables.results.size(), theirs.size());
  for (const auto& [key, ours] : tables.results) {
    const std::string number = std::to_string(ours.driver_number);
    const auto row =
        std::ranges::find_if(theirs, [&](const auto& it) { return it.at("DriverNumber") == number; });
    ASSERT_NE(row, theirs.end()) << number;
    EXPECT_EQ(text_of(ours.position), row->at("Position")) << number;
    EXPECT_EQ(text_of(ours.q1_ms), row->at("Q1")) << number;
    EXPECT_EQ(text_of(ours.q2_ms), row->at("Q2")) << number;
    EXPECT_EQ(text_of(ours.q3_ms), row->at("Q3")) << number;
  }
}

std::vector<testing_support::LapSession> qualifyings() {
  std::vector<testing_support::LapSession> sessions;
  std::ranges::copy_if(testing_support::lap_sessions, std::back_inserter(sessions), [](const auto& session) {
    return std::string_view(session.expected).ends_with("_qualifying");
  });
  return sessions;
}

INSTANTIATE_TEST_SUITE_P(Sessions, FastF1Qualifying, testing::ValuesIn(qualifyings()),
                         [](const auto& info) { return std::string(info.param.expected); });

}  // namespace
}  // namespace slipstream
