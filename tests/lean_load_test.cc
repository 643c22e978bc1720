// A table is the same, revisions included, whether the rest of its session was read or not; and the same but
// for revisions where only its last rows are asked for.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "feed/source.h"
#include "session/engine.h"
#include "session/feed_topics.h"

namespace slipstream {
namespace {

using session::Published;

constexpr const char* sources[] = {
    "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
    "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint",
    "recordings/2025_italy_race.fastf1.txt.gz",
    "recordings/2025_azerbaijan_fp1_fp2_reconnects.signalr.log.gz",
    "recordings/2025_hungary_qualifying.ns.txt.gz",
};

class LeanLoad : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const char* root = std::getenv("SLIPSTREAM_DATA");
    path_ = std::string(root && *root ? root : "../shared/data") + '/' + GetParam();
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << path_ << " is not there";
  }

  // All that is published but samples and their telemetry, which nobody asks for here.
  session::Output publish(const std::vector<std::string>& tables, bool is_batch = false) const {
    const session::Needs needs = session::needs_of(tables);
    auto source = feed::open_source(path_, {.topics = needs.feed_topics});
    EXPECT_TRUE(source) << source.error().message;
    session::Engine engine({(*source)->info().name, (*source)->info().kind, needs, is_batch});
    session::Output output;
    feed::SourceItem item;
    while ((*source)->next(item).value_or(false)) {
      if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
      output.rows<record::CarSample>().clear();
      output.rows<record::PositionSample>().clear();
      output.rows<record::Telemetry>().clear();
    }
    engine.finish(output);
    return output;
  }

  std::string path_;
};

template <class Row>
void expect_same(const std::vector<Published<Row>>& lean, const std::vector<Published<Row>>& whole) {
  ASSERT_EQ(lean.size(), whole.size()) << record::Table<Row>::name;
  for (std::size_t at = 0; at < lean.size(); ++at) {
    ASSERT_TRUE(lean[at].row == whole[at].row) << record::Table<Row>::name << ", row " << at;
    ASSERT_EQ(lean[at].envelope.revision, whole[at].envelope.revision) << record::Table<Row>::name << at;
    ASSERT_EQ(lean[at].envelope.is_withdrawn, whole[at].envelope.is_withdrawn);
  }
}

// Which tables need the same: one reading serves them all.
std::string text_of(const session::Needs& needs) {
  std::string text =
      fmt::format("{}{}{}{}{}", static_cast<int>(needs.telemetry), static_cast<int>(needs.positions),
                  needs.has_screen, needs.has_telemetry, needs.has_circuit);
  for (const std::string& topic : needs.feed_topics) text += ' ' + topic;
  return text;
}

TEST_P(LeanLoad, EveryTableAloneIsAsInTheWholeSession) {
  session::Output whole = publish({});
  std::map<std::string, session::Output> readings;
  whole.for_each_table([&]<class Row>(const std::vector<Published<Row>>& rows) {
    const std::string table(record::Table<Row>::name);
    const session::Needs needs = session::needs_of(std::vector{table});
    if (needs.feed_topics.empty()) return;  // needs the whole session anyway
    const auto [reading, is_new] = readings.try_emplace(text_of(needs));
    if (is_new) reading->second = publish({table});
    expect_same(reading->second.rows<Row>(), rows);
  });
}

TEST_P(LeanLoad, LapsAreTheSameBesideOtherTables) {
  session::Output whole = publish({});
  session::Output lean = publish({"laps", "weather", "race_control", "stints", "track_status"});
  expect_same(lean.rows<record::Lap>(), whole.rows<record::Lap>());
  expect_same(lean.rows<record::Stint>(), whole.rows<record::Stint>());
}

// The rows of a table as they stand at the end.
template <class Row>
std::map<record::RowKey, Row> last_rows(const std::vector<Published<Row>>& list) {
  std::map<record::RowKey, Row> rows;
  for (const auto& published : list) {
    rows.insert_or_assign(record::row_key(published.row), published.row);
    if (published.envelope.is_withdrawn) rows.erase(record::row_key(published.row));
  }
  return rows;
}

TEST_P(LeanLoad, ABatchHasTheLastRowsAtOnce) {
  const std::vector<std::string> tables = {"laps", "stints", "session_parts"};
  session::Output streamed = publish(tables), batch = publish(tables, true);
  EXPECT_TRUE(last_rows(batch.rows<record::Lap>()) == last_rows(streamed.rows<record::Lap>()));
  EXPECT_TRUE(last_rows(batch.rows<record::Stint>()) == last_rows(streamed.rows<record::Stint>()));
  EXPECT_TRUE(last_rows(batch.rows<record::SessionPart>()) ==
              last_rows(streamed.rows<record::SessionPart>()));
  EXPECT_EQ(batch.rows<record::Lap>().size(), last_rows(streamed.rows<record::Lap>()).size());
  for (const auto& lap : batch.rows<record::Lap>()) EXPECT_EQ(lap.envelope.revision, 0);
}

INSTANTIATE_TEST_SUITE_P(Sessions, LeanLoad, testing::ValuesIn(sources),
                         [](const auto& one) { return "N" + std::to_string(one.index); });

}  // namespace
}  // namespace slipstream
