#include "session/feed_gaps.h"

#include <gtest/gtest.h>

namespace slipstream::session {
namespace {

UtcTime at(Int ms) { return UtcTime(std::chrono::milliseconds(ms)); }

feed::Message message(Int utc_ms, bool is_snapshot) {
  feed::Message message;
  message.utc = at(utc_ms);
  message.is_snapshot = is_snapshot;
  return message;
}

TEST(FeedGaps, ASnapshotBehindChangesEndsOne) {
  FeedGapLog log;
  EXPECT_FALSE(log.note(message(1000, false)));
  EXPECT_FALSE(log.note(message(2000, false)));
  const auto gap = log.note(message(9000, true));
  ASSERT_TRUE(gap);
  EXPECT_EQ(*gap, (record::FeedGap{{}, 1, at(2000), at(9000), "reconnect"}));
  EXPECT_FALSE(log.note(message(9000, true))) << "the next topic of the same snapshot";
  EXPECT_FALSE(log.note(message(9000, false)));
  EXPECT_EQ(log.note(message(9500, true))->gap_number, 2);
}

TEST(FeedGaps, TheFirstSnapshotEndsNone) {
  FeedGapLog log;
  EXPECT_FALSE(log.note(message(1000, true)));
  EXPECT_FALSE(log.note(message(1000, false)));
}

TEST(FeedGaps, AStampThatStepsBackIsNoNegativeTime) {
  FeedGapLog log;
  EXPECT_FALSE(log.note(message(5000, false)));
  EXPECT_EQ(log.note(message(4000, true))->from_date, at(4000));
}

}  // namespace
}  // namespace slipstream::session
