// An engine that begins anew derives the same records, with the same builds and revisions; and what it has
// published by some message is the beginning of what it publishes in the end.
#include <gtest/gtest.h>
#include <algorithm>
#include <map>

#include "record/codec.h"
#include "record/telemetry.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;

// Everything that was published, table by table: a hash a record keeps it small.
struct Published {
  std::map<std::string_view, std::vector<std::uint64_t>> records;
  std::string build;
  SessionKey session_key;
  std::size_t item_count = 0;
};

void take(session::Output& output, Published& published) {
  output.for_each_table([&]<class Row>(std::vector<session::Published<Row>>& list) {
    if constexpr (record::is_sample<Row>) return;  // the first revision of telemetry says them
    else
      for (const auto& entry : list) {
        std::string json = std::to_string(entry.at_ms);
        record::encode(entry.row, {"", entry.envelope, "", {}}, json);
        published.records[record::Table<Row>::name].push_back(std::hash<std::string>()(json));
      }
  });
  output.clear();
}

Published run(const fs::path& path, std::size_t items_max = std::size_t(-1)) {
  Published published;
  auto source = feed::open_source(path.string());
  EXPECT_TRUE(source) << source.error().message;
  session::Engine engine({(*source)->info().name, (*source)->info().kind});
  session::Output output;
  feed::SourceItem item;
  while (published.item_count < items_max && (*source)->next(item).value_or(false)) {
    ++published.item_count;
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    else engine.reject(std::get<feed::BrokenInput>(item), output);
    take(output, published);
  }
  if (published.item_count < items_max) engine.finish(output);
  take(output, published);
  published.build = engine.build();
  published.session_key = engine.session_key();
  return published;
}

// Sessions of the archive and recordings that this version can read.
std::vector<fs::path> readable_sessions() {
  std::vector<fs::path> sessions;
  const auto add = [&](const fs::path& path) {
    if (feed::open_source(path.string())) sessions.push_back(path);
  };
  std::error_code error;
  for (const auto& entry :
       fs::recursive_directory_iterator(testing_support::data_root() / "archive", error)) {
    if (entry.path().filename() == "SessionInfo.jsonStream") add(entry.path().parent_path());
  }
  for (const auto& entry : fs::directory_iterator(testing_support::data_root() / "recordings", error)) {
    add(entry.path());
  }
  std::ranges::sort(sessions);
  return sessions;
}

TEST(Idempotence, ARestartedEngineDerivesTheSameRecords) {
  const std::vector<fs::path> sessions = readable_sessions();
  if (sessions.empty()) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: no session was read twice";
  for (const fs::path& path : sessions) {
    SCOPED_TRACE(path.string());
    const Published first = run(path);
    const Published again = run(path);
    EXPECT_EQ(first.build, again.build);
    EXPECT_EQ(first.session_key, again.session_key);
    EXPECT_TRUE(first.records == again.records);
    EXPECT_EQ(first.records.at("manifest").size(), 1u);
    for (const std::size_t parts : {7u, 3u, 2u}) {
      const Published some = run(path, std::max<std::size_t>(first.item_count / parts, 1));
      for (const auto& [table, records] : some.records) {
        const auto& all = first.records.at(table);
        EXPECT_TRUE(records.size() <= all.size() && std::equal(records.begin(), records.end(), all.begin()))
            << table << " of the first 1/" << parts << " is no beginning of the whole";
      }
      EXPECT_TRUE(some.build.empty() || some.build == first.build);
    }
  }
}

}  // namespace
}  // namespace slipstream
