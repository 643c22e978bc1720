// Lap rules that need more than one car's driving: alignment, cars that stop, deletions, the start.
#include <gtest/gtest.h>
#include <map>

#include "session/lap_test_support.h"

namespace slipstream::session {
namespace {

using Drafts = std::vector<LapDraft>;

SessionLog race(bool is_finished = true) {
  SessionLog session;
  session.is_race_like = true;
  session.session_status = {{1'000, "Started", false}};
  if (is_finished) session.session_status.push_back({400'000, "Finished", false});
  return session;
}

std::map<Int, Int> shifts_of(const std::vector<Car>& field) {
  std::vector<Drafts> drafts;
  drafts.reserve(field.size());
  for (const Car& car : field) drafts.push_back(car.drafts(race()));
  std::vector<CarToAlign> cars;
  for (std::size_t i = 0; i < field.size(); ++i) cars.push_back({&drafts[i], &field[i].log()});
  align_cars(cars);
  std::map<Int, Int> shifts;
  for (const CarToAlign& car : cars) {
    if (car.shift_ms) shifts[car.log->driver_number] = *car.shift_ms;
  }
  return shifts;
}

TEST(LapAlignment, L8_ACarWhoseMessagesLagIsMovedToItsGap) {
  const auto leader = Car(1).at(1'000).drives_lap(1).leads();
  const auto follower = Car(4).at(1'200 + 3'000).drives_lap(1).gap(3'000);  // 0.2 s late
  const auto shifts = shifts_of({leader, follower});
  EXPECT_EQ(shifts.at(1), 0);
  EXPECT_EQ(shifts.at(4), -200);
}

TEST(LapAlignment, L8_NoLapMovesToALaterTime) {
  const auto leader = Car(1).at(1'200).drives_lap(1).leads();  // it is the leader whose messages lag
  const auto follower = Car(4).at(4'000).drives_lap(1).gap(3'000);
  const auto shifts = shifts_of({leader, follower});
  EXPECT_EQ(shifts.at(1), -200);
  EXPECT_EQ(shifts.at(4), 0);
}

TEST(LapAlignment, ALapThroughThePitsAlignsNothing) {
  const auto leader = Car(1).at(1'000).drives_lap(1).leads();
  auto stops = Car(4).at(1'000).leaves_pits();
  stops.at(4'200).drives_lap(1).gap(3'000);
  EXPECT_FALSE(shifts_of({leader, stops}).contains(4));
}

TEST(LapAlignment, ACarThatTheScreenGivesNoGapStaysAndStopsNoOther) {
  const auto leader = Car(1).at(1'000).drives_lap(1).leads();
  const auto follower = Car(4).at(4'200).drives_lap(1).gap(3'000);
  const auto unknown = Car(5).at(5'000).drives_lap(1);
  const auto shifts = shifts_of({leader, follower, unknown});
  EXPECT_EQ(shifts.at(4), -200);
  EXPECT_FALSE(shifts.contains(5));
}

TEST(LapAlignment, WithoutGapsNothingIsAligned) {
  EXPECT_TRUE(shifts_of({Car(1).at(1'000).drives_lap(1), Car(4).at(1'000).drives_lap(1)}).empty());
}

TEST(LapAlignment, TheShiftIsInTheRowSoThatTheTimeAsSentCanBeHad) {
  const auto car = Car(4).at(1'000).drives_lap(1).drives_lap(2);
  CarLog log;
  log.driver_number = 4;
  const auto laps = build_laps(car.drafts(race()), log, race(), -200);
  EXPECT_EQ(*laps[1].session_time_ms + *laps[1].time_alignment_ms, 161'000);
  EXPECT_EQ(laps[1].lap_start_session_time_ms, laps[0].session_time_ms);
  EXPECT_EQ(laps[1].sector3_session_time_ms, 161'000) << "sectors are as sent, like FastF1's";
}

TEST(RetiredLap, L13_ACarThatStopsOnTrackHasALapThatEndsThere) {
  auto car = Car().at(1'000).drives_lap(1).at(120'000).stops();
  const auto laps = car.laps(race());
  ASSERT_EQ(laps.size(), 2u);
  EXPECT_TRUE(laps[1].is_generated);
  EXPECT_EQ(laps[1].session_time_ms, 120'000);
  EXPECT_EQ(laps[1].lap_time_ms, std::nullopt);
  EXPECT_EQ(car.laps(race(false)).size(), 1u) << "while the session runs the car may drive on";
}

TEST(RetiredLap, P11_ACarThatIsNoLongerStoppedDrivesOn) {
  auto car = Car().at(1'000).drives_lap(1).at(120'000).stops().at(140'000).stops(false).drives_lap(2);
  EXPECT_EQ(car.at(399'000).enters_pits().at(400'500).line(3).laps(race()).size(), 3u);
}

TEST(RetiredLap, WithoutAWordOfTheStopTheLapEndsAtTheRedFlag) {
  auto session = race();
  session.session_status.insert(session.session_status.begin() + 1, {100'000, "Aborted", false});
  EXPECT_EQ(Car().at(1'000).drives_lap(1).laps(session).at(1).session_time_ms, 100'000);
  EXPECT_EQ(Car().at(1'000).drives_lap(1).laps(race()).at(1).session_time_ms, 81'000 + 150'000);
}

TEST(RetiredLap, ALapBegunAfterTheFlagIsNone) {
  auto session = race();
  session.session_status.back().session_time_ms = 80'990;
  EXPECT_EQ(Car().at(1'000).drives_lap(1).at(120'000).stops().laps(session).size(), 1u);
}

TEST(RetiredLap, L14_ACarThatHasDrivenAllLapsHasNoMore) {
  auto session = race();
  session.total_laps = 1;
  EXPECT_EQ(Car().at(1'000).drives_lap(1).laps(session).size(), 1u);
}

TEST(RetiredLap, AfterAStopInThePitsOnlyWhoLeavesThemHasAnotherLap) {
  auto car = Car().at(1'000).drives_lap(1).at(150'000).enters_pits().at(155'000).line(2);
  EXPECT_EQ(car.laps(race()).size(), 2u) << "retired in the pits";
  const auto laps = car.at(170'000).leaves_pits().at(250'000).stops().laps(race());
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[2].pit_out_time_ms, 170'000);
  EXPECT_EQ(laps[2].session_time_ms, 250'000);
}

TEST(RetiredLap, ACrashInTheFirstLapIsALapAndACarThatNeverStartedHasNone) {
  const auto crashed = Car().at(40'000).sector(1, 38'000).at(90'000).stops().laps(race());
  ASSERT_EQ(crashed.size(), 1u);
  EXPECT_EQ(crashed[0].session_time_ms, 90'000);
  EXPECT_TRUE(Car().at(90'000).stops().laps(race()).empty()) << "did not start";
}

TEST(FirstLap, L7_HasTheTimeFromStartToLine) {
  const auto laps = Car().at(1'200).drives_lap(1).laps(race());
  auto no_time = Car().at(30'000).sector(2, 25'000).at(90'000).line(1);
  const auto first = no_time.laps(race()).at(0);
  EXPECT_EQ(first.lap_time_ms, 89'000);
  EXPECT_EQ(first.lap_time_source, "line");
  EXPECT_EQ(laps.at(0).lap_time_source, "feed") << "what F1 sends counts";
  EXPECT_EQ(no_time.laps().size(), 0u) << "in practice there is no start";
}

TEST(Recording, ThatBeginsInLap13CountsFromThere) {
  const auto laps = Car()
                        .snapshot_at(0)
                        .line(12)
                        .lap_time(91'000)
                        .sector(1, 30'000)
                        .leaves_pits()
                        .at(20'000)
                        .drives_lap(13)
                        .drives_lap(14)
                        .laps(race());
  ASSERT_GE(laps.size(), 2u);
  EXPECT_EQ(laps[0].lap_number, 13);
  EXPECT_EQ(laps[0].lap_time_ms, 80'000) << "the time in the snapshot is lap 12's";
  EXPECT_EQ(laps[0].lap_start_session_time_ms, 20'000);
  EXPECT_EQ(laps[0].lap_kind, "race");
  EXPECT_EQ(laps[1].lap_number, 14);
}

TEST(Recording, ThatBeginsBehindTheFlagHasNoLapOfACarThatIsOut) {
  auto car = Car().snapshot_at(50'000).speed(2, 291).stops();
  EXPECT_TRUE(car.at(60'000).gap(0).laps(race()).empty());
}

TEST(Recording, AnInterruptionLosesItsLapsAndNoOthers) {
  auto car = Car().at(0).leaves_pits().drives_lap(1).at(100'000).sector(1, 33'000);
  const auto laps = car.snapshot_at(500'000).line(5).at(510'000).drives_lap(6).drives_lap(7).laps();
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[1].lap_number, 6);
  EXPECT_EQ(laps[1].sector1_time_ms, 30'000) << "sector 1 of lap 2 is not lap 6's";
  EXPECT_EQ(laps[1].lap_start_session_time_ms, 510'000);
  EXPECT_EQ(laps[2].lap_number, 7);
}

TEST(Recording, ALineCrossedDuringAShortInterruptionEndsTheLap) {
  auto car =
      Car().at(0).leaves_pits().drives_lap(1).at(110'000).sector(1, 30'000).at(135'000).sector(2, 25'000);
  const auto laps = car.snapshot_at(165'000).line(2).lap_time(80'000).at(165'500).drives_lap(3).laps();
  ASSERT_EQ(laps.size(), 3u);
  EXPECT_EQ(laps[1].lap_time_ms, 80'000);
}

TEST(Recording, ASetThatWasOnBeforeItBeganIsAsOldAsF1Says) {
  auto car = Car().snapshot_at(0).line(12).leaves_pits().at(1).stint(0, "HARD", 2);
  car.stint_laps(0, 14);
  CarLog log;
  log.stints = {{1, 0, "HARD", true, 2, 14}};
  const auto laps = build_laps(car.at(20'000).drives_lap(13).drafts(), log, {}, {});
  ASSERT_EQ(laps.size(), 1u);
  EXPECT_EQ(laps[0].tyre_life_laps, 15);
}

TEST(DeletedLaps, L17_ALapInThePitsIsDeletedWithoutATime) {
  SessionLog session;
  session.has_race_control = true;
  session.deletions = {{4, {}, 2, {}, false, "TRACK LIMITS AT TURN 3 LAP 2", 100'000}};
  const auto laps = Car().at(0).leaves_pits().drives_lap(1).drives_lap(2).laps(session);
  EXPECT_EQ(laps.at(0).is_deleted, false);
  EXPECT_EQ(laps.at(1).is_deleted, true);
}

TEST(DeletedLaps, L17_TheLapThatRanAtTheTimeOfTheOffenceIsMeantWhateverItsNumber) {
  SessionLog session;
  session.has_race_control = true;
  session.zero_date = UtcTime(std::chrono::milliseconds(86'400'000 - 40'000));  // 40 s before midnight
  session.gmt_offset_s = -3600;
  session.deletions = {{4, {}, 9, 22 * 3600 + 59 * 60 + 50, false, "TRACK LIMITS", 200'000}};
  const auto laps = Car().at(0).leaves_pits().drives_lap(1).drives_lap(2).laps(session);
  EXPECT_EQ(laps.at(0).is_deleted, true);
  EXPECT_EQ(laps.at(1).is_deleted, false);
  session.deletions[0].local_time_s = 23 * 3600 + 60;  // behind midnight UTC, in lap 2
  const auto later = Car().at(0).leaves_pits().drives_lap(1).drives_lap(2).laps(session);
  EXPECT_EQ(later.at(1).is_deleted, true);
}

TEST(DeletedLaps, L17_OfTwoEqualTimesTheLapThatIsNamedIsDeleted) {
  SessionLog session;
  session.has_race_control = true;
  session.deletions = {{4, 80'000, 2, {}, false, "TRACK LIMITS AT TURN 3 LAP 2", 200'000}};
  const auto laps = Car().at(0).leaves_pits().drives_lap(1).drives_lap(2).laps(session);
  EXPECT_EQ(laps.at(0).is_deleted, false);
  EXPECT_EQ(laps.at(1).is_deleted, true);
  session.deletions[0].lap_number = 7;  // race control may count otherwise
  EXPECT_EQ(Car().at(0).leaves_pits().drives_lap(1).laps(session).at(0).is_deleted, true);
}

}  // namespace
}  // namespace slipstream::session
