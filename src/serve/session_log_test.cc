#include "serve/session_log.h"

#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::record_of;

TEST(SessionLog, SortsLateEntriesInAndKeepsTheOrderWithinOneTime) {
  SessionLog log(test::test_session);
  log.add(record_of(test::timing(1, 100, 1)), 100);
  log.add(record_of(test::timing(2, 300, 2)), 300);
  log.settle();
  EXPECT_TRUE(log.disorders().empty());
  log.add(record_of(test::timing(3, 200, 3)), 200);
  log.add(record_of(test::timing(4, 100, 4)), 100);
  log.settle();
  std::vector<std::int32_t> order;
  for (const RowEntry& entry : log.rows()) {
    order.push_back(std::get<const record::Timing*>(entry.row)->driver_number);
  }
  EXPECT_EQ(order, (std::vector<std::int32_t>{1, 4, 3, 2}));
  ASSERT_EQ(log.disorders().size(), 1u);
  EXPECT_EQ(log.disorders()[0].row_index, 1u);
}

TEST(SessionLog, SampleIsKnownNeitherBeforeItsMessageNorBeforeItsDelay) {
  SessionLog log(test::test_session);
  log.add(record_of(test::position(4, 9'000, 1, 2)), 10'000);
  log.add(record_of(test::position(4, 9'900, 1, 2)), 10'000);
  log.add(record_of(test::position(4, 5'000, 1, 2)), 10'000);
  log.settle();
  EXPECT_EQ(log.samples()[0].known_ms, 10'000);
  EXPECT_EQ(log.samples()[1].known_ms, 10'100);
  EXPECT_EQ(log.samples()[2].known_ms, 11'000);
  EXPECT_EQ(log.newest_ms(), 10'000);
}

TEST(SessionLog, OfAPlaceThatWasReckonedTheFirstWordCounts) {
  SessionLog log(test::test_session);
  EXPECT_TRUE(log.add(record_of(test::estimated_row(4, 9'500, 1, 2)), 9'600));
  EXPECT_FALSE(log.add(record_of(test::estimated_row(4, 9'500, 3, 4), 1), 90'000));
  EXPECT_FALSE(log.add(record_of(test::estimated_row(4, 10'000, 3, 4), 1, true), 90'000));
  EXPECT_FALSE(log.add(record_of(test::position_row(4, 9'700, 5, 6)), 9'800));  // its sample comes as such
  log.settle();
  ASSERT_EQ(log.samples().size(), 1u);
  EXPECT_TRUE(log.samples()[0].is_estimated);
  EXPECT_EQ(log.samples()[0].position.y_dm, 2);
}

TEST(SessionLog, KeepsNothingOfRejectedInputAndImpossibleNumbers) {
  SessionLog log(test::test_session);
  EXPECT_FALSE(log.add(record_of(record::Rejected{}), 100));
  EXPECT_FALSE(log.add(record_of(test::position(100'000, 1, 1, 1)), 100));
  EXPECT_FALSE(log.add(record_of(test::position(-4, 1, 1, 1)), 100));
  log.settle();
  EXPECT_TRUE(log.rows().empty());
  EXPECT_TRUE(log.samples().empty());
}

}  // namespace
}  // namespace slipstream::serve
