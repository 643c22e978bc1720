// Decoders of the formats whose payloads are JSON: what one line or frame says.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "feed/dump_line.h"
#include "feed/ns_line.h"
#include "feed/signalr_line.h"
#include "feed/signalrcore_message.h"
#include "feed/snapshot_document.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One text an entry: "TimingData {...} 2024-07-05T11:50:44.449Z", "snapshot LapCount {}", "skipped LapCount",
// "connected", "broken LapCount: payload is empty".
template <class Decoder>
std::vector<std::string> decode(std::string_view text, std::vector<std::string> topics = {}) {
  Decoder decoder{TopicFilter(std::move(topics))};
  Entries entries;
  decoder.decode(text, entries);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const Message& message = entry.message;
    switch (entry.kind) {
      case Entry::Kind::connected: texts.emplace_back("connected"); break;
      case Entry::Kind::skipped: texts.push_back("skipped " + message.feed_topic); break;
      case Entry::Kind::broken:
        texts.push_back(fmt::format("broken {}: {}", message.feed_topic, entry.reason));
        break;
      case Entry::Kind::message:
        texts.push_back(fmt::format("{}{} {}{}", message.is_snapshot ? "snapshot " : "", message.feed_topic,
                                    message.payload, message.utc ? " " + format_utc(*message.utc) : ""));
    }
  }
  return texts;
}

TEST(SignalRDecoder, TakesEveryMessageOfAFrame) {
  const std::string packed = test::pack(R"({"Entries":[]})");
  EXPECT_THAT(decode<SignalRDecoder>(
                  R"({"C":"d-1","G":"k","M":[{"H":"Streaming","M":"feed","A":["LapCount",{"CurrentLap":3},)"
                  R"("2030-01-01T12:00:01.5Z"]},{"H":"Streaming","M":"feed","A":["CarData.z",")" +
                  packed + R"(","2030-01-01T12:00:02Z"]},{"H":"Streaming","M":"other","A":[1]}]})"),
              ElementsAre(R"(LapCount {"CurrentLap":3} 2030-01-01T12:00:01.500Z)",
                          R"(CarData.z {"Entries":[]} 2030-01-01T12:00:02.000Z)"));
}

TEST(SignalRDecoder, PassesOverWhatIsNoMessage) {
  for (const char* line : {"{}", "", "Connected to WebSocket", R"({"C":"d-1","M":[]})", R"({"I":"1"})"})
    EXPECT_THAT(decode<SignalRDecoder>(line), IsEmpty()) << line;
  EXPECT_THAT(decode<SignalRDecoder>(R"({"C":"d-1,1","S":1,"M":[]})"), ElementsAre("connected"));
}

// T5: packed topics of a snapshot are packed too. T6: SessionInfo tells whose state it is, so it goes in
// front.
TEST(SignalRDecoder, T5T6MakesAMessageOfEachTopicOfASnapshot) {
  EXPECT_THAT(
      decode<SignalRDecoder>(R"({"R":{"Heartbeat":{},"CarData.z":")" + test::pack("{}") +
                             R"(","SessionInfo":{"Key":1},"LapCount":null},"I":"1"})"),
      ElementsAre(R"(snapshot SessionInfo {"Key":1})", "snapshot Heartbeat {}", "snapshot CarData.z {}"));
}

TEST(SignalRDecoder, KeepsTheWholeTopicsOfACutSnapshot) {
  EXPECT_THAT(decode<SignalRDecoder>(R"({"R":{"Heartbeat":{},"SessionInfo":{"Key":1},"TimingData":{"Lines")"),
              ElementsAre(R"(snapshot SessionInfo {"Key":1})", "snapshot Heartbeat {}",
                          "broken : snapshot: message is cut off at byte 66"));
}

TEST(SignalRDecoder, SetsBrokenMessagesAsideAndKeepsTheOthersOfTheFrame) {
  const auto call = [](std::string_view arguments) {
    return fmt::format(R"({{"H":"Streaming","M":"feed","A":{}}})", arguments);
  };
  const std::string good = call(R"(["LapCount",{},"2030-01-01T12:00:01Z"])");
  EXPECT_THAT(
      decode<SignalRDecoder>(fmt::format(
          R"({{"M":[{},{},{},{}]}})", call(R"(["CarData.z","AAA","2030-01-01"])"),
          call(R"(["CarData.z","AAA","2030-01-01T12:00:01Z"])"), call(R"(["LapCount",{}])"), good)),
      ElementsAre(R"(broken CarData.z: not a UTC time: "2030-01-01")",
                  "broken CarData.z: payload is not base64", "broken LapCount: unexpected text at byte 14",
                  "LapCount {} 2030-01-01T12:00:01.000Z"));
  EXPECT_THAT(decode<SignalRDecoder>(fmt::format(R"({{"M":[{},{{"H":"Str)", good)),
              ElementsAre("LapCount {} 2030-01-01T12:00:01.000Z", "broken : message is cut off at byte 87"));
}

TEST(SignalRDecoder, DoesNotLoseAPieceOfAMessageInSilence) {
  EXPECT_THAT(decode<SignalRDecoder>(R"(s":{"4":{"InPit":true}}},"2030-01-01T12:00:01Z"]}]})"),
              ElementsAre("broken : not a message of this recording"));
}

TEST(SignalRDecoder, ReadsBothShapesOfUndercut) {
  EXPECT_THAT(
      decode<SignalRDecoder>(R"({  "H": "Streaming",  "M": "feed",  "A": ["LapCount",{  "CurrentLap": 3},)"
                             R"("2024-05-18T13:59:11.3884546Z"  ]})"),
      ElementsAre(R"(LapCount {  "CurrentLap": 3} 2024-05-18T13:59:11.388Z)"));
  EXPECT_THAT(decode<SignalRDecoder>(
                  R"({"Type":"LapCount","Json":{"CurrentLap":3},"DateTime":"2024-07-05T11:50:44.74+00:00"})"),
              ElementsAre(R"(LapCount {"CurrentLap":3} 2024-07-05T11:50:44.740Z)"));
  EXPECT_THAT(decode<SignalRDecoder>(R"({"Type":"LapCount","Json":{}})"),
              ElementsAre("broken LapCount: not a UTC time: \"\""));
  EXPECT_THAT(decode<SignalRDecoder>(R"({"Type":"LapCount","DateTime":"2024-07-05T11:50:44+00:00"})"),
              ElementsAre("broken LapCount: payload is empty"));
}

TEST(SignalRDecoder, LeavesTopicsUndecodedThatAreNotAskedFor) {
  EXPECT_THAT(
      decode<SignalRDecoder>(R"({"M":[{"M":"feed","A":["CarData.z","not packed","2030-01-01T12:00:01Z"]}],)"
                             R"("R":{"LapCount":{},"CarData.z":"neither"}})",
                             {"LapCount"}),
      ElementsAre("skipped CarData.z", "snapshot LapCount {}", "skipped CarData.z"));
}

// T3: messages end in 0x1E and share a frame.
TEST(SignalRCoreDecoder, T3TakesEveryMessageOfAFrame) {
  EXPECT_THAT(decode<SignalRCoreDecoder>(
                  "{}\x1e"
                  R"({"type":1,"target":"feed","arguments":["LapCount",{},"2030-01-01T12:00:01Z"]})"
                  "\x1e{\"type\":6}\x1e"
                  R"({"type":3,"invocationId":"0","result":{"Heartbeat":{},"SessionInfo":{}}})"
                  "\x1e"
                  R"({"arguments":["LapCount",{},"2030-01-01T12:00:02Z"],"target":"feed","type":1})"
                  "\x1e{\"type\":7}\x1e"),
              ElementsAre("connected", "LapCount {} 2030-01-01T12:00:01.000Z", "snapshot SessionInfo {}",
                          "snapshot Heartbeat {}", "LapCount {} 2030-01-01T12:00:02.000Z", "connected"));
}

TEST(SignalRCoreDecoder, SplitsFramesAtTheSeparatorAlone) {
  std::string_view frame = "{\"a\":1}\x1e{\"b\":2}\x1e\n{\"c\"", message;
  std::vector<std::string> messages;
  while (take_signalrcore_message(frame, message)) messages.emplace_back(message);
  EXPECT_THAT(messages, ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\""));
}

TEST(SignalRCoreDecoder, SaysWhatTheServerRefuses) {
  EXPECT_THAT(decode<SignalRCoreDecoder>(R"({"type":3,"invocationId":"0","error":"no such method"})"),
              ElementsAre(R"(broken : the server says: "no such method")"));
  EXPECT_THAT(decode<SignalRCoreDecoder>(R"({"type":3,"invocationId":"0","result":null})"), IsEmpty());
}

TEST(SignalRCoreDecoder, SetsACutMessageAside) {
  EXPECT_THAT(decode<SignalRCoreDecoder>(R"({"type":6})"
                                         "\x1e"
                                         R"({"type":1,"target":"feed","argum)"),
              ElementsAre("broken : message is cut off at byte 32"));
}

TEST(DumpDecoder, ReadsTheOffsetInFront) {
  DumpDecoder decoder{TopicFilter()};
  Entries entries;
  decoder.decode(R"(01:00:03.422{"stream":"LapCount","payload":{"CurrentLap":3}})", entries);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].message.payload, R"({"CurrentLap":3})");
  EXPECT_EQ(entries[0].offset, SessionTime(3'603'422));
  EXPECT_FALSE(entries[0].message.utc);
}

TEST(DumpDecoder, PassesOverItsFirstLineAndSetsTheRestAside) {
  EXPECT_THAT(decode<DumpDecoder>("URL: file/TeamRadio.jsonStream"), IsEmpty());
  EXPECT_THAT(decode<DumpDecoder>(R"(00:00:03.422{"stream":"LapCount","payl)"),
              ElementsAre("broken LapCount: message is cut off at byte 26"));
  EXPECT_THAT(decode<DumpDecoder>(R"(00:00:03.422{"stream":"LapCount"})"),
              ElementsAre("broken LapCount: payload is empty"));
  EXPECT_THAT(decode<DumpDecoder>(R"(00:00:03.422{"payload":{}})"),
              ElementsAre("broken : no topic in front"));
  EXPECT_THAT(decode<DumpDecoder>(R"(:03.422{"stream":"LapCount","payload":{}})"),
              ElementsAre("broken : not a message of this recording"));
}

TEST(NsDecoder, CutsReceiveTimesToMilliseconds) {
  EXPECT_THAT(decode<NsDecoder>(R"(1754142474596901782:LapCount:{"CurrentLap":3})"),
              ElementsAre(R"(LapCount {"CurrentLap":3} 2025-08-02T13:47:54.596Z)"));
}

TEST(NsDecoder, GivesTheSnapshotItsOwnTime) {
  EXPECT_THAT(decode<NsDecoder>(R"(1754142463842386497:init:{"Heartbeat":{},"SessionInfo":{}})"),
              ElementsAre("snapshot SessionInfo {} 2025-08-02T13:47:43.842Z",
                          "snapshot Heartbeat {} 2025-08-02T13:47:43.842Z"));
}

TEST(NsDecoder, SetsCutLinesAside) {
  EXPECT_THAT(decode<NsDecoder>("1754142474596901782:LapCount:"),
              ElementsAre("broken LapCount: payload is empty"));
  EXPECT_THAT(decode<NsDecoder>(R"(1754142474596901782:LapCount:{"Curr)"),
              ElementsAre("broken LapCount: payload is cut off"));
  EXPECT_THAT(decode<NsDecoder>(R"(4596901782:LapCount:{})"),
              ElementsAre("broken : not a message of this recording"));
  EXPECT_THAT(decode<NsDecoder>("listening"), IsEmpty());
}

TEST(SnapshotDecoder, ReadsADocumentOfAnyLayout) {
  EXPECT_THAT(
      decode<SnapshotDecoder>("{\n  \"Heartbeat\": {\n    \"_kf\": true\n  },\n  \"SessionInfo\": {}\n}\n"),
      ElementsAre("snapshot SessionInfo {}", "snapshot Heartbeat {\n    \"_kf\": true\n  }"));
  EXPECT_THAT(decode<SnapshotDecoder>(R"({"Heartbeat":{},"Sess)"),
              ElementsAre("snapshot Heartbeat {}", "broken : snapshot: message is cut off at byte 21"));
  EXPECT_THAT(decode<SnapshotDecoder>(R"({"Heartbeat":{}}{)"),
              ElementsAre("snapshot Heartbeat {}", "broken : unexpected text behind the end at byte 16"));
}

TEST(LooksLikeSnapshot, AsksForATopicOfTheFeed) {
  EXPECT_TRUE(looks_like_snapshot(R"({"ArchiveStatus":{},"Heartbeat":{)"));
  for (const char* text : {"", "{}", "[]", R"({"Meeting":{}})", R"({"Heartbeat":1})", R"({"Heartbeat")"})
    EXPECT_FALSE(looks_like_snapshot(text)) << text;
}

}  // namespace
}  // namespace slipstream::feed
