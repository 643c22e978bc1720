#include "warehouse/key_order.h"

#include <gtest/gtest.h>

#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
using Rows = std::vector<std::uint32_t>;

TEST(HighWater, AppendsRowsPastEveryKeyOfTheirCarInKeyOrder) {
  HighWater marks;
  marks.raise({{16}, 2});
  const auto rows = marks.split(batch_of<record::Lap>(
      {{lap(16, 3), {0}}, {lap(4, 1), {0}}, {lap(16, 2), {1}}, {lap(4, 2), {0}}, {lap(16, 5), {0}}}));
  EXPECT_EQ(rows.fresh, (Rows{1, 3, 0, 4}));
  EXPECT_EQ(rows.contested, (Rows{2}));
}

TEST(HighWater, ContestsWithdrawnRowsAndWhatFollowsUnderTheirKey) {
  HighWater marks;
  const auto rows =
      marks.split(batch_of<record::Lap>({{lap(4, 1), {1, true}}, {lap(4, 1), {0}}, {lap(4, 2), {0}}}));
  EXPECT_EQ(rows.fresh, (Rows{2}));
  EXPECT_EQ(rows.contested, (Rows{0, 1}));
}

TEST(HighWater, TreatsATableWithOneRowASessionAlike) {
  record::Session session;
  session.session_key = session_key;
  HighWater marks;
  const auto rows = marks.split(batch_of<record::Session>({{session, {0}}, {session, {1}}}));
  EXPECT_EQ(rows.fresh, (Rows{0}));
  EXPECT_EQ(rows.contested, (Rows{1}));
}

TEST(ParseKeyText, IsTheInverseOfTheTextInTheTable) {
  EXPECT_EQ(parse_key_text("4/1761424860123"), (OrdinalKey{{4}, 1'761'424'860'123}));
  EXPECT_EQ(parse_key_text("4/20/3/-7"), (OrdinalKey{{4, 20, 3}, -7}));
  EXPECT_EQ(parse_key_text("12"), (OrdinalKey{{}, 12}));
  EXPECT_EQ(parse_key_text(""), (OrdinalKey{}));
}

}  // namespace
}  // namespace slipstream::warehouse
