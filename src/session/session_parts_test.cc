#include "session/session_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using Part = std::tuple<Int, Int, optional<Int>>;

std::vector<Part> parts_of(const std::vector<StatusChange>& status, const std::vector<PartHint>& hints,
                           bool is_qualifying = true) {
  std::vector<Part> parts;
  for (const record::SessionPart& row : build_parts(status, hints, is_qualifying)) {
    parts.emplace_back(row.part_number, row.from_session_time_ms, row.to_session_time_ms);
  }
  return parts;
}

TEST(SessionParts, L19_EachGoesFromItsFirstStartToItsFlag) {
  const std::vector<StatusChange> status = {
      {7, "Inactive"},  {10, "Started"}, {20, "Finished"}, {25, "Inactive"},  {30, "Started"},
      {40, "Finished"}, {50, "Started"}, {60, "Finished"}, {70, "Finalised"}, {70, "Ends"}};
  EXPECT_THAT(parts_of(status, {{3, 1}, {24, 2}, {44, 3}}),
              ElementsAre(FieldsAre(1, 10, 20), FieldsAre(2, 30, 40), FieldsAre(3, 50, 60)));
  EXPECT_EQ(parts_of(status, {}), parts_of(status, {{3, 1}, {24, 2}, {44, 3}})) << "counted without any hint";
}

TEST(SessionParts, L19_AStartAfterARedFlagIsNoNewPart) {
  EXPECT_THAT(parts_of({{10, "Started"}, {15, "Aborted"}, {18, "Started"}, {25, "Finished"}}, {{3, 1}}),
              ElementsAre(FieldsAre(1, 10, 25)));
}

TEST(SessionParts, L19_APartThatARedFlagEndedEndsThere) {
  EXPECT_THAT(
      parts_of({{10, "Started"}, {15, "Aborted"}, {18, "Inactive"}, {30, "Started"}}, {{3, 1}, {20, 2}}),
      ElementsAre(FieldsAre(1, 10, 15), FieldsAre(2, 30, std::nullopt)));
}

TEST(SessionParts, L19_ACancelledPartHasNoRow) {
  EXPECT_THAT(parts_of({{10, "Started"}, {20, "Finished"}, {40, "Finalised"}}, {{3, 1}, {24, 2}}),
              ElementsAre(FieldsAre(1, 10, 20)));
}

TEST(SessionParts, ARecordingThatBeginsInTheSecondPartKnowsItsNumber) {
  EXPECT_THAT(parts_of({{-900, "Started"}, {20, "Finished"}}, {{-1000, 2}}),
              ElementsAre(FieldsAre(2, -900, 20)));
}

TEST(SessionParts, OtherSessionsHaveOnePart) {
  EXPECT_THAT(parts_of({{10, "Started"}, {15, "Aborted"}, {18, "Started"}, {25, "Finished"}, {31, "Aborted"}},
                       {}, false),
              ElementsAre(FieldsAre(1, 10, 25)));
  EXPECT_THAT(parts_of({{7, "Inactive"}}, {}, false), ElementsAre());
}

TEST(SessionParts, AreNumberedByWhatTheFeedNames) {
  Told told;
  told.begins().message(5000, "SessionData",
                        R"({"Series":{"0":{"QualifyingPart":0},"1":{"QualifyingPart":1}}})");
  told.message(10'000, "SessionStatus", R"({"Status":"Started"})");
  told.message(20'000, "SessionStatus", R"({"Status":"Finished"})");
  told.message(21'000, "SessionData", R"({"Series":{"2":{"QualifyingPart":3}}})");
  told.message(30'000, "SessionStatus", R"({"Status":"Started"})");
  const auto parts = told.table<record::SessionPart>();
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].to_session_time_ms, 20'000);
  EXPECT_EQ(parts[1].part_number, 3) << "the second was cancelled";
  EXPECT_EQ(parts[1].from_session_time_ms, 30'000);
}

}  // namespace
}  // namespace slipstream::session
