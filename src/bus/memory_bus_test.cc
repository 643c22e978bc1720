// What only the bus in memory does: it can give back what its one reader is done with.
#include <gtest/gtest.h>

#include "bus/test_support.h"

namespace slipstream::bus {
namespace {

std::unique_ptr<Bus> bus_with_three_batches(Keep keep) {
  auto bus = make_memory_bus(keep);
  EXPECT_TRUE(bus->ensure_topic("laps", 1));
  for (int batch = 0; batch < 3; ++batch) {
    EXPECT_TRUE(append(*bus, "laps", {{"k", "a", 0, {}}, {"k", "b", 0, {}}}));
  }
  return bus;
}

TEST(MemoryBus, DropsTheBatchesThatItsReaderIsDoneWith) {
  const auto bus = bus_with_three_batches(Keep::unread);
  const auto held = bus->fetch("laps", Partition(0), Offset(0), 1000);
  bus->done_before("laps", Partition(0), Offset(3));
  EXPECT_EQ(bus->offsets("laps", Partition(0))->begin, Offset(2));
  EXPECT_EQ(bus->offsets("laps", Partition(0))->end, Offset(6));
  EXPECT_EQ(bus->fetch("laps", Partition(0), Offset(1), 1000).error().code, Errc::conflict);
  const auto rest = bus->fetch("laps", Partition(0), Offset(3), 1000);
  ASSERT_EQ(rest->records.size(), 3u);
  EXPECT_EQ(rest->records[0].value, "b");
  EXPECT_EQ(held->records[0].value, "a");  // what was fetched stays good
}

TEST(MemoryBus, GoesOnWithItsNumbersWhenEverythingIsRead) {
  const auto bus = bus_with_three_batches(Keep::unread);
  bus->done_before("laps", Partition(0), Offset(6));
  EXPECT_EQ(bus->offsets("laps", Partition(0))->begin, Offset(6));
  EXPECT_TRUE(bus->fetch("laps", Partition(0), Offset(6), 1000)->records.empty());
  ASSERT_TRUE(append(*bus, "laps", {{"k", "c", 0, {}}}));
  const auto next = bus->fetch("laps", Partition(0), Offset(6), 1000);
  ASSERT_EQ(next->records.size(), 1u);
  EXPECT_EQ(next->records[0].value, "c");
}

TEST(MemoryBus, KeepsEverythingUnlessItIsToldOtherwise) {
  const auto bus = bus_with_three_batches(Keep::everything);
  bus->done_before("laps", Partition(0), Offset(6));
  EXPECT_EQ(bus->offsets("laps", Partition(0))->begin, Offset(0));
}

TEST(MemoryBus, IgnoresATopicThatIsNotThere) {
  const auto bus = bus_with_three_batches(Keep::unread);
  bus->done_before("tele", Partition(0), Offset(6));
  bus->done_before("laps", Partition(7), Offset(6));
  EXPECT_EQ(bus->offsets("laps", Partition(0))->begin, Offset(0));
}

}  // namespace
}  // namespace slipstream::bus
