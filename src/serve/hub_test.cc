#include "serve/hub.h"

#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

class HubTest : public ::testing::Test, public test::TwoMinutes {};

TEST_F(HubTest, WaitsUntilThereIsASession) {
  const auto peer = join();
  EXPECT_EQ(peer->last_type(), "waiting");
  EXPECT_FALSE(peer->last().at("is_catching_up").as_bool());
  edge(0);
  add(test::timing(4, 0, 1), 0);
  pass(100);
  EXPECT_EQ(peer->last_type(), "snapshot");
}

TEST_F(HubTest, FinishedSessionOpensAtItsStartAndPlays) {
  add_two_minutes();
  hub.set_length(test::test_session, 200'000);
  const auto peer = join();
  EXPECT_EQ(peer->last_cursor(), 20'000);
  EXPECT_EQ(peer->browser.view().at("player").at("mode"), "archive");
  EXPECT_EQ(peer->browser.view().at("timeline").at("to_ms"), 200'000);
  EXPECT_EQ(position_of(*peer), 20);
  pass(5'000);
  EXPECT_EQ(peer->last_cursor(), 25'000);
  EXPECT_EQ(position_of(*peer), 25);
}

TEST_F(HubTest, ArchiveStopsAtItsEndAndPlaysOnAfterASeekBack) {
  add_two_minutes();
  const auto peer = join();
  hub.receive(*peer, R"({"type":"seek","session_time_ms":119500})");
  pass(2'000);
  EXPECT_EQ(peer->last_cursor(), 120'000);
  EXPECT_FALSE(peer->browser.view().at("player").at("is_playing").as_bool());
  hub.receive(*peer, R"({"type":"seek","session_time_ms":60000})");
  pass(1'000);
  EXPECT_EQ(peer->last_cursor(), 61'000);
}

TEST_F(HubTest, RunningSessionOpensAtItsEdgeAndFollowsIt) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  EXPECT_EQ(peer->last_cursor(), 30'000);
  EXPECT_TRUE(is_at_edge(*peer));
  edge(31'000);
  pass(100);
  EXPECT_EQ(peer->last_type(), "delta");
  EXPECT_EQ(peer->last_cursor(), 31'000);
  EXPECT_EQ(position_of(*peer), 31);
}

TEST_F(HubTest, RecordsOfTheEdgeComeWithoutWaitingForItToMove) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  add(test::timing(4, 30'000, 7), 30'000, 1);
  hub.tick();
  EXPECT_EQ(peer->last_type(), "delta");
  EXPECT_EQ(peer->last_cursor(), 30'000);
  EXPECT_EQ(position_of(*peer), 7);
  hub.tick();
  EXPECT_EQ(peer->frames.size(), 2u) << "once";
}

TEST_F(HubTest, TwentyFramesASecondAndAFewAtOnceBehindASilence) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  pass(500);
  const std::size_t before = peer->frames.size();
  std::int64_t edge_ms = 30'000;
  const auto run = [&](std::int64_t ms) {
    for (std::int64_t passed = 0; passed < ms; ++passed) {
      edge(++edge_ms);
      pass(1, 1);
    }
    return peer->frames.size() - before;
  };
  EXPECT_EQ(run(5), 5u);
  EXPECT_EQ(run(40), 5u) << "then evenly";
  EXPECT_EQ(run(955), 5u + 19u);
  EXPECT_EQ(run(1000), 5u + 39u);
}

TEST_F(HubTest, NothingBehindTheEdgeLeavesTheServer) {
  add_two_minutes();
  edge(30'500);
  const auto peer = join();
  for (const char* message : {R"({"type":"seek","session_time_ms":110000})", R"({"type":"speed","speed":60})",
                              R"({"type":"seek","session_time_ms":1000})", R"({"type":"play"})"}) {
    hub.receive(*peer, message);
    pass(10'000);
  }
  EXPECT_TRUE(is_at_edge(*peer));
  for (const auto& frame : peer->frames) {
    EXPECT_LE(test::json::parse(*frame).at("cursor_ms").as_int64(), 30'500);
    EXPECT_EQ(frame->find("at 31000"), std::string::npos);
    EXPECT_EQ(frame->find("at 110000"), std::string::npos);
  }
}

TEST_F(HubTest, ASessionOfWhichNothingMayBeSeenYetIsNotThere) {
  hub.set_delay(30'000);
  edge(-1, Mode::live, 1);
  add_two_minutes();
  const auto peer = join();
  pass(3'000);
  for (const auto& frame : peer->frames) EXPECT_NE(frame->find("waiting"), std::string::npos) << *frame;
  edge(20'500, Mode::live, 1);
  pass(100);
  const auto view = peer->browser.view();
  const auto& player = view.at("player").as_object();
  EXPECT_EQ(player.at("edge_ms"), 20'500);
  EXPECT_EQ(player.at("delay_ms"), 30'000);
}

TEST_F(HubTest, NothingBehindTheCursorLeavesTheServer) {
  add_two_minutes();
  const auto peer = join();
  hub.receive(*peer, R"({"type":"seek","session_time_ms":40000})");
  pass(3'000);
  hub.receive(*peer, R"({"type":"pause"})");
  pass(3'000);
  for (const auto& text : peer->frames) {
    const auto frame = test::json::parse(*text).as_object();
    const std::int64_t cursor_ms = frame.at("cursor_ms").as_int64();
    if (!frame.contains("race_control")) continue;
    for (const auto& item : frame.at("race_control").as_array()) {
      EXPECT_LE(item.at("session_time_ms").as_int64(), cursor_ms);
    }
  }
  EXPECT_EQ(peer->last_cursor(), 43'000);
}

TEST_F(HubTest, ViewersAtTheEdgeShareTheVerySameFrames) {
  add_two_minutes();
  edge(30'000);
  const auto a = join(), b = join();
  edge(31'000);
  pass(100);
  EXPECT_EQ(a->frames.back(), b->frames.back());
  EXPECT_EQ(a->browser.view(), b->browser.view());
}

TEST_F(HubTest, MakesAtLeastOneFrameASecond) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  pass(1'000);
  const std::size_t still = peer->frames.size();
  pass(5'000);
  EXPECT_GE(peer->frames.size() - still, 4u);
  EXPECT_LE(peer->frames.size() - still, 6u);
}

TEST_F(HubTest, PausedViewerStaysWhileTheOthersGoOn) {
  add_two_minutes();
  edge(30'000);
  const auto paused = join(), other = join();
  hub.receive(*paused, R"({"type":"pause"})");
  edge(50'000);
  pass(2'000);
  EXPECT_EQ(paused->last_cursor(), 30'000);
  EXPECT_FALSE(is_at_edge(*paused));
  EXPECT_EQ(paused->browser.view().at("player").at("edge_ms"), 50'000);
  EXPECT_EQ(other->last_cursor(), 50'000);
  hub.receive(*paused, R"({"type":"live"})");
  EXPECT_EQ(paused->last_type(), "snapshot");
  EXPECT_EQ(paused->browser.view(), other->browser.view());
}

TEST_F(HubTest, SpeedIsThatOfTheViewerAndCatchesUpWithTheEdge) {
  add_two_minutes();
  edge(60'000, Mode::live, 1);
  const auto peer = join();
  hub.receive(*peer, R"({"type":"seek","session_time_ms":20000})");
  hub.receive(*peer, R"({"type":"speed","speed":4})");
  pass(5'000);
  EXPECT_EQ(peer->last_cursor(), 40'000);
  pass(6'000);
  EXPECT_TRUE(is_at_edge(*peer));
  EXPECT_EQ(peer->browser.view().at("player").at("speed"), 1);
}

TEST_F(HubTest, SeekIsAnsweredAtOnceByASnapshotAndDraggingByTwentyASecond) {
  add_two_minutes();
  const auto peer = join();
  pass(1'000);
  hub.receive(*peer, R"({"type":"seek","session_time_ms":90000})");
  EXPECT_EQ(peer->last_type(), "snapshot");
  EXPECT_EQ(peer->last_cursor(), 90'000);
  const std::size_t before = peer->frames.size();
  for (int i = 0; i < 100; ++i) {
    hub.receive(*peer, R"({"type":"seek","session_time_ms":)" + std::to_string(50'000 + i) + "}");
    pass(10, 10);
  }
  EXPECT_LE(peer->frames.size() - before, 21u);
  pass(100, 20);
  EXPECT_GE(peer->last_cursor(), 50'099);
  EXPECT_LE(peer->last_cursor(), 50'300);
}

TEST_F(HubTest, NumbersCountByOneFromTheSnapshotOn) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  std::int64_t number = peer->last_number();
  for (int i = 1; i < 40; ++i) {
    edge(30'000 + i * 500);
    pass(100);
    EXPECT_EQ(peer->last_number(), ++number);
  }
}

TEST_F(HubTest, NonsenseIsAnsweredAndTheTenthEndsIt) {
  const auto peer = join();
  for (int i = 0; i < 9; ++i) hub.receive(*peer, "nonsense");
  EXPECT_EQ(peer->last_type(), "error");
  EXPECT_FALSE(peer->is_closed);
  hub.receive(*peer, R"({"type":"dance"})");
  EXPECT_TRUE(peer->is_closed);
}

TEST_F(HubTest, FirstMessageHasToBeHello) {
  add_two_minutes();
  const auto peer = join(R"({"type":"seek","session_time_ms":1})");
  EXPECT_EQ(peer->last_type(), "error");
  pass(2'000);
  EXPECT_EQ(peer->frames.size(), 1u);
}

TEST_F(HubTest, SessionThatIsNotThereIsSaidAndAwaited) {
  const auto peer = join(R"({"type":"hello","session_key":9001})");
  EXPECT_EQ(peer->at(0).at("type"), "error");
  EXPECT_EQ(peer->last_type(), "waiting");
  add_two_minutes();
  pass(100);
  EXPECT_EQ(peer->last_type(), "snapshot");
}

TEST_F(HubTest, WhatIsBeingPublishedIsShownBeforeTheNewestSession) {
  const auto add_session = [&](std::int64_t key, int start_s) {
    record::Session row;
    row.session_key = SessionKey(key);
    row.start_date = UtcTime(std::chrono::seconds(start_s));
    hub.add({"3.a", {}, row}, 0);
  };
  add_session(1, 100);
  add_session(2, 300);
  add_session(3, 200);
  EXPECT_EQ(join()->browser.view().at("session").at("session_key"), 2);
  hub.set_edge(SessionKey(3), 10, Mode::replay, 1);
  const auto follows = join();
  const auto fixed = join(R"({"type":"hello","session_key":3})");
  EXPECT_EQ(follows->browser.view().at("session").at("session_key"), 3);
  const auto sessions = hub.sessions();
  ASSERT_EQ(sessions.size(), 3u);
  EXPECT_EQ(sessions[0].session_key, SessionKey(2));
  EXPECT_EQ(sessions[2].session_key, SessionKey(1));
  // Another session begins: who asked for none goes along.
  hub.set_edge(SessionKey(1), 10, Mode::live, 1);
  pass(200);
  EXPECT_EQ(follows->browser.view().at("session").at("session_key"), 1);
  EXPECT_EQ(fixed->browser.view().at("session").at("session_key"), 3);
}

TEST_F(HubTest, ArchivesAreShownOnlyWhenTheLogHasBeenRead) {
  hub.set_catching_up(true);
  add_two_minutes();
  const auto peer = join();
  pass(500);
  EXPECT_EQ(peer->last_type(), "waiting");
  hub.set_catching_up(false);
  pass(100);
  EXPECT_EQ(peer->last_type(), "snapshot");
}

TEST_F(HubTest, ReplayThatBeginsLaterIsShownWhenAllBeforeIsPublishedAndRead) {
  hub.set_behind(true);
  add_two_minutes();
  hub.set_catching_up(false);
  hub.set_catching_up(false);
  const auto peer = join(R"({"type":"hello","session_key":9001})");
  pass(1'000);
  EXPECT_EQ(peer->last_type(), "waiting");
  EXPECT_TRUE(peer->last().at("is_catching_up").as_bool());
  edge(60'000);
  hub.set_behind(false);
  hub.set_catching_up(false);
  pass(1'000);
  EXPECT_EQ(peer->last_type(), "waiting");
  hub.set_catching_up(false);
  pass(100);
  EXPECT_EQ(peer->last_cursor(), 60'000);
  EXPECT_EQ(position_of(*peer), 60);
  hub.receive(*peer, R"({"type":"seek","session_time_ms":30000})");
  EXPECT_EQ(peer->last_cursor(), 30'000);
}

TEST_F(HubTest, LateRecordsReachViewersWhoHadPassedThem) {
  add_two_minutes();
  edge(30'000);
  const auto edge_viewer = join();
  edge(60'000);
  pass(200);
  add(test::driver(4, "NOR"), 25'000);
  pass(1'100);
  EXPECT_EQ(edge_viewer->browser.view().at("drivers").at("4").at("driver_code"), "NOR");
  const auto own = join();
  hub.receive(*own, R"({"type":"seek","session_time_ms":24999})");
  EXPECT_FALSE(own->browser.view().at("drivers").as_object().contains("4"));
}

TEST_F(HubTest, FinishedReplayBecomesAnArchiveAndItsViewersStay) {
  add_two_minutes();
  edge(110'000);
  const auto peer = join();
  edge(120'000, Mode::archive, 1);
  pass(200);
  EXPECT_EQ(peer->last_cursor(), 120'000);
  EXPECT_EQ(peer->browser.view().at("player").at("mode"), "archive");
  EXPECT_FALSE(peer->browser.view().at("player").at("is_playing").as_bool());
  hub.receive(*peer, R"({"type":"seek","session_time_ms":50000})");
  EXPECT_EQ(peer->last_cursor(), 50'000);
}

}  // namespace
}  // namespace slipstream::serve
