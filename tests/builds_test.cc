// Two readings of one session, a recording that starts in minute 20 and F1's archive, in either order: one
// row a key, the archive's values, and nothing of the recording's but what the archive lacks.
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "tests/late_recording.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using testing_support::csv_of;
using testing_support::new_warehouse;
using testing_support::sink;
using testing_support::table_of;
using Items = std::vector<feed::SourceItem>;

constexpr SessionTime minute_20 = std::chrono::minutes(20);

// One engine's reading of a source: its messages, what they are said to come from, and whether it was read to
// its end.
struct Reading {
  Items items;
  feed::SourceKind kind;
  bool is_killed = false;
};

template <class Take>
void for_each_output(const Reading& reading, Take take) {
  session::Engine engine({"a test", reading.kind});
  session::Output output;
  for (const feed::SourceItem& item : reading.items) {
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    else engine.reject(std::get<feed::BrokenInput>(item), output);
    take(engine, output);
  }
  if (reading.is_killed) return;
  engine.finish(output);
  take(engine, output);
}

void load(const Reading& reading, warehouse::Warehouse& warehouse) {
  cli::SessionRows rows;
  std::string build;
  for_each_output(reading, [&](session::Engine& engine, session::Output& output) {
    rows.take(output);
    build = engine.build();
  });
  const auto counts = warehouse.load(std::move(rows).finish(build), {});
  ASSERT_TRUE(counts) << counts.error().message;
}

void publish(const Reading& reading, bus::Bus& bus) {
  std::unique_ptr<cli::BusPublisher> publisher;
  for_each_output(reading, [&](session::Engine& engine, session::Output& output) {
    if (!publisher) {
      publisher = std::make_unique<cli::BusPublisher>(bus, engine);
      ASSERT_TRUE(publisher->make_topics());
    }
    ASSERT_TRUE(publisher->publish(output));
  });
  ASSERT_TRUE(publisher->flush());
}

using Tables = std::map<std::string, std::string>;

Tables tables_of(warehouse::Warehouse& warehouse) {
  Tables tables;
  for (const record::TableSpec& table : record::all_tables())
    tables[std::string(table.name)] = table_of(warehouse, table.name);
  return tables;
}

Tables tables_of(const Reading& reading) {
  const auto warehouse = new_warehouse();
  load(reading, *warehouse);
  return tables_of(*warehouse);
}

Items without_telemetry(const Items& items) {
  Items kept;
  for (const feed::SourceItem& item : items) {
    const auto* message = std::get_if<feed::Message>(&item);
    if (!message || !message->feed_topic.ends_with(".z")) kept.push_back(item);
  }
  return kept;
}

// Every fifth message of telemetry, which is most of a session: quicker, and still without a gap.
Items thinned(const Items& items) {
  Items kept;
  std::map<std::string, int> counts;
  for (const feed::SourceItem& item : items) {
    const auto* message = std::get_if<feed::Message>(&item);
    const bool is_telemetry = message && message->feed_topic.ends_with(".z");
    if (!is_telemetry || counts[message->feed_topic]++ % 5 == 0) kept.push_back(item);
  }
  return kept;
}

bool has_telemetry(const Items& items) { return without_telemetry(items).size() != items.size(); }

const std::set<std::string> telemetry_tables{"car_samples",    "position_samples", "telemetry",
                                             "circuit_points", "corners",          "circuit_lines",
                                             "pit_lane_points"};

// What must stand there in the end. `completeness` is looked at apart: it keeps a row of each topic.
void expect_merged(const Tables& tables, const Tables& archive, const Tables& recording,
                   bool keeps_telemetry) {
  for (const auto& [name, text] : tables) {
    const bool is_kept = keeps_telemetry && telemetry_tables.contains(name);
    if (name == "completeness") continue;
    EXPECT_TRUE(text == (is_kept ? recording : archive).at(name))
        << name << " is not the " << (is_kept ? "recording" : "archive") << "'s: " << text.size()
        << " bytes for " << archive.at(name).size() << " (archive), " << recording.at(name).size()
        << " (recording)";
  }
}

struct Case {
  const char* name;
  const char* source;
  feed::SourceKind kind;
  bool recording_has_telemetry, archive_has_telemetry, is_killed;
};

constexpr const char* qualifying = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying";
constexpr const char* sprint = "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint";

constexpr Case cases[] = {
    {"BothWithTelemetry", qualifying, feed::SourceKind::live, true, true, false},
    {"ArchiveWithoutTelemetry", qualifying, feed::SourceKind::live, true, false, false},
    {"RecordingWithoutTelemetry", qualifying, feed::SourceKind::recording, false, true, false},
    {"RecordingWasKilled", qualifying, feed::SourceKind::recording, false, false, true},
    {"SprintTimingOnly", sprint, feed::SourceKind::live, false, false, false},
};

class TwoBuilds : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const fs::path path = testing_support::data_root() / GetParam().source;
    if (!fs::exists(path)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << path << " not read";
    const Items all = thinned(testing_support::items_of(path));
    archive_ = {GetParam().archive_has_telemetry ? all : without_telemetry(all), feed::SourceKind::archive};
    recording_ = {testing_support::late_recording(
                      GetParam().recording_has_telemetry ? all : without_telemetry(all), minute_20),
                  GetParam().kind, GetParam().is_killed};
    of_archive_ = tables_of(archive_);
    of_recording_ = tables_of(recording_);
    keeps_telemetry_ = has_telemetry(recording_.items) && !has_telemetry(archive_.items);
  }
  void expect_merged(warehouse::Warehouse& warehouse) {
    slipstream::expect_merged(tables_of(warehouse), of_archive_, of_recording_, keeps_telemetry_);
    EXPECT_EQ(csv_of(warehouse, "select count(*) from staging.stg_completeness where topic like '%.z'"),
              keeps_telemetry_ || has_telemetry(archive_.items) ? "count_star()\n2\n" : "count_star()\n0\n");
    EXPECT_EQ(csv_of(warehouse,
                     "select count(*), bool_and(is_complete), min(left(build, 1)) from "
                     "staging.stg_sessions"),
              "count_star(),bool_and(is_complete),\"min(\"\"left\"\"(build, 1))\"\n1,true,3\n");
  }

  Reading archive_, recording_;
  Tables of_archive_, of_recording_;
  bool keeps_telemetry_ = false;
};

TEST_P(TwoBuilds, TheRecordingAloneSaysOtherThings) {
  EXPECT_NE(of_recording_.at("laps"), of_archive_.at("laps"));
  EXPECT_NE(of_recording_.at("timing"), of_archive_.at("timing"));
  EXPECT_EQ(of_recording_.at("sessions").find(",true") == std::string::npos, GetParam().is_killed);
}

TEST_P(TwoBuilds, LoadedOneAfterTheOther) {
  const auto recording_first = new_warehouse();
  load(recording_, *recording_first);
  load(archive_, *recording_first);
  expect_merged(*recording_first);
  const auto archive_first = new_warehouse();
  load(archive_, *archive_first);
  load(recording_, *archive_first);
  expect_merged(*archive_first);
  EXPECT_EQ(table_of(*archive_first, "completeness"), table_of(*recording_first, "completeness"));
  load(archive_, *archive_first);
  expect_merged(*archive_first);
}

TEST_P(TwoBuilds, OnOneLog) {
  for (const bool is_recording_first : {true, false}) {
    const auto bus = bus::make_memory_bus();
    publish(is_recording_first ? recording_ : archive_, *bus);
    publish(is_recording_first ? archive_ : recording_, *bus);
    const auto warehouse = new_warehouse();
    sink(*bus, *warehouse, 50'000);
    expect_merged(*warehouse);
  }
}

INSTANTIATE_TEST_SUITE_P(Sessions, TwoBuilds, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace slipstream
