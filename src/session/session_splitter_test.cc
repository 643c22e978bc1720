#include "session/session_splitter.h"

#include <gtest/gtest.h>

namespace slipstream::session {
namespace {

constexpr const char* practice_1 =
    R"({"Key":9897,"Name":"Practice 1","Path":"2025/x/p1/","StartDate":"2025-09-19T12:30:00"})";
constexpr const char* practice_2 =
    R"({"Key":9898,"Name":"Practice 2","Path":"2025/x/p2/","StartDate":"2025-09-19T16:00:00"})";

// A source's messages, each at its second.
class Told {
 public:
  Belongs change(int at_s, const char* topic, const char* payload) {
    return tell(at_s, topic, payload, false);
  }
  Belongs snapshot(int at_s, const char* topic, const char* payload) {
    return tell(at_s, topic, payload, true);
  }
  SessionTime time() const { return std::get<feed::Message>(item_).session_time; }
  bool has_utc = true;

 private:
  Belongs tell(int at_s, const char* topic, const char* payload, bool is_snapshot) {
    feed::Message message;
    message.feed_topic = topic;
    message.session_time = std::chrono::seconds(at_s);
    message.payload = payload;
    message.is_snapshot = is_snapshot;
    if (has_utc) message.utc = UtcTime(std::chrono::seconds(1'700'000'000 + at_s));
    item_ = std::move(message);
    return splitter_.take(item_);
  }
  SessionSplitter splitter_;
  feed::SourceItem item_;
};

TEST(SessionSplitter, T6_AnotherKeyBeginsAnotherSession) {
  Told told;
  EXPECT_EQ(told.change(0, "Heartbeat", "{}"), Belongs::same_session);
  EXPECT_EQ(told.change(1, "SessionInfo", practice_1), Belongs::same_session) << "the first begins nothing";
  EXPECT_EQ(told.change(3600, "SessionInfo", practice_2), Belongs::next_session);
  EXPECT_EQ(told.time(), SessionTime(0));
  EXPECT_EQ(told.change(3607, "TimingData", "{}"), Belongs::same_session);
  EXPECT_EQ(told.time(), std::chrono::seconds(7)) << "session time counts from the session's first message";
}

TEST(SessionSplitter, TheSameSessionIsNamedAgainAtItsStartAndEnd) {
  Told told;
  told.change(0, "SessionInfo", practice_1);
  EXPECT_EQ(told.change(9, "SessionInfo", practice_1), Belongs::same_session);
  EXPECT_EQ(told.change(9, "SessionInfo", R"({"ArchiveStatus":{"Status":"Complete"}})"),
            Belongs::same_session);
  EXPECT_EQ(told.snapshot(99, "SessionInfo", practice_1), Belongs::same_session);
  EXPECT_EQ(told.time(), std::chrono::seconds(99));
}

TEST(SessionSplitter, L21_WithoutAKeyPathOrNameTell) {
  Told told;
  told.change(0, "SessionInfo", R"({"Key":-1,"Name":"Practice 1","Path":"2023/x/p1/"})");
  EXPECT_EQ(told.change(1, "SessionInfo", R"({"Key":-1,"Name":"Practice 1","Path":"2023/x/p1/"})"),
            Belongs::same_session);
  EXPECT_EQ(told.change(2, "SessionInfo", R"({"Key":-1,"Name":"Sprint","Path":"2023/x/s/"})"),
            Belongs::next_session);
  EXPECT_EQ(told.change(3, "SessionInfo", R"({"Name":"Race"})"), Belongs::next_session);
}

TEST(SessionSplitter, L22_AStartThatMovesIsTheSameSession) {
  Told told;
  told.change(0, "SessionInfo", R"({"Key":7,"Name":"Race","StartDate":"2026-05-03T16:00:00"})");
  EXPECT_EQ(told.change(1, "SessionInfo", R"({"Key":7,"Name":"Race","StartDate":"2026-05-03T13:00:00"})"),
            Belongs::same_session);
}

TEST(SessionSplitter, AStaleSnapshotOfASessionThatIsOverIsDropped) {
  Told told;
  told.snapshot(0, "SessionInfo", practice_1);
  told.snapshot(0, "TrackStatus", R"({"Status":"5"})");
  EXPECT_EQ(told.snapshot(60, "SessionInfo", practice_2), Belongs::next_session);
  EXPECT_EQ(told.snapshot(90, "SessionInfo", practice_1), Belongs::left_session);
  EXPECT_EQ(told.snapshot(90, "TrackStatus", R"({"Status":"5"})"), Belongs::left_session);
  EXPECT_EQ(told.change(91, "TrackStatus", R"({"Status":"1"})"), Belongs::same_session);
  EXPECT_EQ(told.time(), std::chrono::seconds(31));
}

TEST(SessionSplitter, OffsetsThatF1WroteStay) {
  Told told;
  told.has_utc = false;
  told.change(0, "SessionInfo", practice_1);
  EXPECT_EQ(told.change(3600, "SessionInfo", practice_2), Belongs::next_session);
  EXPECT_EQ(told.time(), std::chrono::seconds(3600));
}

TEST(SessionSplitter, ABrokenPieceIsPlacedInItsSession) {
  SessionSplitter splitter;
  const auto tell = [&](const char* payload, int at_s) {
    feed::Message message;
    message.feed_topic = "SessionInfo";
    message.payload = payload;
    message.session_time = std::chrono::seconds(at_s);
    message.utc = UtcTime(std::chrono::seconds(at_s));
    feed::SourceItem item = std::move(message);
    splitter.take(item);
  };
  tell(practice_1, 0);
  tell(practice_2, 60);
  feed::SourceItem item = feed::BrokenInput{7, "CarData.z", std::chrono::seconds(61), "cut", ""};
  EXPECT_EQ(splitter.take(item), Belongs::same_session);
  EXPECT_EQ(std::get<feed::BrokenInput>(item).session_time, std::chrono::seconds(1));
}

}  // namespace
}  // namespace slipstream::session
