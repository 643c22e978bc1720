#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "core/limits.h"
#include "net/server.h"
#include "net/test_client.h"

namespace slipstream::net {
namespace {

using test::Client;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::shared_ptr<const std::string> frame_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

constexpr auto deflate_offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

// A server whose WebSocket answers "echo X" with X, "close" by closing, and counts the rest.
class WebSocketTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.port = 0;
    Handlers handlers;
    handlers.accepts_websocket = [](const Request& request) { return request.path == "/ws/live"; };
    handlers.on_open = [this](std::shared_ptr<WebSocketPeer> peer, const Request& request) {
      const std::scoped_lock lock(mutex_);
      ++opened_[peer->id()];
      if (request.parameter("greet") == "1") peer->send(frame_of("hello"));
      peers_.push_back(std::move(peer));
    };
    handlers.on_message = [this](WebSocketPeer& peer, std::string_view text) {
      if (text.starts_with("echo ")) peer.send(frame_of(std::string(text.substr(5))));
      if (text == "close") peer.close();
      ++messages_;
    };
    handlers.on_close = [this](WebSocketPeer& peer) {
      EXPECT_FALSE(peer.send(frame_of("late")));
      const std::scoped_lock lock(mutex_);
      ++closed_[peer.id()];
    };
    auto server = start_server(options, std::move(handlers));
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }

  // A client with an open WebSocket, and the server's side of it.
  Client open(std::string_view headers = {}, int receive_buffer = 0) {
    Client client(server_->port(), receive_buffer);
    const auto answer = client.upgrade("/ws/live", headers);
    EXPECT_EQ(answer.status, 101) << answer.body;
    return client;
  }
  std::shared_ptr<WebSocketPeer> peer(std::size_t index) {
    wait_until([&] {
      const std::scoped_lock lock(mutex_);
      return peers_.size() > index;
    });
    const std::scoped_lock lock(mutex_);
    return peers_.at(index);
  }
  static void wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 10'000 && !condition(); ++i) std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(condition());
  }
  std::size_t closed_count() {
    const std::scoped_lock lock(mutex_);
    return closed_.size();
  }
  void expect_each_closed_once() {
    const std::scoped_lock lock(mutex_);
    EXPECT_EQ(opened_, closed_);
    for (const auto& [id, count] : closed_) EXPECT_EQ(count, 1) << id;
  }

  std::mutex mutex_;
  std::vector<std::shared_ptr<WebSocketPeer>> peers_;
  std::map<std::uint64_t, int> opened_, closed_;
  std::atomic<int> messages_ = 0;
  std::unique_ptr<Server> server_;
};

TEST_F(WebSocketTest, opens_with_the_key_of_the_standard_and_echoes) {
  start();
  Client client(server_->port());
  const auto answer = client.upgrade("/ws/live?greet=1");
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.header("Sec-WebSocket-Extensions"), "");
  EXPECT_EQ(client.read_message().payload, "hello");
  for (const std::size_t size : {0, 1, 125, 126, 60'000}) {
    const std::string text(size, 'a');
    client.send_text("echo " + text);
    const auto frame = client.read_message();
    EXPECT_EQ(frame.opcode, 1);
    EXPECT_TRUE(frame.payload == text) << size;
  }
}

TEST_F(WebSocketTest, large_frames_have_a_long_length) {
  start();
  auto client = open();
  peer(0)->send(frame_of(std::string(300'000, 'z')));
  EXPECT_EQ(client.read_message().payload.size(), 300'000u);
}

TEST_F(WebSocketTest, bytes_right_behind_the_request_are_read) {
  start();
  Client client(server_->port());
  client.send(
      "GET /ws/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      Client::frame(0x81, "echo early"));
  EXPECT_EQ(client.read_answer().status, 101);
  EXPECT_EQ(client.read_message().payload, "early");
}

TEST_F(WebSocketTest, compression_is_agreed_on_and_works_both_ways) {
  start();
  Client client(server_->port());
  const auto answer = client.upgrade("/ws/live", deflate_offer);
  EXPECT_EQ(answer.header("Sec-WebSocket-Extensions"),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\"speed_kmh\": " + std::to_string(200 + i) + ", ";
  for (int round = 0; round < 3; ++round) {
    client.send(Client::frame(0xc1, test::deflate_raw("echo " + text)));
    const auto frame = client.read_message();
    EXPECT_TRUE(frame.is_deflated);
    EXPECT_LT(frame.payload.size(), text.size() / 3);
    EXPECT_EQ(test::inflate_raw(frame.payload), text);
  }
  client.send(Client::frame(0x81, "echo short and plain"));
  const auto plain = client.read_message();
  EXPECT_FALSE(plain.is_deflated);
  EXPECT_EQ(plain.payload, "short and plain");
}

TEST_F(WebSocketTest, a_shared_frame_reaches_compressing_and_plain_clients) {
  start();
  auto compressing = open(deflate_offer), second = open(deflate_offer), plain = open();
  const auto frame = frame_of(std::string(5000, 'q'));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(peer(static_cast<std::size_t>(i))->send(frame));
  EXPECT_EQ(test::inflate_raw(compressing.read_message().payload), *frame);
  EXPECT_EQ(test::inflate_raw(second.read_message().payload), *frame);
  EXPECT_EQ(plain.read_message().payload, *frame);
}

TEST_F(WebSocketTest, a_malformed_handshake_is_refused) {
  start();
  const auto status = [&](std::string_view path, std::string_view headers) {
    return Client(server_->port()).upgrade(path, headers).status;
  };
  EXPECT_EQ(status("/other", ""), 404);
  EXPECT_EQ(status("/ws/live", "Sec-WebSocket-Key: short\r\n"), 400);
  const auto old = Client(server_->port()).upgrade("/ws/live", "Sec-WebSocket-Version: 8\r\n");
  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old.header("Sec-WebSocket-Version"), "13");
  EXPECT_EQ(server_->counters().websockets_open, 0u);
}

TEST_F(WebSocketTest, a_foreign_origin_is_refused_and_the_own_one_is_not) {
  ServerOptions options;
  options.allowed_hosts = {"timing.example"};
  start(options);
  const auto status = [&](const std::string& origin) {
    return Client(server_->port()).upgrade("/ws/live", "Origin: " + origin + "\r\n").status;
  };
  const auto own_port = std::to_string(server_->port());
  EXPECT_EQ(status("http://evil.example"), 403);
  EXPECT_EQ(status("null"), 403);
  EXPECT_EQ(status("http://127.0.0.1:1"), 403);            // another program of this machine
  EXPECT_EQ(status("http://localhost:" + own_port), 403);  // not the host that was asked for
  EXPECT_EQ(status("http://127.0.0.1.evil.example:" + own_port), 403);
  EXPECT_EQ(status("http://127.0.0.1:" + own_port), 101);
  EXPECT_EQ(status("https://timing.example"), 101);
  EXPECT_EQ(Client(server_->port()).upgrade("/ws/live", "Host: evil.example\r\n").status, 421);
}

TEST_F(WebSocketTest, a_ping_is_answered_and_the_server_pings) {
  ServerOptions options;
  options.timeouts.ping = 20ms;
  start(options);
  auto client = open();
  client.send(Client::frame(0x89, "are you there"));
  bool has_pong = false, has_ping = false;
  while (!has_pong || !has_ping) {
    const auto frame = client.read_frame();
    ASSERT_GE(frame.opcode, 0);
    has_ping = has_ping || frame.opcode == 9;
    has_pong = has_pong || (frame.opcode == 10 && frame.payload == "are you there");
  }
}

TEST_F(WebSocketTest, a_silent_peer_is_dropped) {
  ServerOptions options;
  options.timeouts.ping = 20ms;
  options.timeouts.silence = 60ms;
  start(options);
  auto client = open();
  EXPECT_EQ(client.read_message().opcode, -1);  // reads the pings but does not answer them
  wait_until([&] { return closed_count() == 1; });
  expect_each_closed_once();
}

TEST_F(WebSocketTest, closing_from_either_side_ends_with_one_on_close) {
  start();
  auto leaver = open();
  leaver.send(Client::frame(0x88, std::string("\x03\xe8", 2) + "bye"));
  EXPECT_EQ(leaver.read_message().close_code(), 1000);
  EXPECT_TRUE(leaver.is_at_end());
  auto bare = open();
  bare.send(Client::frame(0x88, ""));
  EXPECT_EQ(bare.read_message().payload, "");
  EXPECT_TRUE(bare.is_at_end());
  auto closed = open();
  closed.send_text("echo last words");
  closed.send_text("close");
  EXPECT_EQ(closed.read_message().payload, "last words");
  EXPECT_EQ(closed.read_message().close_code(), 1000);
  closed.send(Client::frame(0x88, std::string("\x03\xe8", 2)));
  EXPECT_TRUE(closed.is_at_end());
  auto gone = open();
  gone.hang_up();
  wait_until([&] { return closed_count() == 4; });
  expect_each_closed_once();
  EXPECT_FALSE(peer(3)->send(frame_of("nobody")));
  wait_until([&] { return server_->counters().connections_open == 0; });
}

TEST_F(WebSocketTest, a_peer_that_never_answers_a_close_frame_is_cut) {
  ServerOptions options;
  options.timeouts.stop = 30ms;
  start(options);
  auto client = open();
  peer(0)->close();
  EXPECT_EQ(client.read_message().close_code(), 1000);
  EXPECT_TRUE(client.is_at_end());
  wait_until([&] { return closed_count() == 1; });
}

TEST_F(WebSocketTest, broken_frames_close_with_the_code_of_the_standard) {
  start();
  const auto code_after = [&](std::string bytes, std::string_view headers = {}) {
    auto client = open(headers);
    client.send(bytes);
    const int code = client.read_message().close_code();
    EXPECT_TRUE(client.is_at_end());
    return code;
  };
  EXPECT_EQ(code_after(std::string("\x81\x02hi", 4)), 1002);  // not masked
  EXPECT_EQ(code_after(Client::frame(0xc1, "x")), 1002);      // compressed, not agreed on
  EXPECT_EQ(code_after(Client::frame(0x80, "x")), 1002);      // continues nothing
  EXPECT_EQ(code_after(Client::frame(0x09, "x")), 1002);      // a ping in pieces
  EXPECT_EQ(code_after(Client::frame(0x82, "x")), 1003);      // binary
  EXPECT_EQ(code_after(Client::frame(0x81, "\xff")), 1007);   // not UTF-8
  EXPECT_EQ(code_after(Client::frame(0xc1, "\xff\xff"), deflate_offer), 1007);
  EXPECT_EQ(code_after(Client::frame(0x81, std::string(limits::websocket_message_bytes_max + 1, 'x'))), 1009);
  const auto bomb = test::deflate_raw(std::string(10u << 20, 'x'));
  ASSERT_LT(bomb.size(), limits::websocket_message_bytes_max);
  EXPECT_EQ(code_after(Client::frame(0xc1, bomb), deflate_offer), 1009);
  EXPECT_EQ(messages_, 0);
  wait_until([&] { return closed_count() == 9; });
  expect_each_closed_once();
}

TEST_F(WebSocketTest, a_peer_that_does_not_read_gets_false_while_others_go_on) {
  start();
  auto slow = open({}, 4096);
  auto quick = open();
  const auto slow_peer = peer(0), quick_peer = peer(1);
  const auto frame = frame_of(std::string(200'000, 'f'));
  std::size_t sent_to_slow = 0;
  while (slow_peer->send(frame)) ++sent_to_slow;
  EXPECT_EQ(slow_peer->queued_frames(), limits::websocket_queue_frames_max);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(quick_peer->send(frame_of("tick")));
    EXPECT_EQ(quick.read_message().payload, "tick");
  }
  EXPECT_GE(server_->counters().frames_dropped, 1u);
  for (std::size_t i = 0; i < sent_to_slow; ++i) ASSERT_EQ(slow.read_message().payload.size(), frame->size());
  wait_until([&] { return slow_peer->queued_frames() == 0; });
  EXPECT_TRUE(slow_peer->send(frame_of("caught up")));
  EXPECT_EQ(slow.read_message().payload, "caught up");
}

TEST_F(WebSocketTest, two_hundred_clients_get_every_frame_in_order) {
  ServerOptions options;
  options.thread_count = 2;
  options.timeouts.stop = 100ms;  // nobody answers the close frames
  start(options);
  std::vector<Client> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(open(i % 2 == 0 ? deflate_offer : ""));
  std::vector<std::shared_ptr<WebSocketPeer>> peers;
  for (std::size_t i = 0; i < 200; ++i) peers.push_back(peer(i));
  EXPECT_EQ(server_->counters().websockets_open, 200u);
  for (int n = 0; n < 20; ++n) {
    const auto frame = frame_of(std::to_string(n) + std::string(1000, ' '));
    for (const auto& one : peers) EXPECT_TRUE(one->send(frame));
  }
  for (auto& client : clients) {
    for (int n = 0; n < 20; ++n) {
      auto frame = client.read_message();
      if (frame.is_deflated) frame.payload = test::inflate_raw(frame.payload);
      ASSERT_EQ(std::stoi(frame.payload), n);
      ASSERT_GE(frame.payload.size(), 1001u);
    }
  }
  wait_until([&] { return server_->counters().frames_sent == 4000; });
  server_->stop();
  EXPECT_EQ(clients[0].read_message().close_code(), 1001);
  expect_each_closed_once();
  EXPECT_EQ(closed_count(), 200u);
}

TEST_F(WebSocketTest, send_from_many_threads_while_peers_come_and_go) {
  ServerOptions options;
  options.thread_count = 2;
  start(options);
  std::atomic<bool> is_done = false;
  std::vector<std::jthread> senders;
  for (int t = 0; t < 2; ++t) {
    senders.emplace_back([&] {
      const auto frame = frame_of(std::string(600, 's'));
      while (!is_done) {
        std::vector<std::shared_ptr<WebSocketPeer>> peers;
        {
          const std::scoped_lock lock(mutex_);
          peers = peers_;
        }
        for (const auto& one : peers) one->send(frame);
        std::this_thread::sleep_for(1ms);
      }
    });
  }
  for (int i = 0; i < 60; ++i) {
    auto client = open(i % 2 == 0 ? deflate_offer : "");
    EXPECT_EQ(client.read_message().opcode, 1);
    if (i % 3 == 0) client.send(Client::frame(0x88, ""));
    if (i % 3 == 1) client.send_text("close");
  }
  wait_until([&] { return closed_count() == 60; });
  is_done = true;
  senders.clear();
  expect_each_closed_once();
}

TEST_F(WebSocketTest, stop_says_1001_and_peers_outlive_the_server) {
  start();
  auto polite = open();
  auto deaf = open({}, 4096);
  const auto survivor = peer(0);
  while (peer(1)->send(frame_of(std::string(200'000, 'd')))) {
  }
  std::jthread answerer([&] {
    EXPECT_EQ(polite.read_message().close_code(), 1001);
    polite.send(Client::frame(0x88, std::string("\x03\xe9", 2)));
    EXPECT_TRUE(polite.is_at_end());
  });
  server_.reset();
  answerer.join();
  expect_each_closed_once();
  EXPECT_EQ(closed_count(), 2u);
  EXPECT_FALSE(survivor->send(frame_of("too late")));
}

}  // namespace
}  // namespace slipstream::net
