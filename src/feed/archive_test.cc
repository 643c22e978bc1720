#include "feed/archive.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ArchiveTest : public ::testing::Test {
 protected:
  void topic(const std::string& name, std::string_view bytes) { folder_.write(name + ".jsonStream", bytes); }
  test::Drained read() { return test::drain(open_archive(folder_.path())); }

  test::TempFolder folder_;
};

TEST_F(ArchiveTest, MergesTopicsByTimeThenByName) {
  topic("TrackStatus", "00:00:01.000{\"n\":1}\r\n00:00:03.000{\"n\":4}\r\n");
  topic("Heartbeat", "00:00:02.000{\"n\":2}\r\n00:00:03.000{\"n\":3}\r\n00:00:04.000{\"n\":5}\r\n");
  const auto drained = read();
  EXPECT_THAT(test::texts(drained),
              ElementsAre("TrackStatus {\"n\":1}", "Heartbeat {\"n\":2}", "Heartbeat {\"n\":3}",
                          "TrackStatus {\"n\":4}", "Heartbeat {\"n\":5}"));
  EXPECT_EQ(drained.messages[1].session_time, 2s);
  EXPECT_FALSE(drained.messages[1].utc);
}

TEST_F(ArchiveTest, KeepsAFilesOrderWhereItsTimeStepsBack) {
  topic("A", "00:00:05.000[1]\n00:00:02.000[2]\n00:00:07.000[3]\n");
  topic("B", "00:00:01.000[4]\n00:00:05.000[5]\n00:00:06.000[6]\n");
  const auto drained = read();
  EXPECT_THAT(test::texts(drained), ElementsAre("B [4]", "A [1]", "A [2]", "B [5]", "B [6]", "A [3]"));
  EXPECT_EQ(drained.messages[2].session_time, 2s);
}

TEST_F(ArchiveTest, OpensOnlyTheFilesOfTheTopicsAskedFor) {
  topic("TrackStatus", "00:00:01.000{\"n\":1}\n");
  topic("CarData.z", "00:00:02.000\"not packed\"\n");
  topic("WeatherData", "00:00:03.000{\"n\":2}\n");
  const auto source = open_archive(folder_.path(), {.topics = {"WeatherData", "TrackStatus", "LapCount"}});
  const auto drained = test::drain(source);
  EXPECT_THAT(test::texts(drained), ElementsAre("TrackStatus {\"n\":1}", "WeatherData {\"n\":2}"));
  EXPECT_THAT(drained.broken, IsEmpty());
  EXPECT_EQ((*source)->info().bytes_total, 40);
  EXPECT_THAT(test::texts(test::drain(open_archive(folder_.path(), {.topics = {"LapCount"}}))), IsEmpty());
}

TEST_F(ArchiveTest, T8ReadsFilesAsF1WritesThem) {
  topic("WeatherData",
        "\xEF\xBB\xBF"
        "00:00:01.000{\"AirTemp\":\"20.5\"}\r\n00:00:02.000{}");
  const auto drained = read();
  EXPECT_THAT(test::texts(drained), ElementsAre("WeatherData {\"AirTemp\":\"20.5\"}", "WeatherData {}"));
  EXPECT_EQ(drained.messages[0].source_offset, 3);
  EXPECT_EQ(drained.messages[1].source_offset, 35);
}

TEST_F(ArchiveTest, T7InflatesPackedTopics) {
  topic("CarData.z", "00:00:01.000\"" + test::pack("\xEF\xBB\xBF{\"Entries\":[]}") + "\"\r\n");
  EXPECT_THAT(test::texts(read()), ElementsAre("CarData.z {\"Entries\":[]}"));
}

TEST_F(ArchiveTest, T8SetsBrokenLinesAsideAndGoesOn) {
  topic("A", "00:00:01.000[1]\nno time\n00:00:02.000{\"cut\":\"of\n00:00:03.000[2]\n");
  topic("B.z", "00:00:01.500\"AAA\"\n00:00:02.500\"" + test::pack("[3]") + "\"\n");
  const auto drained = read();
  EXPECT_THAT(test::texts(drained), ElementsAre("A [1]", "B.z [3]", "A [2]"));
  EXPECT_THAT(test::reasons(drained), ElementsAre("line does not begin with HH:MM:SS.mmm",
                                                  "payload is not base64", "payload is cut off"));
  EXPECT_EQ(drained.broken[0].feed_topic, "A");
  EXPECT_EQ(drained.broken[0].source_offset, 16);
  EXPECT_EQ(drained.broken[0].raw, "no time");
  EXPECT_FALSE(drained.broken[0].session_time);
  EXPECT_EQ(drained.broken[1].feed_topic, "B.z");
  EXPECT_EQ(drained.broken[1].session_time, 1500ms);
}

TEST_F(ArchiveTest, TellsWhatItIsAndHowFarItRead) {
  topic("A", "00:00:01.000[1]\n");
  topic("B", "");
  folder_.write("A.json", "{}");
  const auto source = open_archive(folder_.path());
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->info().name, folder_.path().filename().string());
  EXPECT_EQ((*source)->info().format, "archive");
  EXPECT_EQ((*source)->info().kind, SourceKind::archive);
  EXPECT_EQ((*source)->info().bytes_total, 16);
  EXPECT_EQ((*source)->bytes_read(), 0);
  test::drain(**source);
  EXPECT_EQ((*source)->bytes_read(), 16);
  SourceItem item;
  EXPECT_FALSE(*(*source)->next(item));
}

TEST_F(ArchiveTest, FindsTheOnlySessionBelowARoot) {
  const std::string file =
      folder_.write("2025/Mexico/Qualifying/TrackStatus.jsonStream", "00:00:01.000[1]\n");
  folder_.write("2025/Index.json", "{}");
  EXPECT_EQ(find_session_folder(folder_.path())->string(), test::fs::path(file).parent_path().string());
  const auto source = open_source(folder_.path().string() + "/");
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->info().name, "Qualifying");
}

TEST_F(ArchiveTest, NamesTheSessionsWhereThereAreSeveral) {
  for (int i = 1; i <= 7; ++i) folder_.write(fmt::format("2025/Meeting_{}/Race/A.jsonStream", i), "");
  const auto found = find_session_folder(folder_.path());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::malformed);
  EXPECT_THAT(found.error().message,
              HasSubstr("7 sessions are in here, name one of them: 2025/Meeting_1/Race, "));
  EXPECT_THAT(found.error().message, HasSubstr("2025/Meeting_5/Race and 2 more"));
}

using Order = std::vector<std::pair<std::string, std::int64_t>>;

RC_GTEST_PROP(Archive, GivesTheSameMessagesForEveryChunkSize, ()) {
  const test::TempFolder folder;
  for (const char* name : {"A", "B", "C.z"}) {
    std::string bytes;
    for (const int ms : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 60'000))) {
      const std::string payload = "{\"ms\":" + std::string(ms % 50, ' ') + std::to_string(ms) + "}";
      bytes += format_session_time(SessionTime(ms)) +
               (ms % 3 == 0 ? payload : '"' + test::pack(payload) + '"') + (ms % 2 == 0 ? "\r\n" : "\n");
    }
    folder.write(std::string(name) + ".jsonStream", bytes);
  }
  const auto order = [&](std::size_t chunk_bytes) {
    Order items;
    const auto drained = test::drain(open_archive(folder.path(), {}, chunk_bytes));
    for (const auto& message : drained.messages) {
      items.emplace_back(message.feed_topic + message.payload, message.source_offset);
    }
    for (const auto& broken : drained.broken) items.emplace_back(broken.reason, broken.source_offset);
    return items;
  };
  RC_ASSERT(order(*rc::gen::inRange<std::size_t>(1, 60)) == order(read_chunk_bytes));
}

TEST(ArchiveRealData, MergesTheMexicoCityQualifying) {
  FEED_REAL_DATA(path, "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying");
  const auto source = open_source(path);
  ASSERT_TRUE(source);
  EXPECT_EQ((*source)->info().name, "2025-10-25_Qualifying");
  std::map<std::string, int> counts;
  std::size_t messages = 0;
  SessionTime last{};
  SourceItem item;
  for (;;) {
    const auto more = (*source)->next(item);
    ASSERT_TRUE(more);
    if (!*more) break;
    const auto* message = std::get_if<Message>(&item);
    ASSERT_NE(message, nullptr) << std::get<BrokenInput>(item).reason;
    ASSERT_GE(message->session_time, last);
    last = message->session_time;
    ++counts[message->feed_topic];
    ++messages;
  }
  EXPECT_EQ(messages, 20'552U);
  EXPECT_EQ(counts["CarData.z"], 4'644);
  EXPECT_EQ(counts["Position.z"], 4'688);
  EXPECT_EQ(counts["TimingData"], 9'044);
  EXPECT_EQ(counts.size(), 18U);
  EXPECT_EQ((*source)->bytes_read(), (*source)->info().bytes_total);
}

TEST(ArchiveRealData, ReadsEverySessionWithNothingBroken) {
  FEED_REAL_DATA(path, "archive");
  std::size_t sessions = 0;
  for (const auto& entry : test::fs::recursive_directory_iterator(path)) {
    if (entry.path().filename() != "SessionInfo.jsonStream") continue;
    const auto drained = test::drain(open_source(entry.path().parent_path().string()));
    EXPECT_THAT(drained.broken, IsEmpty()) << entry.path();
    EXPECT_GT(drained.messages.size(), 100U) << entry.path();
    ++sessions;
  }
  EXPECT_EQ(sessions, 8U);
}

}  // namespace
}  // namespace slipstream::feed
