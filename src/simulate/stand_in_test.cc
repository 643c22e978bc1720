// The stand-in as a client sees it byte by byte, without the client of ours but for its sockets.
#include "simulate/stand_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "net/http_client.h"
#include "net/websocket_client.h"
#include "simulate/static_site.h"
#include "simulate/test_support.h"

namespace slipstream::simulate {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view hello = "{\"protocol\":\"json\",\"version\":1}\x1e";
constexpr std::int64_t far_future = 4'000'000'000;

class Stage {
 public:
  explicit Stage(StandInOptions options = {}, int count = 20) {
    if (options.sources.empty()) options.sources = {test::small_archive(folder, count)};
    options.listen.port = 0;
    options.speed.reset();
    options.waits_for_clients = true;
    auto started = StandIn::start(std::move(options));
    EXPECT_TRUE(started.has_value());
    if (started) stand_in = std::move(*started);
  }

  std::string url(const std::string& path, const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(stand_in->port()) + path;
  }
  net::ClientAnswer get(const std::string& path, const std::string& method = "GET",
                        const std::vector<std::pair<std::string, std::string>>& headers = {}) const {
    auto answer = net::fetch({.method = method, .url = url(path), .headers = headers});
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(net::ClientAnswer{});
  }
  std::string negotiated(const std::string& query, const std::string& member) const {
    const auto answer = get("/signalrcore/negotiate" + query, "POST");
    simdjson::dom::parser parser;
    return std::string(std::string_view(parser.parse(answer.body)[member]));
  }
  std::unique_ptr<net::WebSocketClient> open(const std::string& token = {}) const {
    net::WebSocketTarget target{.url = url("/signalrcore?id=", "ws") +
                                       negotiated("?negotiateVersion=1", "connectionToken")};
    if (!token.empty()) target.headers.emplace_back("Authorization", "Bearer " + token);
    auto socket = net::WebSocketClient::connect(target);
    EXPECT_TRUE(socket.has_value()) << (socket ? "" : socket.error().message);
    return socket ? std::move(*socket) : nullptr;
  }

  test::TempFolder folder;
  std::unique_ptr<StandIn> stand_in;
};

std::string read(net::WebSocketClient& socket) {
  const auto text = socket.read(10s, {});
  EXPECT_TRUE(text.has_value() && *text);
  return text && *text ? **text : std::string();
}

std::string subscribe(net::WebSocketClient& socket, const std::string& topics) {
  EXPECT_TRUE(socket.send(hello).has_value());
  EXPECT_EQ(read(socket), "{}\x1e");
  EXPECT_TRUE(socket
                  .send("{\"target\":\"Subscribe\",\"arguments\":[[" + topics +
                        "]],\"invocationId\":\"a-1\",\"type\":1,\"headers\":{\"x\":\"y\"}}\x1e")
                  .has_value());
  return read(socket);
}

TEST(StandIn, NegotiatesAsVersion0And1AndSetsTheCookie) {
  const Stage stage;
  const auto options = stage.get("/signalrcore/negotiate", "OPTIONS");
  EXPECT_EQ(options.status, 204);
  EXPECT_FALSE(options.cookie("AWSALBCORS").empty());
  const auto zero = stage.get("/signalrcore/negotiate", "POST");
  EXPECT_THAT(zero.body, HasSubstr("\"negotiateVersion\":0"));
  EXPECT_THAT(zero.body, Not(HasSubstr("connectionToken")));
  EXPECT_FALSE(zero.cookie("AWSALBCORS").empty());
  const auto one = stage.get("/signalrcore/negotiate?negotiateVersion=1", "POST");
  EXPECT_THAT(one.body, HasSubstr("\"negotiateVersion\":1"));
  EXPECT_THAT(one.body, HasSubstr("connectionToken"));
  EXPECT_THAT(one.body, HasSubstr("\"transport\":\"WebSockets\""));
}

TEST(StandIn, TheSocketIsOpenedWithTheTokenOrInVersion0WithTheId) {
  const Stage stage;
  const auto id = stage.negotiated("", "connectionId"),
             other = stage.negotiated("?negotiateVersion=1", "connectionId");
  EXPECT_TRUE(net::WebSocketClient::connect({.url = stage.url("/signalrcore?id=", "ws") + id}).has_value());
  EXPECT_FALSE(
      net::WebSocketClient::connect({.url = stage.url("/signalrcore?id=", "ws") + other}).has_value());
  EXPECT_FALSE(net::WebSocketClient::connect({.url = stage.url("/signalrcore", "ws")}).has_value());
}

TEST(StandIn, AnswersWithTheStateAndThenEveryMessage) {
  const Stage stage({}, 20);
  auto socket = stage.open();
  const auto snapshot = subscribe(*socket, "\"SessionInfo\",\"TimingData\",\"CarData.z\",\"SessionStatus\"");
  EXPECT_EQ(snapshot, "{\"type\":3,\"invocationId\":\"a-1\",\"result\":{}}\x1e");
  std::string all;
  while (all.find("Ends") == std::string::npos) all += read(*socket);
  EXPECT_THAT(all, HasSubstr("\"arguments\":[\"SessionInfo\","));
  EXPECT_THAT(all, HasSubstr("\"arguments\":[\"TimingData\",{\"Lines\":{\"4\":{\"n\":\"19\",\"at4\":19}}},"
                             "\"2025-03-16T02:01:19.900Z\"]"));
  EXPECT_THAT(all, Not(HasSubstr("CarData.z")));  // no token
  EXPECT_THAT(all, Not(HasSubstr("Heartbeat")));  // not asked for
}

TEST(StandIn, BeginsWhereItIsToldWithWhatWasBeforeAsState) {
  StandInOptions options;
  options.from = SessionTime(1850);
  const Stage stage(std::move(options), 20);
  auto socket = stage.open();
  const auto snapshot = subscribe(*socket, "\"SessionInfo\",\"TimingData\"");
  EXPECT_THAT(snapshot, HasSubstr("\"TimingData\":{\"Lines\":{\"4\":{\"n\":\"8\",\"at0\":5,"));
  EXPECT_THAT(read(*socket), HasSubstr("\"n\":\"9\""));
}

TEST(StandIn, TopicsThatNeedATokenComeWithAGoodOneOnly) {
  for (const auto& [token, comes] :
       std::vector<std::pair<std::string, bool>>{{test::token_until(far_future), true},
                                                 {test::token_until(1), false},
                                                 {"fake-token", false},
                                                 {"", false}}) {
    StandInOptions options;
    options.from = SessionTime(1850);
    const Stage stage(std::move(options), 20);
    auto socket = stage.open(token);
    const auto snapshot = subscribe(*socket, "\"TimingData\",\"CarData.z\"");
    EXPECT_THAT(snapshot, HasSubstr("TimingData")) << token;
    EXPECT_EQ(snapshot.find("CarData.z") != std::string::npos, comes) << token;
  }
}

TEST(StandIn, AnExpiredTokenAsAFaultGetsTheFreeTopics) {
  StandInOptions options;
  options.from = SessionTime(1850);
  options.faults = *parse_faults("expired-token", 1);
  const Stage stage(std::move(options), 20);
  auto socket = stage.open(test::token_until(far_future));
  EXPECT_THAT(subscribe(*socket, "\"TimingData\",\"CarData.z\""), Not(HasSubstr("CarData.z")));
}

TEST(StandIn, Version0OfTheHandshakeIsTakenAndAnotherProtocolRefused) {
  const Stage stage;
  auto zero = stage.open();
  ASSERT_TRUE(zero->send("{\"protocol\": \"json\", \"version\": 0}\x1e").has_value());
  EXPECT_EQ(read(*zero), "{}\x1e");
  auto other = stage.open();
  ASSERT_TRUE(other->send("{\"protocol\":\"messagepack\",\"version\":1}\x1e").has_value());
  EXPECT_THAT(read(*other), HasSubstr("\"error\""));
  EXPECT_FALSE(other->read(10s, {}).has_value());
}

TEST(StandIn, UnknownMethodsAreAnErrorAndPingsAreNone) {
  const Stage stage;
  auto socket = stage.open();
  ASSERT_TRUE(socket->send(hello).has_value());
  EXPECT_EQ(read(*socket), "{}\x1e");
  ASSERT_TRUE(
      socket
          ->send(
              "{\"type\":6}\x1e{\"type\":1,\"invocationId\":\"7\",\"target\":\"Nope\",\"arguments\":[]}\x1e")
          .has_value());
  EXPECT_THAT(read(*socket), HasSubstr("\"invocationId\":\"7\",\"error\":\"Method does not exist"));
}

TEST(StandIn, PingsWhoHasShakenHands) {
  StandInOptions options;
  options.ping = 10ms;
  const Stage stage(std::move(options));
  auto socket = stage.open();
  ASSERT_TRUE(socket->send(hello).has_value());
  EXPECT_EQ(read(*socket), "{}\x1e");
  EXPECT_EQ(read(*socket), "{\"type\":6}\x1e");
}

TEST(StandIn, RefusalsComeSoOftenAsAskedFor) {
  StandInOptions options;
  options.faults = *parse_faults("401,503,429=1", 1);
  const Stage stage(std::move(options));
  EXPECT_EQ(stage.get("/signalrcore/negotiate", "POST").status, 401);
  EXPECT_EQ(stage.get("/static/2025/Index.json").status, 503);
  const auto busy = stage.get("/signalrcore/negotiate", "POST");
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.retry_after(), 1s);
  EXPECT_EQ(stage.get("/signalrcore/negotiate", "POST").status, 200);
}

TEST(StandIn, TheNextSourceComesOnTheSameSocket) {
  test::TempFolder folder;
  StandInOptions options;
  options.sources = {test::small_archive(folder, 3, 77), test::small_archive(folder, 3, 78)};
  const Stage stage(std::move(options));
  auto socket = stage.open();
  subscribe(*socket, "\"SessionInfo\",\"SessionStatus\"");
  std::string all;
  while (all.find("\"Key\":78") == std::string::npos) all += read(*socket);
  EXPECT_LT(all.find("\"Key\":77"), all.find("Ends"));
  EXPECT_LT(all.find("Ends"), all.find("\"Key\":78"));
}

TEST(StandIn, ServesTheArchiveWithRangesAndETags) {
  const Stage stage;
  const auto index = stage.get("/static/2025/Index.json");
  EXPECT_THAT(index.body, HasSubstr("\"Path\":\"2025/2025-03-16_Test_Grand_Prix/2025-03-16_Race/\""));
  EXPECT_THAT(index.body, HasSubstr("\"Name\":\"Test Grand Prix\""));
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(index.body.substr(3)).error(), simdjson::SUCCESS) << index.body;
  const std::string session = "/static/2025/2025-03-16_Test_Grand_Prix/2025-03-16_Race/";
  EXPECT_THAT(stage.get(session + "Index.json").body, HasSubstr("\"StreamPath\":\"TimingData.jsonStream\""));
  const auto whole = stage.get(session + "TimingData.jsonStream");
  EXPECT_TRUE(whole.body.starts_with("00:00:01.000{\"Lines\""));
  const std::string tag(whole.header("ETag"));
  EXPECT_EQ(stage.get(session + "TimingData.jsonStream", "GET", {{"If-None-Match", tag}}).status, 304);
  const auto part = stage.get(session + "TimingData.jsonStream", "GET", {{"Range", "bytes=10-19"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, whole.body.substr(10, 10));
  const auto rest =
      stage.get(session + "TimingData.jsonStream", "GET", {{"Range", "bytes=10-"}, {"If-Range", tag}});
  EXPECT_EQ(rest.body, whole.body.substr(10));
  EXPECT_EQ(
      stage.get(session + "TimingData.jsonStream", "GET", {{"Range", "bytes=1-"}, {"If-Range", "\"x\""}})
          .status,
      200);
  EXPECT_EQ(stage.get(session + "TimingData.jsonStream", "GET", {{"Range", "bytes=999999-"}}).status, 416);
  EXPECT_EQ(stage.get(session + "None.jsonStream").status, 404);
}

TEST(StandIn, T10_AnArchiveThatIsLateIsForbiddenUntilThen) {
  StandInOptions options;
  options.faults = *parse_faults("late-archive=0.05", 1);
  const Stage stage(std::move(options), 3);
  const std::string file = "/static/2025/2025-03-16_Test_Grand_Prix/2025-03-16_Race/SessionInfo.jsonStream";
  EXPECT_EQ(stage.get(file).status, 403);
  auto socket = stage.open();
  subscribe(*socket, "\"SessionStatus\"");
  while (stage.get(file).status == 403) {
  }
  EXPECT_EQ(stage.get(file).status, 200);
  EXPECT_TRUE(stage.stand_in->has_ended());
}

TEST(Faults, AreTheSameForTheSameSeedAndAsOftenAsAskedFor) {
  const auto faults = *parse_faults("drop=0.1,slow,stall-time=2.5", 7);
  EXPECT_TRUE(faults.is_slow);
  EXPECT_EQ(faults.stall_time, 2500ms);
  int count = 0;
  for (int i = 0; i < 10'000; ++i) {
    const bool strikes = faults.strikes(Faults::Kind::drop, faults.drop, i);
    EXPECT_EQ(strikes, faults.strikes(Faults::Kind::drop, faults.drop, i));
    count += strikes ? 1 : 0;
  }
  EXPECT_NEAR(count, 1000, 150);
}

TEST(Faults, WhatIsNoneIsNamedWithThoseThereAre) {
  EXPECT_THAT(parse_faults("rain", 1).error().message, HasSubstr("late-archive"));
  EXPECT_FALSE(parse_faults("drop=2", 1).has_value());
  EXPECT_FALSE(parse_faults("drop=x", 1).has_value());
  EXPECT_TRUE(parse_faults("", 1).has_value());
}

}  // namespace
}  // namespace slipstream::simulate
