#include "core/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

namespace slipstream {
namespace {

TEST(BoundedQueue, KeepsOrder) {
  BoundedQueue<int> queue(3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push(i));
  EXPECT_EQ(queue.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(BoundedQueue, DrainsAfterCloseAndThenIsEmpty) {
  BoundedQueue<int> queue(3);
  queue.push(1);
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, CarriesItemsThatOnlyMove) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  queue.push(std::make_unique<int>(7));
  auto item = queue.pop();
  ASSERT_TRUE(item);
  EXPECT_EQ(**item, 7);
}

TEST(BoundedQueue, NeverHoldsMoreThanItsCapacity) {
  constexpr int items = 10'000;
  BoundedQueue<int> queue(4);
  std::atomic<std::size_t> most = 0;
  std::jthread producer([&] {
    for (int i = 0; i < items; ++i) queue.push(i);
    queue.close();
  });
  int expected = 0;
  while (auto item = queue.pop()) {
    ASSERT_EQ(*item, expected++);
    most = std::max(most.load(), queue.size());
  }
  EXPECT_EQ(expected, items);
  EXPECT_LE(most, 4U);
}

TEST(BoundedQueue, GivesEachItemToOneReader) {
  constexpr int per_producer = 5'000;
  constexpr std::size_t producers = 3, readers = 3;
  BoundedQueue<int> queue(8);
  std::vector<std::vector<int>> seen(readers);
  {
    std::vector<std::jthread> reading;
    reading.reserve(readers);
    for (auto& mine : seen) {
      reading.emplace_back([&queue, &mine] {
        while (auto item = queue.pop()) mine.push_back(*item);
      });
    }
    {
      std::vector<std::jthread> producing;
      for (std::size_t p = 0; p < producers; ++p) {
        producing.emplace_back([&queue, p] {
          for (int i = 0; i < per_producer; ++i) queue.push(int(p) * per_producer + i);
        });
      }
    }
    queue.close();
  }
  std::vector<int> counts(producers * per_producer);
  for (const auto& mine : seen) {
    for (const int item : mine) ++counts[static_cast<std::size_t>(item)];
  }
  EXPECT_EQ(counts, std::vector<int>(counts.size(), 1));
}

TEST(BoundedQueue, CloseWakesWriterAndReader) {
  BoundedQueue<int> full(1), empty(1);
  full.push(1);
  std::atomic<int> woken = 0;
  {
    const std::jthread writer([&] { woken += full.push(2) ? 0 : 1; });
    const std::jthread reader([&] { woken += empty.pop() ? 0 : 1; });
    full.close();
    empty.close();
  }
  EXPECT_EQ(woken, 2);
}

TEST(BoundedQueueDeathTest, RefusesToHoldNothing) { EXPECT_DEATH(BoundedQueue<int>(0), "capacity > 0"); }

}  // namespace
}  // namespace slipstream
