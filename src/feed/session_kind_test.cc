#include "feed/session_kind.h"

#include <gtest/gtest.h>

namespace slipstream::feed {
namespace {

TEST(SessionKind, L21_DependsOnTheSeason) {
  EXPECT_EQ(session_kind(2025, "Race", "Race", ""), "race");
  EXPECT_EQ(session_kind(2021, "Race", "Sprint Qualifying", ""), "sprint");
  EXPECT_EQ(session_kind(2022, "Race", "Sprint", ""), "sprint");
  EXPECT_EQ(session_kind(2023, "Qualifying", "Sprint Shootout", ""), "sprint_qualifying");
  EXPECT_EQ(session_kind(2024, "Qualifying", "Sprint Qualifying", ""), "sprint_qualifying");
  EXPECT_EQ(session_kind(2025, "Qualifying", "Qualifying", ""), "qualifying");
  EXPECT_EQ(session_kind(2025, "Practice", "Practice 1", ""), "practice");
  EXPECT_EQ(session_kind(2025, "Practice", "Day 1", "Pre-Season Testing"), "test");
  EXPECT_EQ(session_kind(2022, "Practice", "Practice 1", "Pre-Season Test"), "test");
  EXPECT_EQ(session_kind(2021, "Race", "High Speed Track Test", "Saudi Arabian Grand Prix"), "test");
  EXPECT_EQ(session_kind(2025, "Parade", "Drivers", ""), std::nullopt);
}

}  // namespace
}  // namespace slipstream::feed
