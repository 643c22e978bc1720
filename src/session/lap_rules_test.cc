// The lap builder's rules, each on a log of a few events, named by the trap it is about.
#include <gtest/gtest.h>

#include "session/engine_test_support.h"
#include "session/lap_test_support.h"
#include "session/laps.h"

namespace slipstream::session {
namespace {

using record::Lap;

Car out_of_the_pits() { return Car().at(0).enters_pits().at(1000).leaves_pits(); }

TEST(LapRules, L1_WhileTheCounterIsBackInThePastNothingCounts) {
  auto car = out_of_the_pits().drives_lap(1).drives_lap(2);
  const auto before = car.laps();
  car.at(170'000).line(1).sector(1, 11'111).at(171'000).lap_time(22'222);
  EXPECT_EQ(car.laps(), before);
  EXPECT_EQ(car.at(172'000).line(2).drives_lap(3).laps().size(), 3u);
}

TEST(LapRules, L2_ALapBeforeTheFirstPitExitIsNone) {
  const auto laps = Car().at(0).enters_pits().at(500).line(1).at(1000).leaves_pits().drives_lap(1).laps();
  ASSERT_EQ(laps.size(), 1u);
  EXPECT_EQ(laps[0].lap_time_ms, 80'000);
}

TEST(LapRules, L2_ARaceRecordedFromTheGridOnHasItsFirstLap) {
  SessionLog race;
  race.is_race_like = true;
  EXPECT_EQ(Car().at(0).drives_lap(1).drives_lap(2).laps(race).size(), 2u);
  EXPECT_LT(Car().at(0).drives_lap(1).drives_lap(2).laps().size(), 2u)
      << "elsewhere lines count from the pits on";
}

TEST(LapRules, L3_ValuesUpToFiveSecondsAfterTheLineBelongToTheLapBefore) {
  auto car = out_of_the_pits().at(80'000).line(1).at(84'999).lap_time(79'000).speed(2, 300).speed(3, 310);
  car.at(85'000).sector(1, 28'000).drives_lap(2);
  const auto laps = car.laps();
  EXPECT_EQ(laps[0].lap_time_ms, 79'000);
  EXPECT_EQ(laps[0].speed_finishline_kmh, 300);
  EXPECT_EQ(laps[0].sector1_time_ms, std::nullopt);
  EXPECT_EQ(laps[1].speed_straight_kmh, 310) << "the straight's trap is behind the line";
}

TEST(LapRules, L4_ADoubtfulLapTimeCountsIfTheSectorsAddUp) {
  auto car = out_of_the_pits().at(50'000).sector(1, 60'000).sector(2, 50'000);
  const auto slow = car.at(171'000).sector(3, 60'000).at(171'001).lap_time(170'000).line(1).laps();
  EXPECT_EQ(slow.at(0).lap_time_ms, 170'000);
  const auto garage = out_of_the_pits().at(594'000).lap_time(594'307).line(1).sector(3, 21'578).laps();
  EXPECT_EQ(garage.at(0).lap_time_ms, std::nullopt);
}

TEST(LapRules, L4_TheSectorsOfASlowLapMayComeAfterItsTime) {
  auto car = out_of_the_pits().at(50'000).sector(1, 60'000).sector(2, 50'000);
  const auto laps = car.at(171'000).lap_time(170'000).line(1).at(171'051).sector(3, 60'000).laps();
  EXPECT_EQ(laps.at(0).lap_time_ms, 170'000);
}

TEST(LapRules, L5_ALapTimeBelowTheSumOfItsSectorsIsWrong) {
  auto car = out_of_the_pits().at(30'000).sector(1, 30'000).at(60'000).sector(2, 30'000);
  EXPECT_EQ(car.at(90'000).lap_time(55'000).line(1).laps().at(0).lap_time_ms, std::nullopt);
}

TEST(LapRules, P6_AnEqualLapTimeThatWasNotSentAgainIsInherited) {
  auto car = out_of_the_pits().drives_lap(1);
  car.at(111'000).sector(1, 31'000).at(135'000).sector(2, 24'000).at(161'000).sector(3, 25'000).line(2);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[1].lap_time_ms, 80'000);
}

TEST(LapRules, P6_AnEqualSectorIsInheritedOnlyIfItMakesTheSum) {
  auto car = out_of_the_pits().drives_lap(1);
  car.at(136'000).sector(2, 24'000).at(161'000).sector(3, 25'000).lap_time(79'000).line(2);
  EXPECT_EQ(car.laps()[1].sector1_time_ms, 30'000);
  auto other = out_of_the_pits().drives_lap(1);
  other.at(136'000).sector(2, 24'000).at(161'000).sector(3, 25'000).lap_time(79'500).line(2);
  EXPECT_EQ(other.laps()[1].sector1_time_ms, std::nullopt);
}

TEST(LapRules, P6_OfASlowLapASectorMayNotBeSentAgain) {
  auto car = out_of_the_pits().at(60'000).sector(1, 60'000).at(110'000).sector(2, 50'000);
  car.at(160'000).sector(3, 50'000).lap_time(160'000).line(1);
  car.at(270'000).sector(2, 50'000).at(321'000).sector(3, 51'000).lap_time(161'000).line(2);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[1].lap_time_ms, 161'000);
  EXPECT_EQ(laps[1].sector1_time_ms, 60'000);
}

TEST(LapRules, P6_OfTwoEqualLapsNeitherTimeNorFirstSectorIsSentAgain) {
  auto car = out_of_the_pits().drives_lap(1);
  car.at(136'000).sector(2, 25'000).at(161'000).sector(3, 25'000).line(2);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[1].lap_time_ms, 80'000);
  EXPECT_EQ(laps[1].sector1_time_ms, 30'000);
}

TEST(LapRules, L6_TheTimeOfTheLapBeforeSentAgainBehindARedFlagIsNone) {
  SessionLog race;
  race.is_race_like = true;
  race.session_status = {{0, "Started", false}, {90'000, "Aborted", false}, {1'200'000, "Started", false}};
  auto car = Car().at(1'000).drives_lap(1).at(120'000).enters_pits().at(1'201'000).leaves_pits();
  car.at(1'290'000).lap_time(80'000).line(2);
  const auto laps = car.laps(race);
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[0].lap_time_ms, 80'000);
  EXPECT_EQ(laps[1].lap_time_ms, std::nullopt);
  race.session_status.resize(1);
  EXPECT_EQ(car.laps(race).at(1).lap_time_ms, 80'000) << "without a flag it is what F1 says";
}

TEST(LapRules, L8_LineMessagesThatLagAreMovedToWhereTheTimesSay) {
  auto car = out_of_the_pits().drives_lap(1);  // ends at 81'000
  car.at(111'000).sector(1, 30'000).at(136'000).sector(2, 25'000);
  car.at(161'400).sector(3, 25'000).lap_time(80'000).line(2);  // the message came 0.4 s late
  EXPECT_EQ(car.laps()[1].session_time_ms, 161'000);
}

TEST(LapRules, L9_APitExitJustBeforeTheLineBelongsToTheLapAfterIt) {
  auto car = out_of_the_pits().drives_lap(1).at(160'000).enters_pits().at(180'000).leaves_pits();
  const auto laps = car.at(180'010).line(2).drives_lap(3).laps();
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[1].pit_in_time_ms, 160'000);
  EXPECT_EQ(laps[1].pit_out_time_ms, std::nullopt);
  EXPECT_EQ(laps[2].pit_out_time_ms, 180'000);
}

TEST(LapRules, L10_OnlyWhetherACarIsInThePitsCounts) {
  Told told;  // PitOut comes and goes as it likes, on a lap that never sees the pits
  drive_a_lap(told).timing(120'000, R"({"PitOut":true})").timing(121'000, R"({"PitOut":false})");
  told.timing(130'000, R"({"Sectors":{"0":{"Value":"30.000"}}})")
      .timing(155'000, R"({"Sectors":{"1":{"Value":"25.000"}}})")
      .timing(180'000, R"({"NumberOfLaps":2,"Sectors":{"2":{"Value":"25.001"}}})")
      .timing(187'000, R"({"Line":1})")
      .ends();
  const auto laps = told.table<Lap>();
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_EQ(laps[0].pit_out_time_ms, 20'000);
  EXPECT_EQ(laps[1].pit_out_time_ms, std::nullopt);
}

TEST(LapRules, L11_AnEntryBeforeTheExitOfTheFirstLapIsDropped) {
  SessionLog race;
  race.is_race_like = true;
  race.session_status = {{5'000, "Started", false}};
  const auto laps =
      Car().at(0).leaves_pits().at(10).enters_pits().at(20).leaves_pits().drives_lap(1).laps(race);
  EXPECT_EQ(laps.at(0).pit_in_time_ms, std::nullopt);
  EXPECT_EQ(laps.at(0).pit_out_time_ms, std::nullopt) << "before the start: driven to the grid";
  EXPECT_EQ(laps.at(0).lap_start_session_time_ms, 5'000);
}

TEST(LapRules, L12_ARestartIsTheStartOfALapThatHasNoTime) {
  SessionLog race;
  race.is_race_like = true;
  race.session_status = {{0, "Started", false}, {90'000, "Aborted", false}, {200'000, "Started", false}};
  auto car = Car().at(1'000).drives_lap(1).at(100'000).enters_pits().at(100'500).line(2);
  const auto laps = car.at(201'000).leaves_pits().at(290'000).sector(3, 25'000).line(3).laps(race);
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[2].lap_start_session_time_ms, 200'000);
}

TEST(LapRules, L12_OnlyTheRestartBehindARedFlagBeginsALapAtThePitExit) {
  SessionLog practice;
  practice.session_status = {{0, "Started", false},
                             {90'000, "Aborted", false},
                             {200'000, "Started", false},
                             {400'000, "Finished", false},
                             {500'000, "Started", false}};
  auto car = Car().at(1'000).leaves_pits().drives_lap(1).at(100'000).enters_pits().at(100'500).line(2);
  car.at(201'000).leaves_pits().drives_lap(3).at(390'000).enters_pits().at(391'000).line(4);
  const auto laps = car.at(510'000).leaves_pits().drives_lap(5).laps(practice);
  ASSERT_EQ(laps.size(), 5u);
  EXPECT_EQ(laps[2].lap_start_session_time_ms, 201'000);
  EXPECT_EQ(laps[4].lap_start_session_time_ms, 391'000) << "no flag was before this start";
}

TEST(LapRules, L14_NoLapOfARaceLiesBeyondItsDistance) {
  SessionLog race;
  race.is_race_like = true;
  race.total_laps = 2;
  race.session_status = {{0, "Started", false}, {165'000, "Finished", false}};
  auto car = Car().at(0).drives_lap(1).drives_lap(2);
  EXPECT_EQ(car.at(160'500).enters_pits().laps(race).size(), 2u) << "drives in as the winner";
  race.total_laps = 3;
  EXPECT_EQ(car.laps(race).size(), 3u) << "retires in the pits";
}

Car stops_once_with(void (*lay_ready)(Car&)) {
  auto car = Car().at(0).enters_pits().at(500).stint(0, "SOFT", 0);
  lay_ready(car);
  car.at(1'000).leaves_pits().drives_lap(1).at(86'000).stint_laps(0, 1);
  car.at(160'000).enters_pits().at(165'000).line(2).at(170'000).leaves_pits().drives_lap(3);
  return car;
}

TEST(LapRules, L15_ASetThatLiesReadyIsPutOnAtTheStop) {
  const auto laps = stops_once_with([](Car& car) { car.at(600).stint(1, "HARD", 0); }).laps();
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[0].tyre_compound, "SOFT") << "F1 counts laps in the first stint";
  EXPECT_EQ(laps[1].tyre_compound, "SOFT");
  EXPECT_EQ(laps[1].driver_stint, 1);
  EXPECT_EQ(laps[2].tyre_compound, "HARD");
  EXPECT_EQ(laps[2].tyre_life_laps, 1);
}

TEST(LapRules, L15_AStintCounterThatRunsAheadSpeaksOfTheSetThatRuns) {
  auto car = Car().at(0).enters_pits().at(500).stint(0, "UNKNOWN", 0).at(600).stint(2, "MEDIUM", 3);
  const auto laps = car.at(1'000).leaves_pits().drives_lap(1).laps();
  EXPECT_EQ(laps.at(0).tyre_compound, "MEDIUM");
  EXPECT_EQ(laps.at(0).driver_stint, 1);
  EXPECT_EQ(laps.at(0).tyre_life_laps, 4);
}

// Monaco 2023, practice 2: laps of a car on its second set were said to be of the first.
TEST(LapRules, L15_WhereARecordingBeginsLaterTheSnapshotsLastStintRuns) {
  auto car = Car().snapshot_at(0).leaves_pits().line(14).stint(0, "MEDIUM", 0).stint_laps(0, 13);
  car.stint(1, "SOFT", 0).stint_laps(1, 2).at(80'000).lap_time(80'000).line(15).at(81'000).stint_laps(1, 3);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 1u);
  EXPECT_EQ(laps[0].driver_stint, 2);
  EXPECT_EQ(laps[0].tyre_compound, "SOFT");
}

TEST(LapRules, L15_ASetThatLiesReadyInTheSnapshotRunsLater) {
  auto car = Car().snapshot_at(0).leaves_pits().line(14).stint(0, "MEDIUM", 0).stint_laps(0, 13);
  car.stint(1, "SOFT", 0);
  car.at(1000).stint_laps(0, 14).at(80'000).lap_time(80'000).line(15);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 1u);
  EXPECT_EQ(laps[0].driver_stint, 1);
  EXPECT_EQ(laps[0].tyre_compound, "MEDIUM");
}

// Azerbaijan 2025, practice 2, car 27: the set that it put on in the garage.
TEST(LapRules, L15_ACarThatStandsInItsGarageAsARecordingBeginsMayLeaveItOnAnotherSet) {
  auto car = Car().snapshot_at(0).enters_pits().line(11).stint(0, "SOFT", 0).stint_laps(0, 4);
  car.at(59'500).stint(1, "MEDIUM", 7).at(60'000).leaves_pits().line(12);
  car.at(150'000).sector(3, 25'000).lap_time(90'000).line(13);
  const auto laps = car.laps();
  ASSERT_EQ(laps.size(), 1u);
  EXPECT_EQ(laps[0].driver_stint, 2);
  EXPECT_EQ(laps[0].tyre_compound, "MEDIUM");
  EXPECT_EQ(laps[0].tyre_life_laps, 8);
}

TEST(LapRules, L15_StintsOfALateRecordingsSnapshotDoNotWaitForTheNextStop) {
  SessionLog race;
  race.is_race_like = true;
  race.session_status = {{-60'000, "Started", false}};
  auto car = Car().snapshot_at(0).leaves_pits().line(14).stint(0, "MEDIUM", 0).stint_laps(0, 13);
  car.stint(1, "HARD", 0).stint_laps(1, 1).drives_lap(15).at(100'000).enters_pits();
  car.at(130'000).leaves_pits().line(16).at(131'000).stint(2, "SOFT", 0).drives_lap(17);
  const auto laps = car.laps(race);
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[0].tyre_compound, "HARD");
  EXPECT_EQ(laps[1].tyre_compound, "HARD");
  EXPECT_EQ(laps[2].tyre_compound, "SOFT");
}

TEST(LapRules, L15_AStopWithoutNewTyresBeginsNoStint) {
  const auto laps = stops_once_with([](Car&) {}).laps();
  EXPECT_EQ(laps.at(2).driver_stint, 1);
  EXPECT_EQ(laps.at(2).tyre_life_laps, 3);
}

TEST(LapRules, L15_StintsThatAllComeAtOnceBeginAtTheirStops) {
  SessionLog race;
  race.is_race_like = true;
  race.session_status = {{500, "Started", false}};
  auto car = Car().at(1'000).drives_lap(1).at(160'000).enters_pits().at(165'000).line(2).at(170'000);
  car.leaves_pits().drives_lap(3).at(60'000).stint(0, "SOFT", 0).stint(1, "HARD", 0);
  const auto laps = car.laps(race);
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[0].tyre_compound, "SOFT");
  EXPECT_EQ(laps[2].tyre_compound, "HARD");
  EXPECT_EQ(laps[2].driver_stint, 2);
}

TEST(LapRules, L16_ALateCompoundCountsForTheWholeStint) {
  auto car = Car().at(500).stint(0, "UNKNOWN", 3).at(1000).enters_pits().leaves_pits().drives_lap(1);
  const auto laps = car.stint(0, "MEDIUM", 3).drives_lap(2).laps();
  EXPECT_EQ(laps.at(0).tyre_compound, "MEDIUM");
  EXPECT_EQ(laps.at(1).tyre_life_laps, 5);
}

TEST(LapRules, L17_ADeletedLapLosesItsMarkAndKeepsItsReason) {
  SessionLog session;
  session.has_race_control = true;
  session.deletions = {{4, 80'000, {}, {}, false, "TRACK LIMITS AT TURN 12 LAP 3", 100'000}};
  const auto car = out_of_the_pits().drives_lap(1).best(80'000);
  const auto deleted = car.laps(session);
  EXPECT_EQ(deleted.at(0).is_deleted, true);
  EXPECT_EQ(deleted.at(0).deleted_reason, "TRACK LIMITS AT TURN 12 LAP 3");
  EXPECT_EQ(deleted.at(0).is_personal_best, false);
  session.deletions.push_back({4, 80'000, {}, {}, true, "", 110'000});
  EXPECT_EQ(car.laps(session).at(0).is_deleted, false);
  EXPECT_EQ(car.laps(session).at(0).is_personal_best, true) << "reinstated, so it was the best";
  EXPECT_EQ(car.laps().at(0).is_deleted, std::nullopt) << "no race control, nothing known";
}

TEST(LapRules, L18_PositionIsTheRankAtTheLine) {
  Lap first, second, unfinished;
  first.session_time_ms = 90'000;
  second.session_time_ms = 90'500;
  Lap* laps[] = {&second, &unfinished, &first};
  rank_laps(laps);
  EXPECT_EQ(first.position, 1);
  EXPECT_EQ(second.position, 2);
  EXPECT_EQ(unfinished.position, std::nullopt);
}

TEST(LapRules, TrackStatusNamesEveryStatusOfTheLapOnce) {
  SessionLog session;
  session.track_status = {
      {10'000, "2", false}, {20'000, "1", false}, {30'000, "2", false}, {200'000, "4", false}};
  const auto laps = out_of_the_pits().drives_lap(1).drives_lap(2).laps(session);
  EXPECT_EQ(laps.at(0).track_status, "12");
  EXPECT_EQ(laps.at(1).track_status, "2");
}

TEST(LapRules, AccurateLapsAddUpAndFollowEachOther) {
  const auto laps = out_of_the_pits().drives_lap(1).drives_lap(2).at(300'000).enters_pits().line(3).laps();
  EXPECT_FALSE(laps.at(0).is_accurate) << "out lap";
  EXPECT_TRUE(laps.at(1).is_accurate);
  EXPECT_FALSE(laps.at(2).is_accurate) << "in lap, no times";
}

TEST(LapRules, TheLapThatRunsHasNoRowUntilItEndsInThePits) {
  auto car = out_of_the_pits().drives_lap(1).at(110'000).sector(1, 29'000);
  EXPECT_EQ(car.laps().size(), 1u);
  EXPECT_EQ(car.at(150'000).enters_pits().laps().size(), 2u);
}

}  // namespace
}  // namespace slipstream::session
