#include "feed/live_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace slipstream::feed {
namespace {

using State = LiveProtocol::State;
using testing::ElementsAre;

constexpr std::string_view shaken = "{}\x1e";
constexpr std::string_view answered =
    "{\"type\":3,\"invocationId\":\"0\",\"result\":{\"Heartbeat\":{\"Utc\":\"x\"},\"SessionInfo\":{\"Key\":1}"
    "}}\x1e";

std::string feed_of(const std::string& topic, const std::string& payload) {
  return "{\"type\":1,\"target\":\"feed\",\"arguments\":[\"" + topic + "\"," + payload +
         ",\"2025-01-01T00:00:00Z\"]}\x1e";
}

LiveProtocol::Seen take(LiveProtocol& protocol, std::string_view frame) {
  std::string send;
  auto seen = protocol.take(frame, send);
  EXPECT_TRUE(seen.has_value());
  return seen.value_or(LiveProtocol::Seen{});
}

LiveProtocol live_one() {
  LiveProtocol protocol({"Heartbeat", "SessionInfo", "CarData.z"});
  protocol.open();
  take(protocol, shaken);
  take(protocol, answered);
  return protocol;
}

TEST(LiveProtocol, HandshakeThenSubscribeThenLive) {
  LiveProtocol protocol({"Heartbeat", "CarData.z"});
  EXPECT_EQ(protocol.open(), "{\"protocol\":\"json\",\"version\":1}\x1e");
  std::string send;
  ASSERT_TRUE(protocol.take(shaken, send).has_value());
  EXPECT_EQ(send,
            "{\"type\":1,\"invocationId\":\"0\",\"target\":\"Subscribe\",\"arguments\":[[\"Heartbeat\","
            "\"CarData.z\"]]}\x1e");
  EXPECT_EQ(protocol.state(), State::subscribing);
  const auto seen = take(protocol, answered);
  EXPECT_TRUE(seen.is_answered);
  EXPECT_EQ(protocol.state(), State::live);
  EXPECT_THAT(protocol.missing_topics(), ElementsAre("CarData.z"));
}

TEST(LiveProtocol, T1_AllKnownTopicsAreAskedForAndWhatDoesNotComeIsKnown) {
  LiveProtocol protocol(live_topics());
  protocol.open();
  std::string send;
  ASSERT_TRUE(protocol.take(shaken, send).has_value());
  for (const std::string& topic : live_topics()) EXPECT_NE(send.find("\"" + topic + "\""), std::string::npos);
  take(protocol, answered);
  EXPECT_EQ(protocol.missing_topics().size(), live_topics().size() - 2);
}

TEST(LiveProtocol, T3_SeveralMessagesShareAFrame) {
  LiveProtocol protocol({"Heartbeat"});
  protocol.open();
  const auto seen = take(protocol, std::string(shaken) + feed_of("Heartbeat", "{}") + std::string(answered) +
                                       feed_of("Heartbeat", "{}") + "{\"type\":6}\x1e");
  EXPECT_TRUE(seen.is_answered);
  EXPECT_TRUE(seen.has_ping);
  EXPECT_EQ(seen.feed_messages, 2u);
}

TEST(LiveProtocol, SessionInfoIsSeenInSnapshotAndFeed) {
  LiveProtocol protocol({"SessionInfo"});
  protocol.open();
  take(protocol, shaken);
  EXPECT_EQ(take(protocol, answered).session_info, "{\"Key\":1}");
  EXPECT_EQ(take(protocol, feed_of("SessionInfo", "{\"Key\":2}")).session_info, "{\"Key\":2}");
}

TEST(LiveProtocol, T13_TheFeedSaysWhenTheSessionIsOver) {
  auto protocol = live_one();
  EXPECT_FALSE(take(protocol, feed_of("SessionStatus", "{\"Status\":\"Finished\"}")).has_ended);
  EXPECT_TRUE(take(protocol, feed_of("SessionStatus", "{\"Status\":\"Finalised\"}")).has_ended);
  EXPECT_TRUE(take(protocol, feed_of("SessionStatus", "{\"Status\":\"Ends\",\"_kf\":true}")).has_ended);
  EXPECT_TRUE(take(protocol, feed_of("SessionInfo", "{\"SessionStatus\":\"Finalised\"}")).has_ended);
}

TEST(LiveProtocol, ASnapshotCanBeOfASessionThatIsOver) {
  LiveProtocol protocol({"SessionStatus"});
  protocol.open();
  take(protocol, shaken);
  EXPECT_TRUE(take(protocol,
                   "{\"type\":3,\"invocationId\":\"0\",\"result\":{\"SessionStatus\":"
                   "{\"Status\":\"Ends\"}}}\x1e")
                  .was_over);
}

TEST(LiveProtocol, AnEndInTheSnapshotIsOfASessionBefore) {
  LiveProtocol protocol({"SessionStatus"});
  protocol.open();
  take(protocol, shaken);
  EXPECT_FALSE(take(protocol,
                    "{\"type\":3,\"invocationId\":\"0\",\"result\":{\"SessionStatus\":"
                    "{\"Status\":\"Ends\"}}}\x1e")
                   .has_ended);
}

TEST(LiveProtocol, TheServerClosesAndSaysWhetherItWantsUsBack) {
  auto one = live_one(), another = live_one();
  EXPECT_EQ(take(one, "{\"type\":7}\x1e").must_close, false);
  EXPECT_EQ(take(another, "{\"type\":7,\"allowReconnect\":true}\x1e").must_close, true);
  EXPECT_EQ(one.state(), State::ended);
}

TEST(LiveProtocol, RefusalsCarryTheServersWords) {
  LiveProtocol protocol({"Heartbeat"});
  protocol.open();
  std::string send;
  const auto refused = protocol.take("{\"error\":\"no json here\"}\x1e", send);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_NE(refused.error().message.find("no json here"), std::string::npos);
  LiveProtocol other({"Heartbeat"});
  other.open();
  take(other, shaken);
  EXPECT_EQ(other.take("{\"type\":3,\"invocationId\":\"0\",\"error\":\"no\"}\x1e", send).error().code,
            Errc::unsupported);
}

TEST(LiveProtocol, WhatIsNoMessageIsLeftToTheDecoder) {
  auto protocol = live_one();
  const auto seen = take(protocol, "garbage\x1e{\"type\":\x1e[]\x1e" + feed_of("Heartbeat", "{}"));
  EXPECT_EQ(seen.feed_messages, 1u);
}

// Frames may end anywhere: what is seen in sum does not depend on it.
RC_GTEST_PROP(LiveProtocol, WhereFramesEndDoesNotMatter, ()) {
  const std::string all = std::string(shaken) + std::string(answered) + feed_of("Heartbeat", "{\"a\":1}") +
                          "{\"type\":6}\x1e" + feed_of("SessionStatus", "{\"Status\":\"Ends\"}");
  LiveProtocol protocol({"Heartbeat"});
  protocol.open();
  std::size_t messages = 0;
  bool has_ended = false;
  for (std::size_t at = 0; at < all.size();) {
    const auto count = *rc::gen::inRange<std::size_t>(1, all.size() - at + 1);
    const auto seen = take(protocol, std::string_view(all).substr(at, count));
    messages += seen.feed_messages;
    has_ended = has_ended || seen.has_ended;
    at += count;
  }
  RC_ASSERT(messages == 2u);
  RC_ASSERT(has_ended);
  RC_ASSERT(protocol.state() == State::live);
}

}  // namespace
}  // namespace slipstream::feed
