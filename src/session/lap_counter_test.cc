// One number a lap: what the counter says while messages come is what the lap table says in the end.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "session/lap_counter.h"
#include "session/lap_draft.h"
#include "session/lap_test_support.h"

namespace slipstream::session {
namespace {

LapCounter counted(const CarLog& car, bool is_race_like = false) {
  LapCounter counter(is_race_like);
  counter.take_from(car);
  return counter;
}

TEST(LapCounter, L27_ALineInFrontOfTheGarageIsNoLap) {
  auto car = Car().at(0).enters_pits().at(1000).leaves_pits().line(1);
  EXPECT_EQ(counted(car.log()).running(), 1) << "F1 counts 1 already";
  car.drives_lap(2);
  EXPECT_EQ(counted(car.log()).running(), 2);
  ASSERT_EQ(car.drafts().size(), 1u);
  EXPECT_EQ(car.drafts()[0].lap_number, 1);
}

TEST(LapCounter, L27_WhatComesLateMakesItALap) {
  auto car = Car().at(0).enters_pits().at(1000).leaves_pits().at(90'000).line(1);
  EXPECT_EQ(counted(car.log()).running(), 1);
  EXPECT_EQ(counted(car.at(92'000).sector(3, 25'000).log()).running(), 2);
}

TEST(LapCounter, L2_NothingCountsBeforeTheFirstPitExitButInARaceFromTheGridOn) {
  const auto car = Car().at(0).drives_lap(1).drives_lap(2);
  EXPECT_EQ(counted(car.log()).running(), 1);
  EXPECT_EQ(counted(car.log(), true).running(), 3);
}

TEST(LapCounter, L1_ACounterThatGoesBackChangesNoNumber) {
  auto car = Car().at(0).enters_pits().at(1000).leaves_pits().drives_lap(1).drives_lap(2);
  EXPECT_EQ(counted(car.at(170'000).line(1).log()).running(), 3);
  EXPECT_TRUE(counted(car.log()).is_past());
  EXPECT_FALSE(counted(car.at(171'000).line(2).log()).is_past());
}

TEST(LapCounter, ARecordingThatBeginsInLap13CountsFromThere) {
  const auto car = Car().snapshot_at(0).line(12);
  EXPECT_EQ(counted(car.log()).running(), 13);
}

// What one message says: of kinds that count laps, or are values of one.
struct Said {
  int wait_ms, kind, value;
};

std::ostream& operator<<(std::ostream& out, const Said& said) {
  return out << '+' << said.wait_ms << " ms, kind " << said.kind << ", value " << said.value;
}

rc::Gen<Said> any_message() {
  return rc::gen::build<Said>(rc::gen::set(&Said::wait_ms, rc::gen::element(0, 40, 4'999, 5'000, 25'000)),
                              rc::gen::set(&Said::kind, rc::gen::inRange(0, 9)),
                              rc::gen::set(&Said::value, rc::gen::inRange(0, 6)));
}

class Teller {
 public:
  void tell(const Said& said) {
    now_ms_ += said.wait_ms;
    if (said.kind == 8) car_.snapshot_at(now_ms_).line(laps_ += said.value % 3);
    else car_.at(now_ms_);
    switch (said.kind) {
      case 0:
      case 1: car_.line(++laps_); return;
      case 2: car_.line(said.value); return;
      case 3: car_.leaves_pits(); return;
      case 4: car_.enters_pits(); return;
      case 5: car_.leaves_pits().line(++laps_); return;
      case 6: car_.sector(1 + said.value % 3, 25'000); return;
      case 7: car_.speed(said.value % 4, 300); return;
      default: return;
    }
  }
  const CarLog& log() const { return car_.log(); }

 private:
  Car car_;
  Int now_ms_ = 0, laps_ = 0;
};

RC_GTEST_PROP(LapCounterLaw, TheLapThatRunsIsTheOneBehindTheLastOfTheTable, (bool is_race_like)) {
  const auto messages = *rc::gen::container<std::vector<Said>>(any_message());
  SessionLog session;
  session.is_race_like = is_race_like;
  Teller teller;
  LapCounter live(is_race_like);
  bool may_have_missed = false;  // laps that ended in an interruption have no row
  for (const Said& said : messages) {
    const std::size_t before = teller.log().events.size();
    teller.tell(said);
    live.take_from(teller.log(), before);
    may_have_missed = may_have_missed || said.kind == 8;
    RC_ASSERT(live.running() == counted(teller.log(), is_race_like).running());
    const auto laps = collect_laps(teller.log(), session);
    if (laps.empty()) continue;
    const LapDraft& last = laps.back();
    const Int next = last.lap_number + (last.line_ms ? 1 : 0);
    const bool is_right = may_have_missed && last.line_ms ? live.running() >= next : live.running() == next;
    RC_ASSERT(is_right);
  }
}

}  // namespace
}  // namespace slipstream::session
