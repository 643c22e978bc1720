// Each format from its file to its messages: recognised by content, zero of time, snapshots, cut ends.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "1500 LapCount {}", "0 Heartbeat! {}" of a snapshot, one a message.
std::vector<std::string> timed(const test::Drained& drained) {
  std::vector<std::string> texts;
  for (const Message& message : drained.messages) {
    texts.push_back(fmt::format("{} {}{} {}", message.session_time.count(), message.feed_topic,
                                message.is_snapshot ? "!" : "", message.payload));
  }
  return texts;
}

const std::string signalr_call = R"({"C":"d-1","M":[{"H":"Streaming","M":"feed",)"
                                 R"("A":["LapCount",{"CurrentLap":3},"2030-01-01T12:00:01.5Z"]}]})";
const std::string core_call =
    R"({"type":1,"target":"feed","arguments":["LapCount",{"CurrentLap":3},"2030-01-01T12:00:01.5Z"]})";

class RecordingFormats : public ::testing::Test {
 protected:
  // Messages of a file with these bytes, which must be recognised, plain and gzipped, as `format`.
  test::Drained read(std::string_view format, std::string_view bytes) {
    auto source = open_source(folder_.write("recording.gz", test::gzip(bytes)));
    EXPECT_TRUE(source) << source.error().message;
    if (!source) return {};
    EXPECT_EQ((*source)->info().format, format);
    const auto packed = timed(test::drain(**source));
    source = open_source(folder_.write("any.name", bytes));
    auto drained = test::drain(source);
    EXPECT_EQ((*source)->bytes_read(), static_cast<std::int64_t>(bytes.size()));
    EXPECT_EQ(timed(drained), packed);
    return drained;
  }

  test::TempFolder folder_;
};

TEST_F(RecordingFormats, ClassicSignalRWithLogLines) {
  const auto drained = read("signalr", "Starting Server\n" + signalr_call + "\n{}\nlost connection, again\n" +
                                           R"({"R":{"Heartbeat":{},"SessionInfo":{}},"I":"1"})" + "\n");
  EXPECT_THAT(timed(drained),
              ElementsAre(R"(0 LapCount {"CurrentLap":3})", "0 SessionInfo! {}", "0 Heartbeat! {}"));
  EXPECT_THAT(drained.broken, IsEmpty());
}

TEST_F(RecordingFormats, SnapshotOfAReconnectStandsInItsPlace) {
  const std::string snapshot = R"({"R":{"LapCount":{"CurrentLap":9}},"I":"1"})";
  const std::string later = R"({"C":"d","M":[{"H":"Streaming","M":"feed",)"
                            R"("A":["LapCount",{"CurrentLap":10},"2030-01-01T12:09:01.5Z"]}]})";
  const auto drained =
      read("signalr", signalr_call + "\n{\"C\":\"d-2\",\"S\":1,\"M\":[]}\n" + snapshot + "\n" + later);
  EXPECT_THAT(timed(drained),
              ElementsAre(R"(0 LapCount {"CurrentLap":3})", R"(540000 LapCount! {"CurrentLap":9})",
                          R"(540000 LapCount {"CurrentLap":10})"));
}

// T3, T4: a recording of frames as they came, with a change in front of the snapshot.
TEST_F(RecordingFormats, T3T4SignalRCoreFrames) {
  const std::string completion =
      R"({"type":3,"invocationId":"0","result":{"Heartbeat":{},"SessionInfo":{}}})";
  const std::vector<std::string> expected = {"0 SessionInfo! {}", "0 Heartbeat! {}",
                                             R"(0 LapCount {"CurrentLap":3})",
                                             R"(0 LapCount {"CurrentLap":3})"};
  const std::string frames =
      "{}\x1e" + core_call + "\x1e" + completion + "\x1e{\"type\":6}\x1e" + core_call + "\x1e";
  EXPECT_EQ(timed(read("signalrcore", frames)), expected);
  std::string lines = frames;
  std::replace(lines.begin(), lines.end(), '\x1e', '\n');
  EXPECT_EQ(timed(read("signalrcore", "connected\n" + lines.substr(3))), expected);
  const auto cut = read("signalrcore", frames + core_call.substr(0, 60));
  EXPECT_EQ(timed(cut), expected);
  EXPECT_THAT(test::reasons(cut), ElementsAre("message is cut off at byte 60"));
}

TEST_F(RecordingFormats, FastF1CoreSnapshotBeginsWithSessionInfo) {
  const auto drained = read("fastf1core",
                            "['Heartbeat', '{}', '']\n['SessionInfo', '{}', '']\n"
                            "['LapCount', {}, '2030-01-01T12:00:01.5Z']\n");
  EXPECT_THAT(timed(drained), ElementsAre("0 SessionInfo! {}", "0 Heartbeat! {}", "0 LapCount {}"));
}

TEST_F(RecordingFormats, DumpHasOffsets) {
  const auto drained = read("dump",
                            "URL: file\n00:00:03.422{\"stream\":\"LapCount\",\"payload\":{}}\n"
                            "00:00:02.000{\"stream\":\"CarData.z\",\"payload\":\"" +
                                test::pack("{}") + "\"}\n00:00:09.000{\"stream\":\"LapC");
  EXPECT_THAT(timed(drained), ElementsAre("3422 LapCount {}", "2000 CarData.z {}"));
  EXPECT_THAT(test::reasons(drained), ElementsAre("message is cut off at byte 15"));
  EXPECT_EQ(drained.broken[0].session_time, SessionTime(9000));
}

TEST_F(RecordingFormats, NsBeginsWithItsSnapshot) {
  const auto drained = read("ns",
                            "1754142463842386497:init:{\"Heartbeat\":{},\"SessionInfo\":{}}\n"
                            "1754142474596901782:LapCount:{}\n17541424745969017");
  EXPECT_THAT(timed(drained), ElementsAre("0 SessionInfo! {}", "0 Heartbeat! {}", "10754 LapCount {}"));
}

TEST_F(RecordingFormats, SnapshotAlone) {
  const auto drained = read("snapshot", "{\n  \"Heartbeat\": {},\n  \"CarData.z\": \"" + test::pack("{}") +
                                            "\",\n  \"SessionInfo\": {}\n}\n");
  EXPECT_THAT(timed(drained), ElementsAre("0 SessionInfo! {}", "0 Heartbeat! {}", "0 CarData.z! {}"));
  const auto cut = read("snapshot", "{\n  \"Heartbeat\": {},\n  \"SessionInfo\": {");
  EXPECT_THAT(timed(cut), ElementsAre("0 Heartbeat! {}"));
  EXPECT_EQ(cut.broken.size(), 1U);
}

TEST_F(RecordingFormats, UndercutFolder) {
  const std::string point = R"({"Type":"LapCount","Json":{},"DateTime":"2030-01-01T12:00:01.5+00:00"})";
  const std::string folder = folder_.path().string();
  EXPECT_THAT(timed(read("undercut", point + "\n")), ElementsAre("0 LapCount {}"));
  folder_.write("u/subscribe.txt", "{\n\"Heartbeat\": {},\n\"SessionInfo\": {}\n}");
  folder_.write("u/live.txt", point + "\n" + point.substr(0, 30));
  folder_.write("packed/subscribe.json", "{\n\"Heartbeat\": {},\n\"SessionInfo\": {}\n}");
  folder_.write("packed/live.jsonl.gz", test::gzip(point + "\n" + point.substr(0, 30)));
  for (const std::string name : {"u", "packed"}) {
    const auto source = open_source(folder + '/' + name);
    ASSERT_TRUE(source) << source.error().message;
    EXPECT_EQ((*source)->info().format, "undercut");
    EXPECT_EQ((*source)->info().name, name);
    const auto drained = test::drain(**source);
    EXPECT_THAT(timed(drained), ElementsAre("0 SessionInfo! {}", "0 Heartbeat! {}", "0 LapCount {}"));
    EXPECT_THAT(test::reasons(drained), ElementsAre("message is cut off at byte 30"));
  }
}

TEST_F(RecordingFormats, FolderWithOneRecording) {
  folder_.write("notes.txt", "hello");
  folder_.write("a.log", signalr_call);
  const std::string folder = folder_.path().string();
  const auto source = open_source(folder);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->info().name, "a.log");
  folder_.write("b.log", core_call);
  EXPECT_THAT(open_source(folder).error().message,
              HasSubstr(": 2 recordings are in here, name one of them: a.log, b.log"));
}

struct RealRecording {
  const char* name;
  const char* format;
  std::size_t messages, snapshots, broken;
  const char* zero_utc;  // as in the recording's expected/*/meta.json, where there is one
};

class RealRecordings : public ::testing::TestWithParam<RealRecording> {};

TEST_P(RealRecordings, AreReadWhole) {
  const RealRecording& real = GetParam();
  FEED_REAL_DATA(path, std::string("recordings/") + real.name);
  SCOPED_TRACE(real.name);
  const auto source = open_source(path);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->info().format, real.format);
  const auto drained = test::drain(**source);
  EXPECT_EQ(drained.messages.size(), real.messages);
  EXPECT_EQ(drained.broken.size(), real.broken);
  const auto is_snapshot = [](const Message& message) { return message.is_snapshot; };
  EXPECT_EQ(std::count_if(drained.messages.begin(), drained.messages.end(), is_snapshot),
            static_cast<std::ptrdiff_t>(real.snapshots));
  std::string zero;
  for (const Message& message : drained.messages) {
    if (message.utc && zero.empty()) zero = format_utc(*message.utc - message.session_time);
    ASSERT_TRUE(!message.utc || format_utc(*message.utc - message.session_time) == zero) << zero;
  }
  EXPECT_EQ(zero, real.zero_utc);
}

INSTANTIATE_TEST_SUITE_P(
    All, RealRecordings,
    ::testing::Values(
        RealRecording{"2025_italy_race.fastf1.txt.gz", "fastf1", 53'470, 0, 0, "2025-09-07T12:57:31.138Z"},
        RealRecording{"2024_mexico_fp3_start.fastf1.txt", "fastf1", 2'116, 0, 0, "2024-10-26T17:15:49.165Z"},
        RealRecording{"2026_japan_race_end.fastf1core.txt", "fastf1core", 356, 18, 0,
                      "2026-03-29T06:45:20.166Z"},
        RealRecording{"2023_monaco_fp2.signalr.log", "signalr", 2'384, 14, 0, "2023-05-26T15:31:42.671Z"},
        RealRecording{"2025_azerbaijan_fp1_fp2_reconnects.signalr.log.gz", "signalr", 10'498, 120, 0,
                      "2025-09-19T09:26:36.242Z"},
        RealRecording{"2024_imola_qualifying.undercut", "undercut", 10'003, 12, 0,
                      "2024-05-18T13:59:11.388Z"},
        RealRecording{"2024_silverstone_fp1.undercut", "undercut", 11'451, 13, 0, "2024-07-05T11:50:44.449Z"},
        RealRecording{"2025_brazil_sprint.ns.txt.gz", "ns", 22'946, 12, 0, "2025-11-08T13:33:18.239Z"},
        RealRecording{"2025_hungary_qualifying.ns.txt.gz", "ns", 9'087, 11, 0, "2025-08-02T13:47:43.842Z"},
        RealRecording{"2025_qatar_sprint.dump.txt.gz", "dump", 23'074, 0, 0, ""},
        RealRecording{"snapshots/2024_imola_race.json", "snapshot", 15, 15, 0, ""},
        RealRecording{"snapshots/2026_miami_race_end.json", "snapshot", 15, 15, 0, ""}));

}  // namespace
}  // namespace slipstream::feed
