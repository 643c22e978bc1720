// The timing screen and the mini-sectors: one test a trap.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

using testing::ElementsAre;

std::vector<record::Timing> screen_after(const std::vector<std::string>& lines) {
  Told told;
  told.begins();
  Int at_ms = 5000;
  for (const std::string& line : lines) told.timing(at_ms += 1000, line);
  return told.ends().table<record::Timing>();
}

TEST(Timing, P11_StoppedAndRetiredAreTakenBack) {
  const auto rows =
      screen_after({R"({"Stopped":true,"Retired":true})", R"({"Stopped":false,"Retired":false})"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].is_stopped, true);
  EXPECT_EQ(rows[0].is_retired, true);
  EXPECT_EQ(rows[1].is_stopped, false);
  EXPECT_EQ(rows[1].is_retired, false);
}

TEST(Timing, P12_GapsAreTimesOrLaps) {
  const auto gap = [](const char* text) {
    const auto row = screen_after({std::string(R"({"GapToLeader":")") + text +
                                   R"(","IntervalToPositionAhead":{"Value":")" + text + R"("}})"})[0];
    EXPECT_EQ(row.gap_ms, row.interval_ms) << text;
    EXPECT_EQ(row.gap_laps, row.interval_laps) << text;
    return std::pair(row.gap_ms, row.gap_laps);
  };
  const optional<Int> none;
  EXPECT_EQ(gap("+9.999"), std::pair(optional(9999), none));
  EXPECT_EQ(gap("+1:09.473"), std::pair(optional(69'473), none));
  EXPECT_EQ(gap("9L"), std::pair(none, optional(9)));
  EXPECT_EQ(gap("9 L"), std::pair(none, optional(9)));
  EXPECT_EQ(gap("1 L"), std::pair(none, optional(1)));
  EXPECT_EQ(gap("LAP 9"), std::pair(none, none)) << "the leader";
  EXPECT_EQ(gap(""), std::pair(none, none));
}

TEST(Timing, D15_ALappedCarStaysLappedWhenItsGapStops) {
  const auto rows =
      screen_after({R"({"GapToLeader":"1 L","Position":"18"})", R"({"GapToLeader":"","Position":"17"})",
                    R"({"GapToLeader":"+81.000"})", R"({"GapToLeader":""})"});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[1].gap_laps, 1);
  EXPECT_EQ(rows[1].position, 17);
  EXPECT_EQ(rows[2].gap_laps, std::nullopt);
  EXPECT_EQ(rows[2].gap_ms, 81'000);
  EXPECT_EQ(rows[3].gap_laps, std::nullopt) << "it is no longer lapped";
}

TEST(Timing, P7_AnEmptyTextClearsAValue) {
  const auto rows =
      screen_after({R"({"LastLapTime":{"Value":"1:20.000"}})", R"({"LastLapTime":{"Value":""}})"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].last_lap_time_ms, 80'000);
  EXPECT_EQ(rows[1].last_lap_time_ms, std::nullopt);
}

TEST(Timing, P10_PositionsComeAsTextAndAsNumber) {
  const auto rows = screen_after({R"({"Position":"3"})", R"({"Position":4})"});
  EXPECT_EQ(rows[0].position, 3);
  EXPECT_EQ(rows[1].position, 4);
}

TEST(Timing, P14_StatusBitsAreKeptAsTheyAre) {
  EXPECT_EQ(screen_after({R"({"Status":8272})"})[0].status_flags, 8272);
}

TEST(Timing, P4_ADeletedBestLapIsGone) {
  const auto rows = screen_after(
      {R"({"BestLapTime":{"Value":"1:17.147","Lap":5}})", R"({"BestLapTime":{"_deleted":["Value"]}})"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].best_lap_time_ms, std::nullopt);
}

std::string segment(int sector, int number, int status) {
  return R"("Sectors":{")" + std::to_string(sector) + R"(":{"Segments":{")" + std::to_string(number) +
         R"(":{"Status":)" + std::to_string(status) + "}}}}";
}

// (lap, sector, mini-sector, status) of what is left in the end.
std::vector<std::array<Int, 4>> mini_sectors(Told& told) {
  std::vector<std::array<Int, 4>> rows;
  for (const auto& row : told.table<record::MiniSector>()) {
    rows.push_back({row.lap_number, row.sector_number, row.mini_sector_number, row.status.value_or(-1)});
  }
  return rows;
}
using Mini = std::array<Int, 4>;

TEST(MiniSectors, P13_StatusIsKeptAsItIs) {
  Told told;
  told.begins().timing(5000, "{" + segment(0, 0, 2049) + "}").timing(6000, "{" + segment(0, 1, 2052) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 1, 1, 2049}, Mini{1, 1, 2, 2052}));
}

// Out of the pits, so that lines count, and into the first sector.
Told& drives(Told& told) {
  told.begins().timing(4000, R"({"InPit":true})").timing(4500, R"({"InPit":false})");
  return told.timing(4600, R"({"Speeds":{"I1":{"Value":"290"}}})");
}

TEST(MiniSectors, TheLastOnesComeAfterTheLineAndAreOfTheLapBefore) {
  Told told;
  drives(told).timing(5000, R"({"NumberOfLaps":1})").timing(9000, "{" + segment(2, 7, 2051) + "}");
  told.timing(10'001, "{" + segment(2, 6, 2049) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 3, 8, 2051}, Mini{2, 3, 7, 2049}));
}

TEST(MiniSectors, TheFirstOneMayComeBeforeTheLapCount) {
  Told told;
  drives(told).timing(5000, "{" + segment(0, 0, 2051) + "}");
  told.timing(90'000, "{" + segment(0, 0, 2049) + "}").timing(90'125, R"({"NumberOfLaps":1})");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 1, 1, 2051}, Mini{2, 1, 1, 2049}));
}

TEST(MiniSectors, OneThatShowedNothingInTheLapBeforeIsWithdrawnThere) {
  Told told;
  drives(told).timing(90'000, "{" + segment(0, 0, 2064) + "}").timing(90'125, R"({"NumberOfLaps":1})");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{2, 1, 1, 2064}));
}

// F1's counter is one ahead from here on; Mexico City 2025, all cars.
TEST(MiniSectors, L27_HaveTheLapsNumberWhereF1sCounterIsOneAhead) {
  Told told;
  told.begins().timing(4000, R"({"InPit":true})").timing(70'000, "{" + segment(0, 0, 2064) + "}");
  told.timing(70'031, R"({"NumberOfLaps":1,"InPit":false})").timing(76'000, "{" + segment(0, 1, 2049) + "}");
  told.timing(150'000, R"({"NumberOfLaps":2,"Speeds":{"FL":{"Value":"255"}}})");
  told.timing(150'010, "{" + segment(2, 5, 2049) + "}").timing(155'000, "{" + segment(0, 0, 2051) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 1, 1, 2064}, Mini{1, 1, 2, 2049}, Mini{1, 3, 6, 2049},
                                              Mini{2, 1, 1, 2051}));
  told.ends();
  EXPECT_EQ(told.table<record::Lap>().at(0).lap_number, 1);
  EXPECT_EQ(told.table<record::Timing>().back().lap_number, 2);
}

TEST(MiniSectors, L27_AreOfTheNextLapWhereALateValueMakesTheFirstOne) {
  Told told;
  told.begins().timing(4000, R"({"InPit":true})").timing(5000, R"({"InPit":false})");
  told.timing(90'000, R"({"NumberOfLaps":1})").timing(91'000, "{" + segment(0, 0, 2049) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 1, 1, 2049}));
  told.timing(92'000, R"({"Sectors":{"2":{"Value":"25.000"}}})");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{2, 1, 1, 2049}));
}

TEST(MiniSectors, L2_OnTheWayToTheGridTheyAreOfNoLap) {
  Told told;
  told.begins(
      R"({"Meeting":{"Key":1},"Key":9,"Type":"Race","Name":"Race","StartDate":"2025-10-25T15:00:00"})");
  told.timing(4000, R"({"InPit":true})").timing(5000, R"({"InPit":false})");
  told.timing(5500, "{" + segment(0, 0, 2064) + "}").timing(6000, "{" + segment(0, 1, 2049) + "}");
  EXPECT_EQ(mini_sectors(told).size(), 2u);
  told.message(60'000, "SessionStatus", R"({"Status":"Started"})");
  told.timing(70'000, "{" + segment(0, 1, 2051) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 1, 2, 2051}));
}

TEST(MiniSectors, L1_WhileTheCounterIsBackInThePastNothingIsShown) {
  Told told;
  drives(told).timing(90'000, R"({"NumberOfLaps":1})").timing(170'000, R"({"NumberOfLaps":2})");
  told.timing(180'000, R"({"NumberOfLaps":1})").timing(180'100, "{" + segment(1, 2, 2051) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre());
  told.timing(181'000, R"({"NumberOfLaps":2})").timing(190'100, "{" + segment(1, 2, 2051) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{3, 2, 3, 2051}));
}

TEST(MiniSectors, ZeroClearsTheScreenAndNotTheLap) {
  Told told;
  told.begins().timing(5000, "{" + segment(1, 0, 2049) + "}").timing(80'000, "{" + segment(1, 0, 0) + "}");
  EXPECT_THAT(mini_sectors(told), ElementsAre(Mini{1, 2, 1, 2049}));
}

}  // namespace
}  // namespace slipstream::session
