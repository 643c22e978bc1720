#include "serve/tailer.h"

#include <gtest/gtest.h>

#include "core/wake.h"
#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

class TailerTest : public ::testing::Test, public test::HubFixture {
 protected:
  TailerTest() {
    for (const std::string_view topic : tailed_topics) EXPECT_TRUE(bus->ensure_topic(topic, 3));
  }

  template <class Row>
  void publish(Row row, std::string_view topic, std::int64_t session_time_ms) {
    row.session_key = test::test_session;
    std::string value;
    record::encode(row, meta(), value);
    append(topic, value, std::to_string(session_time_ms));
  }
  static record::RecordMeta meta() {
    record::RecordMeta meta;
    meta.build = "3.0001.a";
    meta.driver_key = "NOR";
    return meta;
  }
  void append(std::string_view topic, std::string_view value, const std::string& session_time) {
    const bus::Headers headers = {{std::string(record::header_session_time), session_time}};
    const bus::OutRecord record{.key = "NOR", .value = value, .timestamp_ms = 1, .headers = headers};
    ASSERT_TRUE(bus->append(topic, {&record, 1}));
  }
  void read_all() {
    while (reader.read_round() > 0) {
    }
  }

  std::unique_ptr<bus::Bus> bus = bus::make_memory_bus();
  LogReader reader{*bus, hub};
};

TEST_F(TailerTest, ReadsAllTopicsFromTheBeginningAndGoesOn) {
  publish(test::lap(4, 1, 900, 90'000), record::topic_laps, 1000);
  publish(test::timing(4, 1000, 7), record::topic_timing, 1000);
  publish(test::driver(4, "NOR"), record::topic_session, 500);
  publish(test::position_row(4, 100, 11, 22), record::topic_telemetry, 1000);
  read_all();
  EXPECT_EQ(reader.read_round(), 0u);
  publish(test::timing(4, 2000, 3), record::topic_timing, 2000);
  read_all();
  const auto peer = join();
  pass(100);
  hub.receive(*peer, R"({"type":"seek","session_time_ms":2000})");
  const auto view = peer->browser.view();
  EXPECT_EQ(view.at("cursor_ms"), 2000);
  EXPECT_EQ(view.at("rows").at("4").at("position"), 3);
  EXPECT_EQ(view.at("rows").at("4").at("last_lap_time_ms"), 90'000);
  EXPECT_EQ(view.at("drivers").at("4").at("driver_code"), "NOR");
  EXPECT_EQ(view.at("cars").at("4").at("x_dm"), 11);
  EXPECT_EQ(reader.counters().records, (std::array<std::uint64_t, 4>{1, 1, 2, 1}));
}

TEST_F(TailerTest, BusThatKeepsOnlyWhatIsUnreadIsEmptyBehindIt) {
  bus = bus::make_memory_bus(bus::Keep::unread);
  ASSERT_TRUE(bus->ensure_topic(record::topic_timing, 1));
  LogReader only(*bus, hub);
  for (std::int32_t ms = 1000; ms <= 3000; ms += 1000) {
    publish(test::timing(4, ms, 7), record::topic_timing, ms);
    EXPECT_EQ(only.read_round(), 1u);
  }
  const auto range = bus->offsets(record::topic_timing, Partition(0));
  EXPECT_EQ(range->begin, range->end);
  EXPECT_EQ(hub.counters().records, 3u);
}

TEST_F(TailerTest, LeavesOutWhatCannotBeReadAndCountsIt) {
  append(record::topic_timing, "not JSON", "100");
  append(record::topic_timing, "{}", "100");
  append(record::topic_session, R"({"type":"of the future","session_key":1})", "100");
  publish(test::timing(4, 1000, 7), record::topic_timing, 1000);
  std::string value;
  record::encode(test::timing(4, 1100, 8), meta(), value);
  append(record::topic_timing, value, "soon");
  read_all();
  EXPECT_EQ(reader.counters().undecodable, 4u);
  ASSERT_EQ(hub.sessions().size(), 1u);
  EXPECT_EQ(hub.sessions()[0].newest_ms, 1000);
}

TEST_F(TailerTest, WaitsForTopicsThatAreNotThereYet) {
  const auto empty = bus::make_memory_bus();
  LogReader early(*empty, hub);
  EXPECT_EQ(early.read_round(), 0u);
  ASSERT_TRUE(empty->ensure_topic(record::topic_timing, 1));
  EXPECT_EQ(early.read_round(), 0u);
}

TEST_F(TailerTest, SaysWhenTheHubGotRecords) {
  Wake records;
  const Tailer tailer(*bus, hub, [&records] { records.announce(); });
  publish(test::timing(4, 1000, 7), record::topic_timing, 1000);
  records.wait(0, std::chrono::hours(1), {});
  EXPECT_EQ(hub.counters().records, 1u);
}

TEST_F(TailerTest, ThreadFollowsTheBusUntilItIsStopped) {
  publish(test::timing(4, 1000, 7), record::topic_timing, 1000);
  {
    const Tailer tailer(*bus, hub);
    while (tailer.counters().records[2] == 0) std::this_thread::yield();
  }
  EXPECT_EQ(hub.sessions().size(), 1u);
}

}  // namespace
}  // namespace slipstream::serve
