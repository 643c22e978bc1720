// A session from the stand-in through the live client into log and tables: the same as the recording that was
// made of it gives, the same as without faults where nothing was lost, the same after a stop in the middle.
#include <gtest/gtest.h>
#include <map>

#include "cli/bus_publisher.h"
#include "feed/live_source.h"
#include "session/session_splitter.h"
#include "simulate/stand_in.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::new_warehouse;
using testing_support::table_of;

constexpr const char* session = "archive/2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying";

class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "slipstream_live_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::unique_ptr<simulate::StandIn> stand_in_with(const std::string& faults, std::uint64_t seed) {
  simulate::StandInOptions options;
  options.sources = {(testing_support::data_root() / session).string()};
  options.listen.port = 0;
  options.speed.reset();
  options.waits_for_clients = true;
  options.ping = 50ms;
  options.faults = *simulate::parse_faults(faults, seed);
  auto started = simulate::StandIn::start(std::move(options));
  EXPECT_TRUE(started.has_value()) << started.error().message;
  return std::move(*started);
}

std::unique_ptr<feed::LiveSource> live_source(const simulate::StandIn& stand_in, const fs::path& folder) {
  feed::LiveSourceOptions options;
  options.client.url = "http://127.0.0.1:" + std::to_string(stand_in.port()) + "/signalrcore";
  options.client.backoff = {1ms, 10ms, 1};
  options.client.end_grace = 200ms;
  options.recorder = {folder, 1h, false};
  return std::make_unique<feed::LiveSource>(options);
}

// Publishes a source of one session; of a live one as cli/replay.cc does.
void publish(feed::Source& source, bus::Bus& bus, std::size_t items_max = std::size_t(-1)) {
  session::Engine engine({"live", feed::SourceKind::live});
  cli::BusPublisher publisher(bus, engine);
  ASSERT_TRUE(publisher.make_topics());
  session::SessionSplitter splitter;
  session::Output output;
  feed::SourceItem item;
  std::size_t count = 0;
  for (; count < items_max; ++count) {
    const auto flushed = source.is_waiting() ? publisher.flush() : Result<void>();
    ASSERT_TRUE(flushed);
    const auto has_item = source.next(item);
    ASSERT_TRUE(has_item) << has_item.error().message;
    if (!*has_item) break;
    ASSERT_EQ(splitter.take(item), session::Belongs::same_session);
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    else engine.reject(std::get<feed::BrokenInput>(item), output);
    ASSERT_TRUE(publisher.publish(output));
  }
  if (count < items_max) engine.finish(output);
  ASSERT_TRUE(publisher.publish(output));
  ASSERT_TRUE(publisher.flush());
}

using Tables = std::map<std::string, std::string>;

// What happened in the session; not what came of it over which connection.
Tables tables_on(bus::Bus& bus) {
  const auto warehouse = new_warehouse();
  testing_support::sink(bus, *warehouse, 20'000);
  Tables tables;
  for (const record::TableSpec& table : record::all_tables()) {
    const std::string name(table.name);
    if (name == "completeness" || name == "manifest" || name == "feed_gaps") continue;
    tables[name] = table_of(*warehouse, name);
  }
  return tables;
}

void expect_equal(const Tables& one, const Tables& another) {
  ASSERT_GT(one.at("laps").size(), 10'000u);
  for (const auto& [name, text] : one) {
    EXPECT_TRUE(text == another.at(name))
        << name << ": " << text.size() << " and " << another.at(name).size() << " bytes";
  }
}

fs::path only_file_in(const fs::path& folder) {
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  return fs::directory_iterator(folder)->path();
}

Tables live_tables(const std::string& faults, std::uint64_t seed) {
  const TempFolder folder;
  const auto stand_in = stand_in_with(faults, seed);
  const auto bus = bus::make_memory_bus();
  const auto source = live_source(*stand_in, folder.path());
  publish(*source, *bus);
  auto tables = tables_on(*bus);
  const auto loaded = bus::make_memory_bus();
  auto recording = feed::open_source(only_file_in(folder.path()).string());
  EXPECT_TRUE(recording.has_value());
  if (recording) publish(**recording, *loaded);
  expect_equal(tables, tables_on(*loaded));
  return tables;
}

const Tables& undisturbed() {
  static const Tables tables = live_tables("", 0);
  return tables;
}

class Live : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const fs::path path = testing_support::data_root() / session;
    if (!fs::exists(path)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << path << " not read";
  }
};

TEST_P(Live, WhereNothingWasLostTheTablesAreThoseOfTheUndisturbedRun) {
  for (const std::uint64_t seed : {1u, 2u}) expect_equal(undisturbed(), live_tables(GetParam(), seed));
}

INSTANTIATE_TEST_SUITE_P(Faults, Live, testing::Values("slow", "503=2,duplicate=0.02", "drop=0.001"),
                         [](const auto& info) { return "fault" + std::to_string(info.index); });

class LiveRun : public Live {};

// What was on its way when the connection was cut is lost; all else goes on as if there had been one run.
TEST_F(LiveRun, ARunThatWasStoppedAndStartedAgainEndsInTheTablesOfItsRecording) {
  const TempFolder folder;
  const auto stand_in = stand_in_with("", 0);
  const auto bus = bus::make_memory_bus();
  for (const std::size_t items : {1000u, 4000u}) {
    const auto source = live_source(*stand_in, folder.path());
    publish(*source, *bus, items);
  }
  const auto source = live_source(*stand_in, folder.path());
  publish(*source, *bus);
  const auto once = bus::make_memory_bus();
  auto recording = feed::open_source(only_file_in(folder.path()).string());
  ASSERT_TRUE(recording) << recording.error().message;
  publish(**recording, *once);
  expect_equal(tables_on(*once), tables_on(*bus));
}

TEST_F(LiveRun, ACutConnectionIsAFeedGap) {
  const TempFolder folder;
  const auto stand_in = stand_in_with("drop=0.001", 1);
  const auto bus = bus::make_memory_bus();
  const auto source = live_source(*stand_in, folder.path());
  publish(*source, *bus);
  const auto warehouse = new_warehouse();
  testing_support::sink(*bus, *warehouse, 20'000);
  const auto count = testing_support::csv_of(*warehouse,
                                             "select count(*) as n from staging.stg_feed_gaps "
                                             "where cause = 'reconnect' and to_date >= from_date");
  EXPECT_EQ(count, "n\n" + std::to_string(source->status().counts.connections - 1) + "\n");
}

}  // namespace
}  // namespace slipstream
