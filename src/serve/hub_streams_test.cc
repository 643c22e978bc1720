// Viewers who go away, come back or are slow: which frames they get.
#include <gtest/gtest.h>

#include "core/limits.h"
#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::FakePeer;

class HubStreams : public ::testing::Test, public test::TwoMinutes {};

TEST_F(HubStreams, BrowserThatComesBackGoesOnBehindTheNumberItHas) {
  add_two_minutes();
  edge(30'000);
  const auto stays = join();
  auto leaves = join();
  const test::Browser had = leaves->browser;
  const std::string hello = R"({"type":"hello","resume":{"stream":")" +
                            std::string(leaves->last().at("stream").as_string()) + R"(","number":)" +
                            std::to_string(leaves->last_number()) + "}}";
  hub.close(*leaves);
  for (int i = 1; i <= 5; ++i) {
    edge(30'000 + i * 1000);
    pass(100);
  }
  auto back = std::make_shared<FakePeer>(99);
  back->browser = had;
  hub.open(back);
  hub.receive(*back, hello);
  ASSERT_EQ(back->frames.size(), 5u);
  EXPECT_EQ(back->at(0).at("type"), "delta");
  EXPECT_EQ(back->browser.view(), stays->browser.view());
}

TEST_F(HubStreams, ResumeOfWhatIsNotKeptGetsASnapshot) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  const std::string stream(peer->last().at("stream").as_string());
  for (int i = 1; i <= 150; ++i) {
    edge(30'000 + i * 100);
    pass(100);
  }
  for (const std::string& resume :
       {R"({"stream":")" + stream + R"(","number":1})", R"({"stream":")" + stream + R"(","number":100000})",
        std::string(R"({"stream":"of another process","number":3})")}) {
    const auto back = join(R"({"type":"hello","resume":)" + resume + "}");
    ASSERT_EQ(back->frames.size(), 1u) << resume;
    EXPECT_EQ(back->last_type(), "snapshot");
    EXPECT_EQ(back->browser.view(), peer->browser.view());
  }
}

TEST_F(HubStreams, ViewerWithACursorOfTheirOwnFindsItAgainAfterABreak) {
  add_two_minutes();
  const auto peer = join();
  hub.receive(*peer, R"({"type":"seek","session_time_ms":70000})");
  hub.receive(*peer, R"({"type":"pause"})");
  pass(200);
  const std::string hello = R"({"type":"hello","resume":{"stream":")" +
                            std::string(peer->last().at("stream").as_string()) + R"(","number":3}})";
  hub.close(*peer);
  pass(20'000);
  const auto back = join(hello);
  EXPECT_EQ(back->last_type(), "snapshot");
  EXPECT_EQ(back->last_cursor(), 70'000);
  EXPECT_FALSE(back->browser.view().at("player").at("is_playing").as_bool());
  hub.close(*back);
  pass(61'000, 1000);
  EXPECT_EQ(join(hello)->last_cursor(), 20'000);
}

TEST_F(HubStreams, MissedNumberIsMendedByAnotherHello) {
  add_two_minutes();
  edge(30'000);
  const auto peer = join();
  const auto number = peer->last_number();
  const std::string stream(peer->last().at("stream").as_string());
  for (int i = 1; i <= 3; ++i) {
    edge(30'000 + i * 1000);
    pass(100);
  }
  peer->frames.clear();
  hub.receive(*peer, R"({"type":"hello","resume":{"stream":")" + stream + R"(","number":)" +
                         std::to_string(number + 1) + "}}");
  ASSERT_EQ(peer->frames.size(), 2u);
  EXPECT_EQ(peer->at(0).at("number"), number + 2);
}

TEST_F(HubStreams, SlowBrowserGetsNothingUntilItHasCaughtUpThenASnapshot) {
  add_two_minutes();
  edge(30'000);
  const auto slow = join(), quick = join();
  auto go_on = [&, ms = std::int64_t{30'000}](int frames) mutable {
    for (int i = 0; i < frames; ++i) {
      edge(ms += 200);
      pass(100);
    }
  };
  slow->queued = limits::websocket_queue_frames_max / 2 + 1;
  const std::size_t before = slow->frames.size();
  go_on(20);
  slow->queued = 1;
  go_on(5);
  EXPECT_EQ(slow->frames.size(), before);
  EXPECT_GE(hub.counters().frames_dropped, 20u);
  slow->queued = 0;
  go_on(1);
  EXPECT_EQ(slow->at(before).at("type"), "snapshot");
  EXPECT_EQ(slow->browser.view(), quick->browser.view());
  go_on(3);
  EXPECT_EQ(slow->last_type(), "delta");
  EXPECT_EQ(slow->browser.view(), quick->browser.view());
}

TEST_F(HubStreams, RefusedFrameIsFollowedByASnapshotAlsoForAnOwnCursor) {
  add_two_minutes();
  const auto peer = join();
  pass(500);
  peer->takes_frames = false;
  peer->queued = 32;
  pass(2'000);
  peer->takes_frames = true;
  peer->queued = 0;
  const std::size_t before = peer->frames.size();
  pass(300);
  EXPECT_EQ(peer->at(before).at("type"), "snapshot");
  EXPECT_EQ(peer->last_cursor(), 22'800);
}

}  // namespace
}  // namespace slipstream::serve
