// What every bus must do, whatever it is made of.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <array>
#include <atomic>
#include <limits>
#include <map>
#include <thread>

#include "bus/bus.h"
#include "bus/test_support.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

struct Memory {
  std::unique_ptr<Bus> bus = make_memory_bus();
};

struct Embedded {
  ScratchFolder folder;
  std::unique_ptr<Bus> bus = must_open(folder.path());
};

template <class Made>
class BusContract : public testing::Test {
 protected:
  Bus& bus() { return *made_.bus; }
  void SetUp() override { ASSERT_TRUE(bus().ensure_topic("laps", 20)); }

 private:
  Made made_;
};

using Implementations = testing::Types<Memory, Embedded>;
TYPED_TEST_SUITE(BusContract, Implementations);

TYPED_TEST(BusContract, WakesReadersWhoWaitForMore) {
  using namespace std::chrono_literals;
  Bus& bus = this->bus();
  EXPECT_EQ(bus.wait_for_append(0, 1ms, {}), 0u) << "nothing came";
  std::jthread writer([&bus] { EXPECT_TRUE(append(bus, "laps", {{"4", "a lap", 1, {}}})); });
  const std::uint64_t seen = bus.wait_for_append(0, 1h, {});
  EXPECT_EQ(read_all(bus, "laps", partition_of("4", 20), 1000).size(), 1u);
  writer = std::jthread([&bus] { EXPECT_TRUE(append(bus, "laps", {{"4", "the next", 2, {}}})); });
  EXPECT_NE(bus.wait_for_append(seen, 1h, {}), seen);
}

TYPED_TEST(BusContract, KeepsTheOrderOfEachKeyAndNumbersDenselyFromZero) {
  Bus& bus = this->bus();
  std::map<std::string, std::vector<std::string>> expected;
  for (int batch = 0; batch < 10; ++batch) {
    std::vector<OwnRecord> records;
    for (int i = 0; i < 100; ++i) {
      const OwnRecord record{std::to_string(i % 22), std::to_string(batch * 100 + i), i, {}};
      expected[record.key].push_back(record.value);
      records.push_back(record);
    }
    ASSERT_TRUE(append(bus, "laps", records));
  }
  std::map<std::string, std::vector<std::string>> got;
  for (std::int32_t p = 0; p < 20; ++p) {
    EXPECT_EQ(bus.offsets("laps", Partition(p))->begin, Offset(0));
    for (const OwnRecord& record :
         read_all(bus, "laps", Partition(p), 1000)) {  // read_all checks the offsets
      EXPECT_EQ(partition_of(record.key, 20), Partition(p));
      got[record.key].push_back(record.value);
    }
  }
  EXPECT_EQ(got, expected);
}

TYPED_TEST(BusContract, EnsuresATopicOnceAndRefusesAnotherNumberOfPartitions) {
  Bus& bus = this->bus();
  EXPECT_TRUE(bus.ensure_topic("laps", 20));
  const auto other = bus.ensure_topic("laps", 21);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::conflict);
  EXPECT_EQ(other.error().message, "topic laps: has 20 partitions, 21 were asked for");
  ASSERT_TRUE(bus.ensure_topic("alpha.1_x-Y", 1));
  const auto topics = bus.topics();
  ASSERT_EQ(topics.size(), 2u);
  EXPECT_EQ(topics[0].name, "alpha.1_x-Y");
  EXPECT_EQ(topics[0].partition_count, 1);
  EXPECT_EQ(topics[1].name, "laps");
  EXPECT_EQ(topics[1].partition_count, 20);
}

TYPED_TEST(BusContract, RefusesNamesAndCountsThatCannotBe) {
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("a/b"),
                                  std::string("a b"), std::string("a\0b", 3), std::string(201, 'a')}) {
    const auto made = this->bus().ensure_topic(name, 1);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code, Errc::malformed);
  }
  for (const std::int32_t count : {0, -1, 1'000'000}) {
    EXPECT_EQ(this->bus().ensure_topic("new", count).error().code, Errc::malformed);
  }
  EXPECT_EQ(this->bus().topics().size(), 1u);
}

TYPED_TEST(BusContract, SaysWhatIsNotThere) {
  Bus& bus = this->bus();
  EXPECT_EQ(append(bus, "tele", {{"k", "v", 0, {}}}).error().code, Errc::not_found);
  EXPECT_EQ(bus.fetch("tele", Partition(0), Offset(0), 1).error().code, Errc::not_found);
  for (const std::int32_t partition : {-1, 20}) {
    EXPECT_EQ(bus.fetch("laps", Partition(partition), Offset(0), 1).error().code, Errc::not_found);
    EXPECT_EQ(bus.offsets("laps", Partition(partition)).error().code, Errc::not_found);
    EXPECT_EQ(bus.store_offset("r", "laps", Partition(partition), Offset(0)).error().code, Errc::not_found);
    EXPECT_EQ(bus.stored_offset("r", "laps", Partition(partition)).error().code, Errc::not_found);
  }
}

TYPED_TEST(BusContract, FetchesFromAnyOffsetAndAtLeastOneRecord) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  std::vector<OwnRecord> records;
  records.reserve(300);
  for (int i = 0; i < 300; ++i) records.push_back({"k", std::string(1000, 'v'), i, {}});
  ASSERT_TRUE(append(bus, "one", records));
  for (const std::int64_t from : {0, 1, 150, 298, 299}) {
    const auto least = bus.fetch("one", Partition(0), Offset(from), 0);
    ASSERT_TRUE(least);
    ASSERT_EQ(least->records.size(), 1u);
    EXPECT_EQ(least->records[0].offset, Offset(from));
    EXPECT_EQ(least->records[0].timestamp_ms, from);
    const auto some = bus.fetch("one", Partition(0), Offset(from), 10'000);
    EXPECT_EQ(some->records.size(), static_cast<std::size_t>(std::min<std::int64_t>(9, 300 - from)));
    const auto all = bus.fetch("one", Partition(0), Offset(from), static_cast<std::size_t>(-1));
    EXPECT_EQ(all->records.size(), static_cast<std::size_t>(300 - from));
    EXPECT_EQ(all->records.back().timestamp_ms, 299);
  }
}

TYPED_TEST(BusContract, FetchLeavesNoGapWhenASmallRecordFollowsALargeOne) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  for (const std::size_t size : {500u, 5000u, 10u, 10u}) {
    ASSERT_TRUE(append(bus, "one", {{"k", std::string(size, 'v'), 0, {}}}));
  }
  const auto got = bus.fetch("one", Partition(0), Offset(0), 1000);
  ASSERT_EQ(got->records.size(), 1u);
  EXPECT_EQ(read_all(bus, "one", Partition(0), 1000).size(), 4u);
}

TYPED_TEST(BusContract, GivesNothingAtTheEndAndAConflictOutside) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  EXPECT_TRUE(bus.fetch("one", Partition(0), Offset(0), 100)->records.empty());
  ASSERT_TRUE(append(bus, "one", {{"k", "v", 0, {}}, {"k", "w", 0, {}}}));
  EXPECT_TRUE(bus.fetch("one", Partition(0), Offset(2), 100)->records.empty());
  for (const std::int64_t offset : {-1, 3}) {
    const auto got = bus.fetch("one", Partition(0), Offset(offset), 100);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::conflict);
    EXPECT_NE(got.error().message.find("outside 0..2"), std::string::npos) << got.error().message;
  }
}

TYPED_TEST(BusContract, KeepsEveryByteOfKeysValuesAndHeaders) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  const std::vector<OwnRecord> records = {
      {"", "", 0, {}},
      {all_bytes, all_bytes, -1, {{all_bytes, all_bytes}, {"", ""}}},
      {"k", "", std::numeric_limits<std::int64_t>::max(), {{"schema", "f1_laps/1"}, {"schema", "second"}}},
  };
  ASSERT_TRUE(append(bus, "one", records));
  EXPECT_EQ(read_all(bus, "one", Partition(0)), records);
  const auto got = bus.fetch("one", Partition(0), Offset(2), 100);
  EXPECT_EQ(got->records[0].header("schema"), "f1_laps/1");
  EXPECT_EQ(got->records[0].header("other"), "");
}

TYPED_TEST(BusContract, RefusesAnOversizeRecordAndAppendsNothingOfItsBatch) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  const OwnRecord small{"k", "v", 0, {}};
  const auto appended =
      append(bus, "one", {small, {"big", std::string(limits::record_bytes_max, 'x'), 0, {}}, small});
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, Errc::malformed);
  EXPECT_NE(appended.error().message.find("topic one key \"big\""), std::string::npos)
      << appended.error().message;
  EXPECT_EQ(bus.offsets("one", Partition(0))->end, Offset(0));
  const OwnRecord largest{"big", std::string(limits::record_bytes_max - 100, 'x'), 0, {}};
  ASSERT_TRUE(append(bus, "one", {small, largest, small}));
  EXPECT_EQ(read_all(bus, "one", Partition(0), 1), (std::vector<OwnRecord>{small, largest, small}));
}

TYPED_TEST(BusContract, AppendsAnEmptyBatch) { EXPECT_TRUE(this->bus().append("laps", {})); }

TYPED_TEST(BusContract, RemembersOffsetsOfEachReader) {
  Bus& bus = this->bus();
  EXPECT_EQ(*bus.stored_offset("sink", "laps", Partition(3)), std::optional<Offset>());
  ASSERT_TRUE(bus.store_offset("sink", "laps", Partition(3), Offset(7)));
  ASSERT_TRUE(bus.store_offset("hub", "laps", Partition(3), Offset(9)));
  ASSERT_TRUE(bus.store_offset("sink", "laps", Partition(4), Offset(1)));
  ASSERT_TRUE(bus.store_offset("sink", "laps", Partition(3), Offset(8)));
  EXPECT_EQ(*bus.stored_offset("sink", "laps", Partition(3)), std::optional(Offset(8)));
  EXPECT_EQ(*bus.stored_offset("hub", "laps", Partition(3)), std::optional(Offset(9)));
  EXPECT_EQ(*bus.stored_offset("sink", "laps", Partition(4)), std::optional(Offset(1)));
  EXPECT_EQ(bus.store_offset("two words", "laps", Partition(3), Offset(7)).error().code, Errc::malformed);
  EXPECT_EQ(bus.store_offset("sink", "laps", Partition(3), Offset(-1)).error().code, Errc::malformed);
}

TYPED_TEST(BusContract, HasAnIdentityOfItsOwn) {
  TypeParam other;
  EXPECT_EQ(this->bus().identity().size(), 32u);
  EXPECT_EQ(this->bus().identity(), this->bus().identity());
  EXPECT_NE(this->bus().identity(), other.bus->identity());
}

TYPED_TEST(BusContract, HoldsMoreThanOneFetchAtATime) {
  Bus& bus = this->bus();
  ASSERT_TRUE(bus.ensure_topic("one", 1));
  ASSERT_TRUE(append(bus, "one", {{"k", "first", 0, {}}}));
  const auto first = bus.fetch("one", Partition(0), Offset(0), 100);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(append(bus, "one", {{"k", "later", 0, {}}}));
  const auto second = bus.fetch("one", Partition(0), Offset(1), 1 << 20);
  EXPECT_EQ(first->records[0].value, "first");
  EXPECT_EQ(second->records.size(), 1000u);
}

// Writers number the records of their own keys; readers follow every partition while it grows.
TYPED_TEST(BusContract, LetsThreadsAppendAndFetchAtOnce) {
  Bus& bus = this->bus();
  constexpr int writers = 3;
  constexpr int batches = 60;
  constexpr int batch_size = 40;
  std::atomic<bool> is_done = false;
  std::vector<std::jthread> threads;
  threads.reserve(writers);
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&bus, w] {
      for (int b = 0; b < batches; ++b) {
        std::vector<OwnRecord> records;
        for (int i = 0; i < batch_size; ++i) {
          const std::string key = std::to_string(w) + "-" + std::to_string(i % 8);
          records.push_back(
              {key, std::to_string(b * batch_size + i) + std::string(100, '.'), w, {{"w", key}}});
        }
        EXPECT_TRUE(append(bus, "laps", records));
        if (b % 20 == 0) {
          EXPECT_TRUE(bus.flush());
        }
        EXPECT_TRUE(bus.store_offset("writer" + std::to_string(w), "laps", Partition(w), Offset(b)));
      }
    });
  }
  const auto follow = [&bus, &is_done](int& count) {
    std::vector<Offset> next(20);
    std::map<std::string, int, std::less<>> last;
    for (bool is_last_round = false; !is_last_round;) {
      is_last_round = is_done;
      for (std::int32_t p = 0; p < 20; ++p) {
        Offset& at = next[static_cast<std::size_t>(p)];
        for (;;) {
          const auto got = bus.fetch("laps", Partition(p), at, 4096);
          ASSERT_TRUE(got) << got.error().message;
          if (got->records.empty()) break;
          for (const InRecord& record : got->records) {
            ASSERT_EQ(record.offset, at);
            ++at.value;
            ++count;
            ASSERT_EQ(record.header("w"), record.key);
            const int number = std::stoi(std::string(record.value));
            const auto [before, is_first] = last.try_emplace(std::string(record.key), number);
            ASSERT_TRUE(is_first || before->second < number);
            before->second = number;
          }
        }
      }
    }
  };
  std::array<int, 2> counts{};
  std::vector<std::jthread> readers;
  readers.reserve(counts.size());
  for (int& count : counts) readers.emplace_back([&follow, &count] { follow(count); });
  threads.clear();  // joins
  is_done = true;
  readers.clear();
  for (const int count : counts) EXPECT_EQ(count, writers * batches * batch_size);
}

// Both implementations hold the same after the same appends, whatever is in them. The logs grow from case to
// case.
TEST(BusContract, MemoryAndFilesHoldTheSame) {
  Memory memory;
  Embedded embedded;
  ASSERT_TRUE(memory.bus->ensure_topic("t", 3));
  ASSERT_TRUE(embedded.bus->ensure_topic("t", 3));
  EXPECT_TRUE(rc::check("append the same", [&](const std::vector<std::vector<std::string>>& batches) {
    for (const auto& batch : batches) {
      std::vector<OwnRecord> records;
      records.reserve(batch.size());
      for (const std::string& text : batch) records.push_back({text.substr(0, 2), text, 1, {{"h", text}}});
      RC_ASSERT(append(*memory.bus, "t", records));
      RC_ASSERT(append(*embedded.bus, "t", records));
    }
  }));
  for (std::int32_t p = 0; p < 3; ++p) {
    EXPECT_GT(memory.bus->offsets("t", Partition(p))->end, Offset(1000));
    for (const std::size_t bytes_max : {64u, 1000u, 1u << 20}) {
      EXPECT_EQ(read_all(*memory.bus, "t", Partition(p), bytes_max),
                read_all(*embedded.bus, "t", Partition(p), bytes_max));
    }
  }
}

}  // namespace
}  // namespace slipstream::bus
