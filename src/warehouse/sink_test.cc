// Bus records into staging: each once, in one transaction with its offset.
#include "warehouse/sink.h"

#include <future>
#include <thread>

#include "warehouse/log_check.h"
#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests

constexpr std::int64_t published_ms = 1'761'424'860'123;

// Passes everything on, and breaks on command.
class FlakyWarehouse final : public Warehouse {
 public:
  explicit FlakyWarehouse(Warehouse& inner) : inner_(inner) {}
  Result<LoadCounts> load(std::span<const record::RowBatch> batches, std::span<const StoredOffset> offsets,
                          std::span<const RejectedRecord> rejected) override {
    calls_.push_back("load");
    for (const record::RowBatch& batch : batches) rows_max_ = std::max(rows_max_, batch.row_count());
    if (failures_ > 0 && failures_-- > 0) return fail(Errc::unavailable, "disk full");
    return inner_.load(batches, offsets, rejected);
  }
  Result<std::vector<StoredOffset>> stored_offsets() override { return inner_.stored_offsets(); }
  Result<QueryResult> query(const std::string& sql) override { return inner_.query(sql); }
  Result<std::vector<ExportedFile>> export_tables(const ExportOptions& options) override {
    return inner_.export_tables(options);
  }
  Result<void> read_session(SessionKey key, std::span<const std::string_view> tables,
                            const RowVisitor& visit) override {
    return inner_.read_session(key, tables, visit);
  }
  void fail_next(int count) { failures_ = count; }
  std::size_t rows_max() const { return rows_max_; }
  std::vector<std::string>& calls() { return calls_; }

 private:
  Warehouse& inner_;
  std::vector<std::string> calls_;
  std::atomic<int> failures_ = 0;
  std::size_t rows_max_ = 0;
};

// Passes everything on, and notes in `calls` when it is flushed.
class RecordingBus final : public bus::Bus {
 public:
  RecordingBus(bus::Bus& inner, std::vector<std::string>& calls) : inner_(inner), calls_(calls) {}
  std::string identity() const override { return inner_.identity(); }
  Result<void> ensure_topic(std::string_view topic, std::int32_t partition_count) override {
    return inner_.ensure_topic(topic, partition_count);
  }
  std::vector<bus::TopicInfo> topics() const override { return inner_.topics(); }
  Result<void> append(std::string_view topic, std::span<const bus::OutRecord> records) override {
    return inner_.append(topic, records);
  }
  Result<void> flush() override {
    calls_.push_back("flush");
    return is_broken_ ? fail(Errc::unavailable, "disk gone") : inner_.flush();
  }
  Result<bus::FetchResult> fetch(std::string_view topic, Partition partition, Offset offset,
                                 std::size_t bytes_max) override {
    return inner_.fetch(topic, partition, offset, bytes_max);
  }
  Result<bus::OffsetRange> offsets(std::string_view topic, Partition partition) const override {
    return inner_.offsets(topic, partition);
  }
  std::uint64_t wait_for_append(std::uint64_t seen, std::chrono::milliseconds at_most,
                                const std::stop_token& stop) const override {
    return inner_.wait_for_append(seen, at_most, stop);
  }
  Result<void> store_offset(std::string_view reader, std::string_view topic, Partition partition,
                            Offset next) override {
    return inner_.store_offset(reader, topic, partition, next);
  }
  Result<std::optional<Offset>> stored_offset(std::string_view reader, std::string_view topic,
                                              Partition partition) const override {
    return inner_.stored_offset(reader, topic, partition);
  }
  void break_flush() { is_broken_ = true; }

 private:
  bus::Bus& inner_;
  std::vector<std::string>& calls_;
  bool is_broken_ = false;
};

class SinkTest : public ::testing::Test {
 protected:
  SinkTest() : bus_(bus::make_memory_bus()), warehouse_(open()) {
    EXPECT_TRUE(bus_->ensure_topic("f1_laps", 3));
    EXPECT_TRUE(bus_->ensure_topic("f1_session", 2));
    EXPECT_TRUE(bus_->ensure_topic("somebody_elses", 1));
  }

  void publish_lap(int driver_number, int lap_number, std::int32_t revision = 0, bool is_withdrawn = false) {
    const std::string key = std::to_string(driver_number);
    std::string value;
    record::encode(lap(driver_number, lap_number, 1000 * lap_number + revision),
                   {recording_build, {revision, is_withdrawn}, key, {}}, value);
    publish("f1_laps", key, value);
  }
  void publish(std::string_view topic, std::string_view key, std::string_view value) {
    const bus::OutRecord record{key, value, published_ms, {}};
    EXPECT_TRUE(bus_->append(topic, std::span(&record, 1)));
  }
  SinkCounts drain(Sink& sink) {
    const auto counts = sink.run_once();
    if (!counts) ADD_FAILURE() << counts.error().message;
    return counts.value_or(SinkCounts{});
  }

  std::unique_ptr<bus::Bus> bus_;
  std::unique_ptr<Warehouse> warehouse_;
};

TEST_F(SinkTest, LoadsWhatIsOnTheBusAndGoesOnFromThere) {
  for (const int car : {4, 16, 81}) publish_lap(car, 1);
  publish_lap(4, 1, 1);
  Sink sink(*bus_, *warehouse_);
  EXPECT_EQ(drain(sink).records, 4);
  EXPECT_EQ(drain(sink).loads, 0) << "nothing new";
  publish_lap(16, 1, 1, true);
  EXPECT_EQ(drain(sink).records, 1);
  EXPECT_EQ(laps_of(*warehouse_), "4,1,1001,1,1\n81,1,1000,1,0\n");
}

TEST_F(SinkTest, TellsHowFarItHasComeAndHowLongRecordsWaited) {
  std::int64_t now_ms = published_ms + 400;
  SinkOptions options;
  options.clock = [&now_ms] { return now_ms; };
  FlakyWarehouse flaky(*warehouse_);
  Sink sink(*bus_, flaky, options);
  EXPECT_EQ(sink.progress().lag_ms, std::nullopt) << "nothing was read yet";
  for (const int lap_number : {1, 2, 3}) publish_lap(4, lap_number);
  publish_lap(4, 3, 1, true);
  drain(sink);
  EXPECT_EQ(sink.progress().records, 4);
  EXPECT_EQ(std::to_string(sink.progress().rows) + "\n",
            rows_of(*warehouse_, "SELECT count(*) FROM staging.stg_laps"));
  EXPECT_EQ(sink.progress().lag_ms, 400);
  flaky.fail_next(1);
  publish_lap(16, 1);
  EXPECT_FALSE(sink.run_once());
  now_ms += 5000;
  EXPECT_EQ(sink.progress().lag_ms, 5400) << "it still waits";
  EXPECT_EQ(sink.progress().records, 4);
  drain(sink);
  now_ms += 5000;
  EXPECT_EQ(sink.progress().lag_ms, 5400) << "nothing waits";
  EXPECT_EQ(sink.progress().records, 5);
}

TEST_F(SinkTest, ReadsEachRecordOnceAcrossRestarts) {
  publish_lap(4, 1);
  {
    Sink first(*bus_, *warehouse_);
    EXPECT_EQ(drain(first).records, 1);
  }
  publish_lap(4, 2);
  Sink second(*bus_, *warehouse_);
  EXPECT_EQ(drain(second).records, 1);
  EXPECT_EQ(laps_of(*warehouse_), "4,1,1000,1,0\n4,2,2000,1,0\n");
}

TEST_F(SinkTest, LosesAndDoublesNothingWhenALoadFails) {
  FlakyWarehouse flaky(*warehouse_);
  Sink sink(*bus_, flaky, {.batch_rows_max = 4, .fetch_bytes_max = 100, .flush_interval = {}});
  for (int lap_number = 1; lap_number <= 10; ++lap_number) publish_lap(4, lap_number);
  publish("f1_laps", "4", "no JSON");
  for (int failing = 1; failing <= 3; ++failing) {
    flaky.fail_next(1);
    EXPECT_EQ(sink.run_once().error().message, "disk full");
    EXPECT_EQ(laps_of(*warehouse_), "") << "no row without its offset";
  }
  drain(sink);
  EXPECT_EQ(rows_of(*warehouse_, "SELECT count(*), count(DISTINCT lap_number) FROM staging.stg_laps"),
            "10,10\n");
  EXPECT_EQ(rows_of(*warehouse_, "SELECT count(*) FROM staging.stg_rejected_records"), "1\n");
  EXPECT_LE(flaky.rows_max(), 4u);
}

TEST_F(SinkTest, FlushesTheLogBeforeItStoresHowFarItHasRead) {
  FlakyWarehouse warehouse(*warehouse_);
  RecordingBus bus(*bus_, warehouse.calls());
  Sink sink(bus, warehouse, {.batch_rows_max = 1, .fetch_bytes_max = 100, .flush_interval = {}});
  for (const int lap_number : {1, 2}) publish_lap(4, lap_number);
  drain(sink);
  EXPECT_EQ(warehouse.calls(), (std::vector<std::string>{"flush", "load", "flush", "load"}));
  bus.break_flush();
  publish_lap(4, 3);
  EXPECT_EQ(sink.run_once().error().message, "disk gone");
  EXPECT_EQ(laps_of(*warehouse_), "4,1,1000,1,0\n4,2,2000,1,0\n") << "not flushed, not loaded";
}

TEST_F(SinkTest, SetsAsideWhatItCannotReadAndGoesOn) {
  publish("f1_laps", "4", "{broken");
  publish_lap(4, 1);
  publish("f1_session", "9877", R"({"type": "unheard_of"})");
  Sink sink(*bus_, *warehouse_);
  const SinkCounts counts = drain(sink);
  EXPECT_EQ(counts.records, 3);
  EXPECT_EQ(counts.rejected, 2);
  EXPECT_EQ(laps_of(*warehouse_), "4,1,1000,1,0\n");
  EXPECT_EQ(rows_of(*warehouse_,
                    "SELECT topic, \"offset\", raw FROM staging.stg_rejected_records WHERE reason <> '' "
                    "ORDER BY topic"),
            "f1_laps,0,{broken\nf1_session,0,\"{\"\"type\"\": \"\"unheard_of\"\"}\"\n");
}

TEST_F(SinkTest, StopsWhenTheLogIsAnother) {
  publish_lap(4, 1);
  {
    Sink sink(*bus_, *warehouse_);
    drain(sink);
  }
  const auto other = bus::make_memory_bus();
  ASSERT_TRUE(other->ensure_topic("f1_laps", 3));
  Sink sink(*other, *warehouse_);
  for (int round = 0; round < 2; ++round) {
    const auto outcome = sink.run_once();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::conflict);
    EXPECT_TRUE(outcome.error().message.starts_with("topic was recreated or trimmed: "))
        << outcome.error().message;
  }
}

TEST_F(SinkTest, StopsWhenTheStoredOffsetLiesBehindTheEndOfTheLog) {
  const StoredOffset ahead{bus_->identity(), "f1_laps", Partition(1), Offset(7)};
  ASSERT_TRUE(warehouse_->load({}, std::span(&ahead, 1)));
  Sink sink(*bus_, *warehouse_);
  const auto outcome = sink.run_once();
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().message.starts_with(
      "topic was recreated or trimmed: f1_laps partition 1: offset 7 is wanted next, the log holds 0 to 0"))
      << outcome.error().message;
}

TEST_F(SinkTest, TailsUntilItIsStoppedAndWaitsOutTroubles) {
  FlakyWarehouse flaky(*warehouse_);
  flaky.fail_next(2);
  Sink sink(*bus_, flaky, {.flush_interval = std::chrono::milliseconds(1)});
  publish_lap(4, 1);
  std::promise<Result<SinkCounts>> outcome;
  {
    std::jthread tail([&](const std::stop_token& stop) { outcome.set_value(sink.run(stop)); });
    while (laps_of(*warehouse_).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    publish_lap(4, 2);
  }
  const auto counts = outcome.get_future().get();
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_EQ(counts->records, 2);
  EXPECT_EQ(laps_of(*warehouse_), "4,1,1000,1,0\n4,2,2000,1,0\n") << "what came before the stop is loaded";
}

TEST(LogCheck, KnowsATrimmedLogFromAGoodOne) {
  const StoredOffset stored{"log", "f1_laps", Partition(0), Offset(5)};
  EXPECT_TRUE(check_range(stored, {Offset(5), Offset(5)}));
  EXPECT_TRUE(check_range(stored, {Offset(0), Offset(9)}));
  EXPECT_FALSE(check_range(stored, {Offset(6), Offset(9)}));
  EXPECT_FALSE(check_range(stored, {Offset(0), Offset(4)}));
  const std::vector<bus::TopicInfo> topics{{"f1_laps", 1}};
  EXPECT_TRUE(check_log("log", topics, std::span(&stored, 1)));
  EXPECT_FALSE(check_log("other", topics, std::span(&stored, 1)));
  EXPECT_FALSE(check_log("log", {}, std::span(&stored, 1)));
}

}  // namespace
}  // namespace slipstream::warehouse
