#include "feed/timeline.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/limits.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A timeline that is fed by topics and stamps in milliseconds, and gives "0 LapCount", one text an item.
class TimelineTest : public ::testing::Test {
 protected:
  void change(std::string_view topic, std::int64_t stamp_ms) {
    add(topic, stamp_ms, Entry::Kind::message, false);
  }
  void skipped(std::int64_t stamp_ms) { add("CarData.z", stamp_ms, Entry::Kind::skipped, false); }
  void snapshot(std::string_view topic, std::optional<std::int64_t> stamp_ms = {}) {
    add(topic, stamp_ms, Entry::Kind::message, true);
  }
  void connected() { timeline_.add(entries_.add(Entry::Kind::connected), 0); }
  void broken() {
    timeline_.add_broken(
        {.source_offset = 0, .feed_topic = {}, .session_time = {}, .reason = "x", .raw = {}});
  }

  std::vector<std::string> taken() {
    std::vector<std::string> texts;
    SourceItem item;
    while (timeline_.take(item)) {
      if (const auto* message = std::get_if<Message>(&item))
        texts.push_back(fmt::format("{} {}{}", message->session_time.count(), message->feed_topic,
                                    message->is_snapshot ? "!" : ""));
      else texts.emplace_back("broken");
    }
    return texts;
  }
  std::vector<std::string> rest() {
    timeline_.end();
    return taken();
  }

  Timeline timeline_{RecordingClock::instants};

 private:
  void add(std::string_view topic, std::optional<std::int64_t> stamp_ms, Entry::Kind kind, bool is_snapshot) {
    Entry& entry = entries_.add(kind);
    entry.message.feed_topic = topic;
    entry.message.is_snapshot = is_snapshot;
    if (stamp_ms) entry.message.utc = UtcTime(std::chrono::milliseconds(1'000'000 + *stamp_ms));
    timeline_.add(entry, 0);
    entries_.clear();
  }

  Entries entries_;
};

TEST_F(TimelineTest, CountsFromTheEarliestStampOfTheFirstSeconds) {
  change("A", 300);
  change("B", 100);
  EXPECT_THAT(taken(), IsEmpty());
  change("C", 5300);
  EXPECT_THAT(taken(), ElementsAre("200 A", "0 B", "5200 C"));
  change("D", 90);
  EXPECT_THAT(taken(), ElementsAre("-10 D"));
}

TEST_F(TimelineTest, GivesAShortRecordingWhole) {
  change("A", 300);
  change("B", 100);
  EXPECT_THAT(rest(), ElementsAre("200 A", "0 B"));
}

TEST_F(TimelineTest, KeepsOffsetsAsTheyAre) {
  Timeline timeline(RecordingClock::offsets);
  Entries entries;
  for (const auto offset : {3s, 2s}) {
    Entry& entry = entries.add(Entry::Kind::message);
    entry.offset = offset;
    timeline.add(entry, 7);
    SourceItem item;
    ASSERT_TRUE(timeline.take(item));
    EXPECT_EQ(std::get<Message>(item).session_time, offset);
    EXPECT_EQ(std::get<Message>(item).source_offset, 7);
  }
}

TEST_F(TimelineTest, GivesASnapshotTheTimeOfTheNextMessage) {
  change("A", 0);
  change("B", 5000);
  taken();
  snapshot("Heartbeat");
  snapshot("SessionInfo");
  EXPECT_THAT(taken(), IsEmpty());
  change("C", 9000);
  EXPECT_THAT(taken(), ElementsAre("9000 SessionInfo!", "9000 Heartbeat!", "9000 C"));
  snapshot("Heartbeat");
  EXPECT_THAT(rest(), ElementsAre("9000 Heartbeat!"));
}

TEST_F(TimelineTest, TakesTimesFromSkippedMessagesToo) {
  snapshot("Heartbeat");
  skipped(0);
  change("A", 200);
  EXPECT_THAT(rest(), ElementsAre("0 Heartbeat!", "200 A"));
}

TEST_F(TimelineTest, KeepsASnapshotsOwnStamp) {
  snapshot("Heartbeat", 0);
  change("A", 700);
  EXPECT_THAT(rest(), ElementsAre("0 Heartbeat!", "700 A"));
}

// T6: SessionInfo says whose state follows, in each of several snapshots in a row.
TEST_F(TimelineTest, T6PutsSessionInfoInFrontOfEachSnapshot) {
  for (int i = 0; i < 2; ++i) {
    for (const char* topic : {"Heartbeat", "LapCount", "SessionInfo"}) snapshot(topic);
  }
  change("A", 0);
  EXPECT_THAT(rest(), ElementsAre("0 SessionInfo!", "0 Heartbeat!", "0 LapCount!", "0 SessionInfo!",
                                  "0 Heartbeat!", "0 LapCount!", "0 A"));
}

// T4: what a connection sends before its snapshot comes behind it, by its stamps.
TEST_F(TimelineTest, T4PutsEarlyChangesBehindTheSnapshot) {
  change("A", 0);
  change("B", 5000);
  EXPECT_THAT(taken(), ElementsAre("0 A", "5000 B"));
  connected();
  change("D", 9000);
  broken();
  change("C", 8000);
  snapshot("Heartbeat");
  EXPECT_THAT(taken(), IsEmpty());
  change("E", 9500);
  EXPECT_THAT(taken(), ElementsAre("8000 Heartbeat!", "broken", "8000 C", "9000 D", "9500 E"));
  change("F", 9400);
  EXPECT_THAT(taken(), ElementsAre("9400 F"));
}

TEST_F(TimelineTest, GoesOnWithoutASnapshotThatDoesNotCome) {
  connected();
  change("A", 0);
  change("B", 30'000);
  EXPECT_THAT(taken(), IsEmpty());
  change("C", 30'001);
  EXPECT_THAT(taken(), ElementsAre("0 A", "30000 B", "30001 C"));
}

TEST_F(TimelineTest, HoldsBackNoMoreThanItMay) {
  for (std::size_t i = 0; i < limits::held_messages_max; ++i) snapshot("Heartbeat");
  EXPECT_EQ(taken().size(), limits::held_messages_max);
  change("A", 0);
  EXPECT_THAT(rest(), ElementsAre("0 A"));
}

}  // namespace
}  // namespace slipstream::feed
