#include "session/race_control_text.h"

#include <gtest/gtest.h>

namespace slipstream::session {
namespace {

TEST(RaceControlText, NamesTheOneCarThatItIsAbout) {
  EXPECT_EQ(car_of("CAR 5 (BOR) TIME 1:18.964 DELETED - TRACK LIMITS"), 5);
  EXPECT_EQ(car_of("FIRST CAR TO TAKE THE FLAG - CAR 4 (NOR)"), 4);
  EXPECT_EQ(car_of("FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 31 (OCO) - SPEEDING"), 31);
  EXPECT_EQ(car_of("INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR) NOTED"), std::nullopt);
  EXPECT_EQ(car_of("CAR 1 (VER) AND CAR 4 (NOR) NOTED"), std::nullopt);
  EXPECT_EQ(car_of("SAFETY CAR IN THIS LAP"), std::nullopt);
  EXPECT_EQ(car_of("LAPPED CAR MAY NOW OVERTAKE THE SAFETY CAR: 43"), std::nullopt);
}

TEST(RaceControlText, L17_ATimeIsDeletedOrReinstated) {
  const auto deleted =
      deletion_of("CAR 5 (BOR) TIME 1:18.964 DELETED - TRACK LIMITS AT TURN 12 LAP 3 15:03:34", 7);
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->driver_number, 5);
  EXPECT_EQ(deleted->lap_time_ms, 78'964);
  EXPECT_EQ(deleted->reason, "TRACK LIMITS AT TURN 12 LAP 3");
  EXPECT_EQ(deleted->session_time_ms, 7);
  EXPECT_TRUE(deletion_of("CAR 5 (BOR) TIME 1:18.964 REINSTATED", 7)->is_reinstated);
  EXPECT_FALSE(deletion_of("CAR 5 (BOR) TIME 1:18.964 NOTED", 7));
  EXPECT_FALSE(deletion_of("FIA STEWARDS: CAR 5 (BOR) TIME 1:18.964 DELETED - TRACK LIMITS", 7));
}

TEST(RaceControlText, L17_ALapIsDeletedWithoutATime) {
  const auto deleted =
      deletion_of("CAR 43 (COL) LAP DELETED - TRACK LIMITS AT TURN 3 LAP 9 15:16:30 (PIT)", 7);
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->driver_number, 43);
  EXPECT_EQ(deleted->lap_time_ms, std::nullopt);
  EXPECT_EQ(deleted->lap_number, 9);
  EXPECT_EQ(deleted->reason, "TRACK LIMITS AT TURN 3 LAP 9");
}

TEST(RaceControlText, C7_SaysWhatIsAllowedOnTheWholeTrack) {
  const auto is_on = [](std::string_view text, std::string_view mode) {
    const auto change = mode_change_of(text);
    EXPECT_TRUE(change && change->mode == mode) << text;
    return change && change->is_on;
  };
  EXPECT_TRUE(is_on("DRS ENABLED", "drs"));
  EXPECT_FALSE(is_on("DRS DISABLED", "drs"));
  EXPECT_TRUE(is_on("OVERTAKE ENABLED", "overtake"));
  EXPECT_FALSE(is_on("OVERTAKE DISABLED", "overtake"));
  EXPECT_TRUE(is_on("STRAIGHT MODE ENABLED", "straight_mode"));
  EXPECT_TRUE(is_on("LOW GRIP CONDITIONS", "low_grip"));
  EXPECT_FALSE(is_on("NORMAL GRIP CONDITIONS", "low_grip"));
}

TEST(RaceControlText, C7_WhatIsNotTheWholeTracksModeIsNone) {
  for (const char* text : {"LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR: 18, 43", "DRS DISABLED IN ZONE 1",
                           "ENABLED", "PIT LANE ENTRY OPEN", ""}) {
    EXPECT_FALSE(mode_change_of(text)) << text;
  }
}

}  // namespace
}  // namespace slipstream::session
