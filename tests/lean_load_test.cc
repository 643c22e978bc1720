// A table is the same, revisions included, whether the rest of its session was read or not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

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
};

class LeanLoad : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const char* root = std::getenv("SLIPSTREAM_DATA");
    path_ = std::string(root && *root ? root : "../shared/data") + '/' + GetParam();
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << path_ << " is not there";
  }

  // All that is published but samples, which nobody asks for here.
  session::Output publish(const std::vector<std::string>& tables) const {
    const session::Needs needs = session::needs_of(tables);
    auto source = feed::open_source(path_, {.topics = needs.feed_topics});
    EXPECT_TRUE(source) << source.error().message;
    session::Engine engine({(*source)->info().name, (*source)->info().kind, needs});
    session::Output output;
    feed::SourceItem item;
    while ((*source)->next(item).value_or(false)) {
      if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
      output.rows<record::CarSample>().clear();
      output.rows<record::PositionSample>().clear();
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

TEST_P(LeanLoad, EveryTableAloneIsAsInTheWholeSession) {
  session::Output whole = publish({});
  whole.for_each_table([&]<class Row>(const std::vector<Published<Row>>& rows) {
    const std::string table(record::Table<Row>::name);
    if (session::needs_of(std::vector{table}).feed_topics.empty()) return;  // needs the whole session anyway
    session::Output lean = publish({table});
    expect_same(lean.rows<Row>(), rows);
  });
}

TEST_P(LeanLoad, LapsAreTheSameBesideOtherTables) {
  session::Output whole = publish({});
  session::Output lean = publish({"laps", "weather", "race_control", "stints", "track_status"});
  expect_same(lean.rows<record::Lap>(), whole.rows<record::Lap>());
  expect_same(lean.rows<record::Stint>(), whole.rows<record::Stint>());
}

INSTANTIATE_TEST_SUITE_P(Sessions, LeanLoad, testing::ValuesIn(sources),
                         [](const auto& one) { return "N" + std::to_string(one.index); });

}  // namespace
}  // namespace slipstream
