// The stewards' messages, as they were sent in fourteen sessions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/penalties.h"

namespace slipstream::session {
namespace {

using Step = StewardsNote::Step;
using testing::ElementsAre;

StewardsNote note(std::string_view message) {
  const auto note = stewards_note_of(message);
  EXPECT_TRUE(note) << message;
  return note.value_or(StewardsNote{});
}

// Tells messages one after the other; their numbers count from 0.
PenaltyLog told(const std::vector<std::string_view>& messages) {
  PenaltyLog log;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (const auto said = stewards_note_of(messages[i]))
      log.take(*said, static_cast<Int>(i), [](const auto&) {});
  }
  return log;
}

TEST(StewardsNote, ReadsIncidents) {
  const StewardsNote noted = note("TURN 12 INCIDENT INVOLVING CARS 18 (STR) AND 16 (LEC) NOTED - IMPEDING");
  EXPECT_EQ(noted.step, Step::noted);
  EXPECT_THAT(noted.cars, ElementsAre(18, 16));
  EXPECT_EQ(noted.place, "TURN 12");
  EXPECT_EQ(noted.reason, "IMPEDING");
  EXPECT_EQ(noted.kind, std::nullopt);
  const StewardsNote many = note(
      "FIA STEWARDS: Q1 INCIDENT INVOLVING CARS 81 (PIA), 27 (HUL), 22 (TSU), 55 (SAI) AND 5 (BOR) WILL BE "
      "INVESTIGATED AFTER THE SESSION - FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS - MAXIMUM DELTA TIME");
  EXPECT_EQ(many.step, Step::investigated);
  EXPECT_THAT(many.cars, ElementsAre(81, 27, 22, 55, 5));
  EXPECT_EQ(many.reason, "FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS - MAXIMUM DELTA TIME");
  EXPECT_EQ(note("FIA STEWARDS: TURN 1 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) REVIEWED NO FURTHER "
                 "INVESTIGATION")
                .step,
            Step::dropped);
  const StewardsNote corrected =
      note("CORRECTION: INCIDENT INVOLVING CAR 23 (ALB) NOTED -SAFETY CAR PROCEDURE INFRINGEMENT");
  EXPECT_EQ(corrected.reason, "SAFETY CAR PROCEDURE INFRINGEMENT");
  EXPECT_EQ(corrected.place, "");
}

TEST(StewardsNote, ReadsPenalties) {
  struct Case {
    std::string_view message, kind;
    optional<Int> seconds;
    Step step = Step::imposed;
  };
  const Case cases[] = {
      {"FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 1 (VER) - UNSAFE RELEASE", "time", 10},
      {"FIA STEWARDS: REPRIMAND (DRIVING) FOR CAR 1 (SAI) - ESCAPE ROAD INSTRUCTIONS", "reprimand", {}},
      {"BLACK AND WHITE FLAG FOR CAR 1 (ANT) - TRACK LIMITS", "warning", {}},
      {"FIA STEWARDS: DRIVE THROUGH PENALTY FOR CAR 1 (VER) - FALSE START", "drive_through", {}},
      {"FIA STEWARDS: 10 SECOND STOP AND GO PENALTY FOR CAR 1 (VER) - OVERTAKING", "stop_and_go", 10},
      {"FIA STEWARDS: CAR 1 (VER) DISQUALIFIED - UNDERWEIGHT", "disqualified", {}},
      {"FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 1 (BOR) - UNSAFE RELEASE", "time", 5,
       Step::served},
      {"FIA STEWARDS: PENALTY RESCINDED - 5 SECOND TIME PENALTY FOR CAR 1 (BOR)", "time", 5, Step::rescinded},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.message);
    const StewardsNote said = note(each.message);
    EXPECT_EQ(said.kind, each.kind);
    EXPECT_EQ(said.seconds, each.seconds);
    EXPECT_EQ(said.step, each.step);
    EXPECT_THAT(said.cars, ElementsAre(1));
  }
}

TEST(StewardsNote, LeavesOtherMessagesAlone) {
  for (const std::string_view message :
       {"", "DRS ENABLED", "CAR 4 (NOR) TIME 1:20.000 DELETED - TRACK LIMITS AT TURN 12 LAP 1 15:03:34",
        "INCIDENT INVOLVING CAR", "INCIDENT INVOLVING CARS NOTED", "INCIDENT INVOLVING CAR 0 (VER) NOTED",
        "5 SECOND TIME PENALTY FOR CAR", "WAVED BLUE FLAG FOR CAR 43 (COL) TIMED AT 15:33:54",
        "RISK OF RAIN FOR F1 RACE IS 0%", "CAR 4 (NOR) OFF TRACK AND CONTINUED"}) {
    EXPECT_FALSE(stewards_note_of(message)) << message;
  }
}

TEST(Penalties, GoFromNotedToServed) {
  const PenaltyLog log = told({
      "TURN 4 INCIDENT INVOLVING CARS 31 (OCO) AND 18 (STR) NOTED - FORCING ANOTHER DRIVER OFF THE TRACK",
      "FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 31 (OCO) AND 18 (STR) UNDER INVESTIGATION - FORCING "
      "ANOTHER "
      "DRIVER OFF THE TRACK",
      "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 31 (OCO) - FORCING ANOTHER DRIVER OFF THE TRACK",
      "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 31 (OCO) - FORCING ANOTHER DRIVER OFF "
      "THE TRACK",
  });
  ASSERT_EQ(log.rows().size(), 2u);
  const record::Penalty& row = log.rows()[0];
  EXPECT_EQ(row.driver_number, 31);
  EXPECT_EQ(row.state, "served");
  EXPECT_EQ(row.kind, "time");
  EXPECT_EQ(row.seconds, 5);
  EXPECT_EQ(row.noted_message_number, 0);
  EXPECT_EQ(row.investigated_message_number, 1);
  EXPECT_EQ(row.imposed_message_number, 2);
  EXPECT_EQ(row.served_message_number, 3);
  EXPECT_EQ(log.rows()[1].state, "investigated") << "the other car's part stays open";
}

TEST(Penalties, L26AServedPenaltyIsNotAdded) {
  EXPECT_EQ(told({"5 SECOND TIME PENALTY FOR CAR 31 (OCO) - TRACK LIMITS"}).unserved_ms(31), 5'000);
  EXPECT_EQ(told({"5 SECOND TIME PENALTY FOR CAR 31 (OCO) - TRACK LIMITS",
                  "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 31 (OCO) - TRACK LIMITS"})
                .unserved_ms(31),
            0);
  EXPECT_EQ(told({"DRIVE THROUGH PENALTY FOR CAR 31 (OCO) - FALSE START"}).unserved_ms(31), 20'000);
  EXPECT_EQ(told({"10 SECOND STOP AND GO PENALTY FOR CAR 31 (OCO) - FALSE START"}).unserved_ms(31), 30'000);
  EXPECT_EQ(told({"REPRIMAND (DRIVING) FOR CAR 31 (OCO) - IMPEDING"}).unserved_ms(31), 0);
}

TEST(Penalties, TwoOfTheSameKindAreServedOneByOne) {
  const PenaltyLog log = told({
      "5 SECOND TIME PENALTY FOR CAR 5 (BOR) - TRACK LIMITS",
      "5 SECOND TIME PENALTY FOR CAR 5 (BOR) - UNSAFE RELEASE",
      "PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 5 (BOR) - TRACK LIMITS",
  });
  EXPECT_EQ(log.unserved_ms(5), 5'000);
  EXPECT_EQ(log.rows()[0].state, "served");
  EXPECT_EQ(log.rows()[1].state, "imposed");
}

TEST(Penalties, TrackLimitsAreNoOutcomeOfAnotherIncident) {
  const PenaltyLog log = told({
      "FIA STEWARDS: TURN 7 INCIDENT INVOLVING CAR 58 (KOV) UNDER INVESTIGATION - CAUSING A COLLISION",
      "BLACK AND WHITE FLAG FOR CAR 58 (KOV) - TRACK LIMITS",
  });
  ASSERT_EQ(log.rows().size(), 2u);
  EXPECT_EQ(log.rows()[0].state, "investigated");
  EXPECT_EQ(log.rows()[1].kind, "warning");
}

TEST(Penalties, ADroppedIncidentHasNoKind) {
  const PenaltyLog log =
      told({"TURN 1 INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED",
            "FIA STEWARDS: TURN 1 INCIDENT INVOLVING CARS 4 (NOR) AND 1 (VER) REVIEWED NO FURTHER "
            "INVESTIGATION"});
  ASSERT_EQ(log.rows().size(), 2u);
  for (const record::Penalty& row : log.rows()) {
    EXPECT_EQ(row.state, "rescinded");
    EXPECT_EQ(row.kind, std::nullopt);
    EXPECT_EQ(row.rescinded_message_number, 1);
  }
}

// All of the following as F1 sent it: Miami 2026, Shanghai 2026, Monza 2025, Miami 2025.
TEST(Penalties, IncidentsOfACarAtTwoPlacesAreTwo) {
  const PenaltyLog log = told({
      "INCIDENT INVOLVING CAR 23 (ALB) NOTED - YELLOW FLAG INFRINGEMENT",
      "TURN 18 INCIDENT INVOLVING CARS 23 (ALB) AND 3 (VER) NOTED",
      "FIA STEWARDS: TURN 18 INCIDENT INVOLVING CARS 23 (ALB) AND 3 (VER) REVIEWED NO FURTHER INVESTIGATION",
      "FIA STEWARDS: INCIDENT INVOLVING CAR 23 (ALB) WILL BE INVESTIGATED AFTER THE RACE - YELLOW FLAG "
      "INFRINGEMENT",
  });
  ASSERT_EQ(log.rows().size(), 3u);
  EXPECT_EQ(log.rows()[0].state, "investigated");
  EXPECT_EQ(log.rows()[0].investigated_message_number, 3);
  EXPECT_EQ(log.rows()[1].rescinded_message_number, 2);
}

TEST(Penalties, AnUpdateIsOfTheSameIncident) {
  const PenaltyLog log = told({
      "TURN 17 INCIDENT INVOLVING CAR 10 (GAS) NOTED - CAUSING A COLLISION",
      "FIA STEWARDS: TURN 17 INCIDENT INVOLVING CAR 10 (GAS) UNDER INVESTIGATION - CAUSING A COLLISION",
      "FIA STEWARDS: UPDATE: TURN 17 INCIDENT INVOLVING CARS 30 (LAW) AND 10 (GAS) UNDER INVESTIGATION - "
      "CAUSING A COLLISION",
      "FIA STEWARDS: TURN 17 INCIDENT INVOLVING CARS 30 (LAW) AND 10 (GAS) WILL BE INVESTIGATED AFTER THE "
      "RACE - CAUSING A COLLISION",
  });
  ASSERT_EQ(log.rows().size(), 2u) << "one of each car";
  EXPECT_EQ(log.rows()[0].driver_number, 10);
  EXPECT_EQ(log.rows()[0].noted_message_number, 0);
  EXPECT_EQ(log.rows()[1].investigated_message_number, 2);
}

TEST(Penalties, ACorrectionReplacesTheReason) {
  const PenaltyLog log = told({
      "INCIDENT INVOLVING CAR 23 (ALB) NOTED - STARTING PROCEDURE INFRINGEMENT",
      "CORRECTION: INCIDENT INVOLVING CAR 23 (ALB) NOTED -SAFETY CAR PROCEDURE INFRINGEMENT",
  });
  ASSERT_EQ(log.rows().size(), 1u);
  EXPECT_EQ(log.rows()[0].reason, "SAFETY CAR PROCEDURE INFRINGEMENT");
}

TEST(Penalties, NotedTwiceAreTwoIncidents) {
  constexpr std::string_view noted =
      "TURN 6 INCIDENT INVOLVING CARS 10 (GAS) AND 3 (VER) NOTED - MOVING UNDER BRAKING";
  constexpr std::string_view dropped =
      "FIA STEWARDS: TURN 6 INCIDENT INVOLVING CARS 10 (GAS) AND 3 (VER) REVIEWED NO FURTHER INVESTIGATION - "
      "MOVING UNDER BRAKING";
  const PenaltyLog log = told({noted, noted, dropped, dropped});
  ASSERT_EQ(log.rows().size(), 4u);
  for (const record::Penalty& row : log.rows()) EXPECT_EQ(row.state, "rescinded");
}

TEST(Penalties, APenaltyForAnotherReasonIsOfTheIncidentUnderInvestigation) {
  const std::vector<std::string_view> messages = {
      "TURN 3 INCIDENT INVOLVING CARS 12 (ANT) AND 23 (ALB) NOTED - FORCING ANOTHER DRIVER OFF THE TRACK",
      "FIA STEWARDS: TURN 3 INCIDENT INVOLVING CARS 12 (ANT) AND 23 (ALB) UNDER INVESTIGATION - FORCING "
      "ANOTHER DRIVER OFF THE TRACK",
      "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 12 (ANT) - DRIVING ERRATICALLY",
  };
  const PenaltyLog log = told(messages);
  ASSERT_EQ(log.rows().size(), 2u);
  EXPECT_EQ(log.rows()[0].imposed_message_number, 2);
  EXPECT_EQ(log.rows()[0].noted_message_number, 0);
  EXPECT_EQ(log.rows()[0].reason, "DRIVING ERRATICALLY");
  EXPECT_EQ(log.rows()[1].state, "investigated");
}

TEST(Penalties, WhatIsLeftForAfterTheRaceIsNotDecidedInIt) {
  const PenaltyLog log = told({
      "FIA STEWARDS: INCIDENT INVOLVING CAR 5 (BOR) WILL BE INVESTIGATED AFTER THE RACE - MAXIMUM DELTA TIME",
      "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 5 (BOR) - UNSAFE RELEASE",
  });
  ASSERT_EQ(log.rows().size(), 2u);
  EXPECT_EQ(log.rows()[0].state, "investigated");
}

TEST(Penalties, DisqualifiedUntilRescinded) {
  EXPECT_TRUE(told({"CAR 1 (VER) DISQUALIFIED - UNDERWEIGHT"}).is_disqualified(1));
  EXPECT_FALSE(told({"CAR 1 (VER) DISQUALIFIED - UNDERWEIGHT", "RESCINDED - CAR 1 (VER) DISQUALIFIED"})
                   .is_disqualified(1));
}

}  // namespace
}  // namespace slipstream::session
