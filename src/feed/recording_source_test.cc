#include "feed/recording_source.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <map>

#include "core/limits.h"
#include "feed/fastf1_line.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class RecordingTest : public ::testing::Test {
 protected:
  test::Drained read(std::string_view bytes, const SourceOptions& options = {},
                     std::size_t chunk_bytes = read_chunk_bytes) {
    const std::string path = folder_.write("recording.txt", bytes);
    const auto format = find_recording_format(path);
    EXPECT_TRUE(format) << (format ? "" : format.error().message);
    return format ? test::drain(open_recording(path, **format, options, chunk_bytes)) : test::Drained{};
  }
  std::string format_of(std::string_view bytes) {
    const auto format = find_recording_format(folder_.write("recording.txt", bytes));
    return format ? std::string((*format)->name) : format.error().message;
  }

  test::TempFolder folder_;
};

std::string heartbeat(int number) {
  return fmt::format("['Heartbeat', {{'Number': {}, '_kf': True}}, '2025-09-07T13:00:{:02}.5Z']\n", number,
                     number % 60);
}

TEST_F(RecordingTest, T9ReadsDictsAndPackedPayloads) {
  const auto drained = read(
      "['TrackStatus', {'Status': '1', '_kf': True}, '2025-09-07T12:57:33.210877Z']\r\n"
      "['CarData.z', '" +
      test::pack(R"({"Entries":[]})") + "', '2025-09-07T12:57:34Z']");
  EXPECT_THAT(test::texts(drained),
              ElementsAre(R"(TrackStatus {"Status":"1","_kf":true})", R"(CarData.z {"Entries":[]})"));
  EXPECT_THAT(drained.broken, IsEmpty());
  EXPECT_EQ(format_utc(*drained.messages[0].utc), "2025-09-07T12:57:33.211Z");
  EXPECT_EQ(drained.messages[0].session_time, 0ms);
  EXPECT_EQ(drained.messages[1].session_time, 789ms);
  EXPECT_EQ(drained.messages[1].source_offset, 78);
  EXPECT_FALSE(drained.messages[0].is_snapshot);
}

TEST_F(RecordingTest, KeepsTheOrderOfLinesWhereStampsStepBack) {
  const auto drained = read(
      "['A', {}, '2025-09-07T13:00:02Z']\n['B', {}, '2025-09-07T13:00:09Z']\n"
      "['C', {}, '2025-09-07T13:00:08Z']\n");
  EXPECT_THAT(test::texts(drained), ElementsAre("A {}", "B {}", "C {}"));
  EXPECT_EQ(drained.messages[1].session_time, 7s);
  EXPECT_EQ(drained.messages[2].session_time, 6s);
}

TEST_F(RecordingTest, SkipsOtherTopicsButCountsTimeFromTheirStamps) {
  const auto drained = read(
      "['CarData.z', 'not packed', '2025-09-07T13:00:00Z']\n"
      "['WeatherData', {}, '2025-09-07T13:00:02Z']\n"
      "['CarData.z', 'cut\n",
      {.topics = {"WeatherData"}});
  EXPECT_THAT(test::texts(drained), ElementsAre("WeatherData {}"));
  EXPECT_EQ(drained.messages[0].session_time, 2s);
  EXPECT_THAT(drained.broken, IsEmpty());
}

TEST_F(RecordingTest, PassesOverLogLinesSetsHalfLinesAsideAndGoesOn) {
  const auto drained = read("2025-09-07 13:00:00 - INFO - connected\n\n" + heartbeat(1) +
                            "eartbeat', {'Number': 1}, '2025-09-07T13:00:01Z']\n"
                            "['CarData.z', 'AAA', '2025-09-07T13:00:02Z']\n"
                            "['WeatherData', {'AirTemp': '20.5', '2025-09-07T13:00:02Z']\n"
                            "['WeatherData', {}]\n"
                            "['WeatherData', {}, '2025-09-07T13:0']\n"
                            "['WeatherData', 'text', '2025-09-07T13:00:02Z']\n"
                            "['WeatherData', None, '2025-09-07T13:00:02Z']\n"
                            "['WeatherData', {}, '2025-09-07T13:00:02Z'] tail\n"
                            "['what a topic', {}, '2025-09-07T13:00:02Z']\n" +
                            heartbeat(2));
  EXPECT_EQ(drained.messages.size(), 2U);
  EXPECT_THAT(
      test::reasons(drained),
      ElementsAre("not a message of this recording", "payload is not base64",
                  "expected ':' in a dict at byte 58", "expected ',' at byte 18",
                  "not a UTC time: \"2025-09-07T13:0\"", "payload is neither a JSON object nor a list",
                  "payload is neither a JSON object nor a list", "unexpected text behind the end at byte 44",
                  "no topic in front"));
  EXPECT_FALSE(drained.broken.front().feed_topic);
  EXPECT_EQ(drained.broken.front().raw, "eartbeat', {'Number': 1}, '2025-09-07T13:00:01Z']");
  EXPECT_EQ(drained.broken[1].feed_topic, "CarData.z");
  EXPECT_FALSE(drained.broken.back().feed_topic);
}

TEST_F(RecordingTest, T5ReadsTheSnapshotOfTheCoreClient) {
  const auto drained = read(R"(['LapCount', '{"CurrentLap": 53, "TotalLaps": 53}', ''])"
                            "\n"
                            R"(['Position.z', '")" +
                            test::pack(R"({"Position":[]})") + "\"', '']\n" + heartbeat(1));
  EXPECT_THAT(drained.broken, IsEmpty());
  ASSERT_EQ(drained.messages.size(), 3U);
  EXPECT_EQ(drained.messages[0].payload, R"({"CurrentLap": 53, "TotalLaps": 53})");
  EXPECT_EQ(drained.messages[1].payload, R"({"Position":[]})");
  EXPECT_TRUE(drained.messages[1].is_snapshot);
  EXPECT_EQ(drained.messages[1].utc, drained.messages[2].utc) << "that of the message behind it";
  EXPECT_FALSE(drained.messages[2].is_snapshot);
  EXPECT_EQ(drained.messages[2].session_time, 0ms);
}

TEST_F(RecordingTest, ReadsACutGzipUpToTheCutAndSaysSoOnce) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += heartbeat(i * 7919 % 10'007);
  const auto whole = read(test::gzip(text));
  EXPECT_EQ(whole.messages.size(), 20'000U);
  EXPECT_THAT(whole.broken, IsEmpty());
  const std::string packed = test::gzip(text);
  for (const std::size_t size : {packed.size() / 3, packed.size() / 2, packed.size() - 4}) {
    const auto cut = read(packed.substr(0, size));
    EXPECT_GT(cut.messages.size(), 1000U);
    EXPECT_THAT(test::reasons(cut), ElementsAre("the gzip data is cut off"));
    for (std::size_t i = 0; i < cut.messages.size(); ++i) {
      ASSERT_EQ(cut.messages[i].payload, whole.messages[i].payload) << i;
    }
    EXPECT_GE(cut.broken[0].source_offset, cut.messages.back().source_offset);
  }
  EXPECT_THAT(test::reasons(read(packed + "tail")),
              ElementsAre("bytes that are not gzip follow behind the gzip data"));
}

TEST_F(RecordingTest, SetsALineThatIsTooLongAside) {
  const std::string line = "['A', {'text': '" + std::string(limits::message_bytes_max, 'x') + "'}, '']\n";
  const auto drained = read(heartbeat(1) + line + heartbeat(2));
  EXPECT_EQ(drained.messages.size(), 2U);
  EXPECT_THAT(test::reasons(drained), ElementsAre("line has more than 16777216 bytes"));
  EXPECT_EQ(drained.broken[0].raw.size(), limits::rejected_raw_bytes_max);
}

TEST(LooksLikeFastF1, TellsMessagesFromOtherText) {
  for (const char* text : {"['Heartbeat', {", R"(["CarData.z", 'abc)", " [ 'A' ,"}) {
    EXPECT_TRUE(looks_like_fastf1(text)) << text;
  }
  for (const char* text :
       {"", "[", "{}", "['Heartbeat']", "['a b', 1]", "[1, 2]", "00:00:00.000{}", "['', 1]"}) {
    EXPECT_FALSE(looks_like_fastf1(text)) << text;
  }
}

std::map<std::string, int> counts(const test::Drained& drained) {
  std::map<std::string, int> counts;
  for (const Message& message : drained.messages) ++counts[message.feed_topic];
  return counts;
}

TEST(FastF1RealData, ReadsAWholeRaceWithNothingBroken) {
  FEED_REAL_DATA(path, "recordings/2025_italy_race.fastf1.txt.gz");
  const auto drained = test::drain(open_source(path));
  EXPECT_THAT(drained.broken, IsEmpty());
  EXPECT_EQ(drained.messages.size(), 53'470U);
  EXPECT_THAT(
      counts(drained),
      UnorderedElementsAre(Pair("TimingData", 47'752), Pair("TopThree", 2'541), Pair("TimingStats", 1'465),
                           Pair("TimingAppData", 973), Pair("Heartbeat", 338), Pair("DriverList", 154),
                           Pair("WeatherData", 84), Pair("SessionData", 56), Pair("LapCount", 52),
                           Pair("RaceControlMessages", 51), Pair("TrackStatus", 2), Pair("SessionInfo", 1),
                           Pair("ExtrapolatedClock", 1)));
}

TEST(FastF1RealData, ReadsAPracticeWithTelemetry) {
  FEED_REAL_DATA(path, "recordings/2024_mexico_fp3_start.fastf1.txt");
  const auto drained = test::drain(open_source(path));
  EXPECT_THAT(drained.broken, IsEmpty());
  EXPECT_EQ(drained.messages.size(), 2'116U);
  EXPECT_EQ(counts(drained)["CarData.z"], 952);
  EXPECT_EQ(counts(drained)["Position.z"], 952);
}

TEST(FastF1RealData, ReadsWhatIsWholeInABrokenRecording) {
  FEED_REAL_DATA(path, "recordings/broken.fastf1.txt");
  const auto drained = test::drain(open_source(path));
  EXPECT_EQ(drained.messages.size(), 19U);  // of 51 lines
  EXPECT_EQ(drained.broken.size(), 32U);
  EXPECT_EQ(counts(drained)["RaceControlMessages"], 4);
}

TEST(FastF1RealData, ReadsARecordingOfTheCoreClient) {
  FEED_REAL_DATA(path, "recordings/2026_japan_race_end.fastf1core.txt");
  const auto drained = test::drain(open_source(path));
  EXPECT_THAT(drained.broken, IsEmpty());
  EXPECT_EQ(drained.messages.size(), 356U);
  EXPECT_EQ(std::count_if(drained.messages.begin(), drained.messages.end(),
                          [](const Message& message) { return message.is_snapshot; }),
            18);
}

}  // namespace
}  // namespace slipstream::feed
