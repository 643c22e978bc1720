#include "feed/live_recorder.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <csignal>

#include "feed/live_decoder.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using test::TempFolder;
namespace fs = std::filesystem;

constexpr UtcTime at{std::chrono::sys_days(std::chrono::year(2025) / 3 / 16)};
const std::string info = R"({"Key":9693,"Name":"Race","StartDate":"2025-03-16T15:00:00"})";

std::string feed_of(const std::string& topic, const std::string& payload, int second) {
  return "{\"type\":1,\"target\":\"feed\",\"arguments\":[\"" + topic + "\"," + payload +
         ",\"2025-03-16T04:00:" + (second < 10 ? "0" : "") + std::to_string(second) + "Z\"]}\x1e";
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A recorder with what it appended, as a reader of the live session has it.
class Recorded {
 public:
  explicit Recorded(const fs::path& folder) : recorder({folder, std::chrono::milliseconds(0), true}) {}

  void take(const std::string& frame, const std::optional<std::string>& session_info = {},
            bool is_settled = true) {
    std::string bytes;
    std::optional<LiveRecorder::Begin> begin;
    LiveProtocol::Seen seen;
    seen.session_info = session_info;
    seen.was_over = was_over;
    recorder.take(at, frame, seen, is_settled, bytes, begin);
    if (begin) begins.push_back(*begin);
    appended += bytes;
  }
  void connect_to_session() {
    recorder.connect();
    take("{}\x1e", {}, false);
    take("{\"type\":3,\"invocationId\":\"0\",\"result\":{\"SessionInfo\":" + info + "}}\x1e", info);
  }

  LiveRecorder recorder;
  bool was_over = false;  // in the snapshot of what is connected to
  std::string appended;
  std::vector<LiveRecorder::Begin> begins;
};

std::vector<std::string> messages_of(Source& source) {
  std::vector<std::string> list;
  SourceItem item;
  while (*source.next(item)) {
    if (const auto* m = std::get_if<Message>(&item)) {
      list.push_back(std::to_string(m->session_time.count()) + " " + m->feed_topic + " " + m->payload + " " +
                     std::to_string(m->source_offset));
    } else {
      list.push_back("broken " + std::get<BrokenInput>(item).reason);
    }
  }
  return list;
}

std::vector<std::string> messages_of(const std::string& bytes, std::size_t piece) {
  LiveDecoder decoder;
  std::vector<std::string> list;
  SourceItem item;
  const auto drain = [&] {
    while (decoder.take(item)) {
      if (const auto* m = std::get_if<Message>(&item)) {
        list.push_back(std::to_string(m->session_time.count()) + " " + m->feed_topic + " " + m->payload +
                       " " + std::to_string(m->source_offset));
      } else {
        list.push_back("broken " + std::get<BrokenInput>(item).reason);
      }
    }
  };
  for (std::size_t i = 0; i < bytes.size(); i += piece) {
    decoder.push(std::string_view(bytes).substr(i, piece));
    drain();
  }
  decoder.end();
  drain();
  return list;
}

TEST(LiveRecorder, HasEveryFrameWithItsReceiptAndTheNameOfTheSession) {
  const TempFolder folder;
  Recorded session(folder.path());
  session.connect_to_session();
  session.take(feed_of("Heartbeat", "{}", 1));
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race.signalrcore.txt");
  const std::string text = read_file(session.recorder.path());
  EXPECT_EQ(text, session.appended);
  EXPECT_TRUE(text.starts_with("t 2025-03-16T00:00:00.000Z\n{}\x1e\n"));
  ASSERT_EQ(session.begins.size(), 1u);
}

TEST(LiveRecorder, ALoadOfTheFileGivesWhatTheDecoderGave) {
  const TempFolder folder;
  Recorded session(folder.path());
  session.connect_to_session();
  for (int i = 0; i < 20; ++i) session.take(feed_of("Heartbeat", "{\"n\":" + std::to_string(i) + "}", i));
  session.take("broken piece {\x1e");
  session.recorder.connect();
  session.take("{}\x1e", {}, false);
  session.take(feed_of("Heartbeat", "{\"early\":1}", 40), {}, false);  // T4: in front of the snapshot
  session.take("{\"type\":3,\"invocationId\":\"0\",\"result\":{\"SessionInfo\":" + info + "}}\x1e", info);
  session.take(feed_of("Heartbeat", "{\"late\":1}", 41));
  auto source = open_source(session.recorder.path().string());
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_EQ((*source)->info().format, "signalrcore");
  const auto loaded = messages_of(**source);
  EXPECT_EQ(loaded.size(), 25u);
  for (const std::size_t piece : {1u, 7u, 1000u, 100'000u})
    EXPECT_EQ(messages_of(session.appended, piece), loaded);
}

TEST(LiveRecorder, T6_ANewSessionOnTheSameSocketIsAnotherFile) {
  const TempFolder folder;
  Recorded session(folder.path());
  session.connect_to_session();
  session.take(feed_of("Heartbeat", "{}", 1));
  const fs::path first = session.recorder.path();
  const std::string next = R"({"Key":9694,"Name":"Race","StartDate":"2025-03-23T15:00:00"})";
  session.take(feed_of("SessionInfo", next, 2), next);
  EXPECT_EQ(session.begins.size(), 2u);
  EXPECT_FALSE(fs::exists(first));
  EXPECT_TRUE(fs::exists(first.string() + ".gz"));
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-23_9694_Race.signalrcore.txt");
  // A change of its status is of the same session.
  session.take(feed_of("SessionInfo", R"({"SessionStatus":"Started"})", 3), R"({"SessionStatus":"Started"})");
  EXPECT_EQ(session.begins.size(), 2u);
}

TEST(LiveRecorder, ARunThatWasKilledIsGoneOnWith) {
  const TempFolder folder;
  std::string before;
  {
    Recorded killed(folder.path());
    killed.connect_to_session();
    killed.take(feed_of("Heartbeat", "{}", 1));
    before = killed.appended;
  }
  Recorded session(folder.path());
  session.connect_to_session();
  ASSERT_EQ(session.begins.size(), 1u);
  EXPECT_EQ(session.begins[0].bytes_there, static_cast<std::int64_t>(before.size()) + 2);
  EXPECT_EQ(read_file(session.recorder.path()), before + "\x1e\n" + session.appended);
}

TEST(LiveRecorder, AClosedFileIsPackedAndNotWrittenToAgain) {
  const TempFolder folder;
  Recorded session(folder.path());
  session.connect_to_session();
  session.recorder.close();
  auto source = open_source(session.recorder.path().string() + ".gz");
  ASSERT_TRUE(source.has_value());
  session.connect_to_session();
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race-2.signalrcore.txt");
}

TEST(LiveRecorder, ASessionThatWasHeardToItsEndIsReadAgainAndNotAppendedToUntilItIsPacked) {
  const TempFolder folder;
  std::string before;
  {
    Recorded ended(folder.path());
    ended.connect_to_session();
    ended.take(feed_of("Heartbeat", "{}", 1));
    ended.recorder.finish();
    before = ended.appended;
  }
  Recorded session(folder.path());
  session.was_over = true;
  session.connect_to_session();
  ASSERT_EQ(session.begins.size(), 1u);
  EXPECT_TRUE(session.begins[0].is_whole);
  EXPECT_EQ(session.begins[0].bytes_there, static_cast<std::int64_t>(before.size()));
  EXPECT_EQ(session.appended, "");
  EXPECT_EQ(read_file(session.recorder.path()), before);
  session.recorder.finish();
  session.recorder.pack();
  EXPECT_FALSE(fs::exists(session.recorder.path()));
  EXPECT_TRUE(fs::exists(session.recorder.path().string() + ".gz"));
}

TEST(LiveRecorder, ASessionThatWasOverAndGoesOnIsAnotherRecording) {
  const TempFolder folder;
  Recorded ended(folder.path());
  ended.connect_to_session();
  ended.recorder.finish();
  Recorded session(folder.path());
  session.connect_to_session();
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race-2.signalrcore.txt");
}

TEST(LiveRecorder, ARunThatWasKilledInPackingLeavesNothingTwice) {
  const TempFolder folder;
  Recorded ended(folder.path());
  ended.connect_to_session();
  ended.recorder.finish();
  const fs::path plain = ended.recorder.path();
  folder.write(plain.filename().string() + ".gz", "packed");
  Recorded session(folder.path());
  session.was_over = true;
  session.connect_to_session();
  EXPECT_FALSE(fs::exists(plain));
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race-2.signalrcore.txt");
}

TEST(LiveRecorder, WhatARunRecordedBeforeItWasKilledAndKnewTheNameIsTheBeginningOfTheSession) {
  const TempFolder folder;
  std::string before;
  {
    Recorded killed(folder.path());
    killed.recorder.connect();
    killed.take("{}\x1e", {}, false);
    killed.take("{\"type\":3,\"invocationId\":\"0\",\"result\":{}}\x1e");
    before = killed.appended;
  }
  Recorded session(folder.path());
  session.connect_to_session();
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race.signalrcore.txt");
  EXPECT_EQ(read_file(session.recorder.path()), before + "\x1e\n" + session.appended);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(LiveRecorder, ANameThatComesLaterRenamesTheFile) {
  const TempFolder folder;
  Recorded session(folder.path());
  session.recorder.connect();
  session.take("{}\x1e", {}, false);
  session.take("{\"type\":3,\"invocationId\":\"0\",\"result\":{}}\x1e");
  session.take(feed_of("DriverList", "{}", 1));
  session.take(feed_of("SessionInfo", info, 1), info);
  EXPECT_EQ(session.recorder.path().filename(), "2025-03-16_9693_Race.signalrcore.txt");
  EXPECT_EQ(read_file(session.recorder.path()), session.appended);
  EXPECT_EQ(session.begins.size(), 1u);
}

TEST(LiveRecorder, AFullDiskStopsTheRecordingAndNotTheSession) {
  std::signal(SIGXFSZ, SIG_IGN);
  const TempFolder folder;
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  Recorded session(folder.path());
  session.connect_to_session();
  for (int i = 0; i < 50; ++i) session.take(feed_of("Heartbeat", "{}", i));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(session.recorder.is_failed());
  EXPECT_NE(session.recorder.error()->message.find("9693"), std::string::npos);
  EXPECT_EQ(messages_of(session.appended, 1000).size(), 51u);
}

TEST(LiveRecorder, WithoutAFolderNothingIsWritten) {
  Recorded session({});
  session.connect_to_session();
  session.take(feed_of("Heartbeat", "{}", 1));
  EXPECT_FALSE(session.recorder.is_failed());
  EXPECT_EQ(session.recorder.bytes_written(), 0);
  EXPECT_EQ(messages_of(session.appended, 1000).size(), 2u);
}

}  // namespace
}  // namespace slipstream::feed
