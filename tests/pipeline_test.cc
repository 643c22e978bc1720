// The whole line in one process: what `load` makes of a source, and what comes out of log and sink, are the
// same.
#include <gtest/gtest.h>

#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using testing_support::new_warehouse;
using testing_support::sink;
using testing_support::tables_of;

constexpr const char* sources[] = {
    "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
    "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint",
    "archive/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2",
    "archive/2026/2026-03-15_Chinese_Grand_Prix/2026-03-15_Race",
    "archive/2025/2025-09-07_Italian_Grand_Prix/2025-09-05_Practice_1",
    "recordings/2025_italy_race.fastf1.txt.gz",
    "recordings/2024_mexico_fp3_start.fastf1.txt",
    "recordings/broken.fastf1.txt",
};

// Hands every piece of the source to `take`; ends early after `messages_max`.
template <class Take>
void for_each_item(const fs::path& path, Take take, std::size_t messages_max = std::size_t(-1)) {
  auto source = feed::open_source(path.string());
  ASSERT_TRUE(source) << source.error().message;
  session::Engine engine({(*source)->info().name, (*source)->info().kind});
  session::Output output;
  feed::SourceItem item;
  std::size_t count = 0;
  while ((*source)->next(item).value_or(false) && count++ < messages_max) {
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    else engine.reject(std::get<feed::BrokenInput>(item), output);
    take(engine, output);
  }
  if (count >= messages_max) return;  // killed: nothing is finished
  engine.finish(output);
  take(engine, output);
}

std::string load(const fs::path& path) {
  cli::SessionRows rows;
  std::string build;
  for_each_item(path, [&](session::Engine& engine, session::Output& output) {
    rows.take(output);
    build = engine.build();
  });
  const auto warehouse = new_warehouse();
  const auto batches = std::move(rows).finish(build);
  EXPECT_TRUE(warehouse->load(batches, {}));
  return tables_of(*warehouse);
}

void publish(const fs::path& path, bus::Bus& bus, std::size_t messages_max = std::size_t(-1)) {
  std::unique_ptr<cli::BusPublisher> publisher;
  for_each_item(
      path,
      [&](session::Engine& engine, session::Output& output) {
        if (!publisher) {
          publisher = std::make_unique<cli::BusPublisher>(bus, engine);
          ASSERT_TRUE(publisher->make_topics());
        }
        ASSERT_TRUE(publisher->publish(output));
        ASSERT_TRUE(publisher->flush());
      },
      messages_max);
}

class Pipeline : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    path_ = testing_support::data_root() / GetParam();
    if (!fs::exists(path_)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << path_ << " not read";
  }
  fs::path path_;
};

TEST_P(Pipeline, LogAndSinkEndInTheTablesOfLoad) {
  const auto bus = bus::make_memory_bus();
  publish(path_, *bus);
  const auto warehouse = new_warehouse();
  sink(*bus, *warehouse, 20'000);
  EXPECT_EQ(tables_of(*warehouse), load(path_));
}

TEST_P(Pipeline, AProducerThatStoppedAnywhereGoesOnWithoutDoubling) {
  const auto once = bus::make_memory_bus();
  publish(path_, *once);
  const auto again = bus::make_memory_bus();
  for (const std::size_t messages : {7u, 900u, 900u, 2500u}) publish(path_, *again, messages);
  publish(path_, *again);
  for (const bus::TopicInfo& topic : once->topics()) {
    for (std::int32_t p = 0; p < topic.partition_count; ++p) {
      EXPECT_EQ(again->offsets(topic.name, Partition(p))->end, once->offsets(topic.name, Partition(p))->end)
          << topic.name << " partition " << p;
    }
  }
  const auto warehouse = new_warehouse();
  sink(*again, *warehouse, 20'000);
  sink(*again, *warehouse);
  EXPECT_EQ(tables_of(*warehouse), load(path_));
}

INSTANTIATE_TEST_SUITE_P(Sources, Pipeline, testing::ValuesIn(sources),
                         [](const auto& info) { return testing_support::test_name(info.param); });

}  // namespace
}  // namespace slipstream
