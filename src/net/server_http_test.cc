#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <atomic>
#include <thread>

#include "core/limits.h"
#include "net/server.h"
#include "net/test_client.h"

namespace slipstream::net {
namespace {

using test::Client;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

Response answer_to(const Request& request) {
  if (request.path == "/etag") {
    auto response = Response::text(200, "text/plain", "tagged");
    response.etag = "v1";
    response.cache_control = "public, max-age=60";
    return response;
  }
  if (request.path == "/gzip") {
    auto response = Response::text(200, "text/css", "not really gzip");
    if (request.accepts_gzip) response.content_encoding = "gzip";
    return response;
  }
  if (request.path == "/large") return Response::text(200, "text/plain", std::string(8u << 20, 'x'));
  if (request.path == "/evil") return Response::text(200, "text/html\r\nX-Evil: 1", "body");
  if (request.path == "/throw") return Response::text(200, "text/plain", std::string().substr(1));
  if (request.path == "/empty") return {204, {}, nullptr, {}, {}, {}, {}};
  return Response::text(
      200, "text/plain",
      request.method + " " + request.path + " " + std::string(request.parameter("q")) + "|" + request.body);
}

class HttpTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.port = 0;
    Handlers handlers;
    handlers.on_request = answer_to;
    auto server = start_server(options, std::move(handlers));
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
  }
  Client client() const { return Client(server_->port()); }
  int status_of(std::string_view bytes) const {
    auto sender = client();
    sender.send(bytes);
    return sender.read_answer().status;
  }

  std::unique_ptr<Server> server_;
};

TEST_F(HttpTest, answers_get_with_decoded_path_and_query) {
  start();
  const auto answer = client().get("/caf%C3%A9/a%2Fb?x=1&q=one+two%26&q=3");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "GET /caf\u00e9/a/b one two&|");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_THAT(answer.header("Date"), HasSubstr(" GMT"));
}

TEST_F(HttpTest, accepts_an_absolute_target_and_checks_its_host) {
  start();
  EXPECT_EQ(client().get("http://localhost/there").body, "GET /there |");
  EXPECT_EQ(client().get("http://evil.example/there").status, 421);
}

TEST_F(HttpTest, every_answer_has_the_security_headers) {
  start();
  for (const auto* target : {"/", "/etag", "/%zz"}) {
    const auto answer = client().get(target);
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'self'"));
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cross-Origin-Opener-Policy"), "same-origin");
  }
}

TEST_F(HttpTest, a_line_end_in_a_handlers_value_makes_no_header) {
  start();
  const auto answer = client().get("/evil");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("X-Evil"), "");
}

TEST_F(HttpTest, an_exception_in_a_handler_is_a_500_without_details) {
  start();
  const auto answer = client().get("/throw");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, R"({"error":"internal error"})");
}

TEST_F(HttpTest, post_gives_the_body_to_the_handler) {
  start();
  auto poster = client();
  poster.request("POST", "/p", {}, "some body");
  EXPECT_EQ(poster.read_answer().body, "POST /p |some body");
  poster.send(
      "POST /p HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(poster.read_answer().body, "POST /p |abcde");
}

TEST_F(HttpTest, a_client_that_asks_to_continue_is_told_so) {
  start();
  auto poster = client();
  poster.send("POST /p HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(poster.read_answer().status, 100);
  poster.send("ok");
  EXPECT_EQ(poster.read_answer().body, "POST /p |ok");
}

TEST_F(HttpTest, head_has_the_length_but_no_body) {
  start();
  auto header = client();
  header.request("HEAD", "/etag");
  const auto answer = header.read_answer(false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), "6");
  EXPECT_EQ(header.get("/next").body, "GET /next |");  // nothing of the body was in between
}

TEST_F(HttpTest, a_known_etag_gets_304) {
  start();
  auto getter = client();
  const auto first = getter.get("/etag");
  EXPECT_EQ(first.header("ETag"), "\"v1\"");
  EXPECT_EQ(first.header("Cache-Control"), "public, max-age=60");
  for (const auto* known : {"\"v1\"", "\"v0\", W/\"v1\"", "*"}) {
    const auto again = getter.get("/etag", "If-None-Match: " + std::string(known) + "\r\n");
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_EQ(again.header("ETag"), "\"v1\"");
    EXPECT_EQ(again.header("Content-Length"), "");
  }
  EXPECT_EQ(getter.get("/etag", "If-None-Match: \"v2\"\r\n").body, "tagged");
}

TEST_F(HttpTest, an_answer_without_content_has_no_length) {
  start();
  auto getter = client();
  const auto answer = getter.get("/empty");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Content-Length"), "");
  EXPECT_EQ(getter.get("/next").body, "GET /next |");
}

TEST_F(HttpTest, content_encoding_follows_what_the_client_accepts) {
  start();
  EXPECT_EQ(client().get("/gzip", "Accept-Encoding: br, gzip;q=0.5\r\n").header("Content-Encoding"), "gzip");
  EXPECT_EQ(client().get("/gzip", "Accept-Encoding: gzip;q=0\r\n").header("Content-Encoding"), "");
  EXPECT_EQ(client().get("/gzip").header("Vary"), "Accept-Encoding");
}

TEST_F(HttpTest, pipelined_requests_are_answered_in_order) {
  start();
  auto getter = client();
  std::string all;
  for (int i = 0; i < 50; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  getter.send(all);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(getter.read_answer().body, "GET /" + std::to_string(i) + " |");
}

TEST_F(HttpTest, connection_close_and_http_1_0_end_the_connection) {
  start();
  auto closer = client();
  EXPECT_EQ(closer.get("/", "Connection: close\r\n").header("Connection"), "close");
  EXPECT_TRUE(closer.is_at_end());
  auto old = client();
  old.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(old.read_answer().status, 200);
  EXPECT_TRUE(old.is_at_end());
}

TEST_F(HttpTest, malformed_requests_get_400) {
  start();
  const std::string host = "Host: localhost\r\n";
  EXPECT_EQ(status_of("hello\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /%00 HTTP/1.1\r\n" + host + "\r\n"), 400);
  EXPECT_EQ(status_of("GET /%zz HTTP/1.1\r\n" + host + "\r\n"), 400);
  EXPECT_EQ(status_of("GET /%ff HTTP/1.1\r\n" + host + "\r\n"), 400);
  EXPECT_EQ(status_of("GET /a/%2e%2e/b HTTP/1.1\r\n" + host + "\r\n"), 400);
  EXPECT_EQ(status_of("GET nopath HTTP/1.1\r\n" + host + "\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "Bad Header: 1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host +
                      "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\n" + host + "\r\n"), 505);
  EXPECT_EQ(status_of("DELETE / HTTP/1.1\r\n" + host + "\r\n"), 405);
  EXPECT_EQ(status_of("BREW / HTTP/1.1\r\n" + host + "\r\n"), 405);
  EXPECT_GE(server_->counters().requests_refused, 14u);
}

TEST_F(HttpTest, an_oversize_head_gets_431_and_an_oversize_body_413) {
  start();
  auto header = client();
  header.request("GET", "/", "X-Long: " + std::string(limits::request_header_bytes_max, 'a') + "\r\n");
  EXPECT_EQ(header.read_answer().status, 431);
  auto poster = client();
  poster.request("POST", "/", {}, std::string(limits::request_body_bytes_max + 1, 'b'));
  EXPECT_EQ(poster.read_answer().status, 413);
  auto chunks = client();
  chunks.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 17; ++i) chunks.send("10000\r\n" + std::string(0x10000, 'c') + "\r\n");
  EXPECT_EQ(chunks.read_answer().status, 413);
  auto fits = client();
  fits.request("POST", "/", {}, std::string(limits::request_body_bytes_max, 'b'));
  EXPECT_EQ(fits.read_answer().status, 200);
}

TEST_F(HttpTest, a_foreign_host_is_refused_with_advice) {
  start();
  const auto answer = client().get("/", "Host: evil.example:8080\r\n");
  EXPECT_EQ(answer.status, 421);
  EXPECT_THAT(answer.body,
              HasSubstr("host evil.example is not allowed; start with --allow-host evil.example"));
  EXPECT_EQ(client().get("/", "Host: LOCALHOST:1\r\n").status, 200);
  EXPECT_EQ(client().get("/", "Host: [::1]:99\r\n").status, 200);
  EXPECT_EQ(client().get("/", "Host: 10.0.0.1\r\n").status, 421);
}

TEST_F(HttpTest, an_allowed_host_is_served) {
  ServerOptions options;
  options.allowed_hosts = {"timing.example"};
  start(options);
  EXPECT_EQ(client().get("/", "Host: timing.example\r\n").status, 200);
  EXPECT_EQ(client().get("/", "Host: other.example\r\n").status, 421);
}

TEST_F(HttpTest, bound_to_all_it_serves_addresses_but_no_names) {
  ServerOptions options;
  options.address = "0.0.0.0";
  start(options);
  EXPECT_EQ(client().get("/", "Host: 192.168.1.5:8080\r\n").status, 200);
  EXPECT_EQ(client().get("/", "Host: evil.example\r\n").status, 421);
}

TEST_F(HttpTest, a_post_from_a_foreign_page_is_refused) {
  start();
  auto poster = client();
  poster.request("POST", "/", "Origin: http://evil.example\r\n", "x");
  EXPECT_EQ(poster.read_answer().status, 403);
  auto own = client();
  own.request("POST", "/", "Origin: http://" + own.own_host() + "\r\n", "x");
  EXPECT_EQ(own.read_answer().status, 200);
}

TEST_F(HttpTest, a_slow_head_is_hung_up_on) {
  ServerOptions options;
  options.timeouts.header = 50ms;
  start(options);
  auto slow = client();
  slow.send("GET / HTT");
  EXPECT_TRUE(slow.is_at_end());
}

TEST_F(HttpTest, an_idle_connection_is_hung_up_on) {
  ServerOptions options;
  options.timeouts.idle = 500ms;  // it also counts before the first request, on a busy machine too
  start(options);
  auto idle = client();
  EXPECT_EQ(idle.get("/").status, 200);
  EXPECT_TRUE(idle.is_at_end());
}

TEST_F(HttpTest, beyond_the_connection_limit_it_answers_503) {
  ServerOptions options;
  options.connections_max = 2;
  start(options);
  auto first = client(), second = client();
  EXPECT_EQ(first.get("/").status, 200);
  EXPECT_EQ(second.get("/").status, 200);
  EXPECT_EQ(client().read_answer().status, 503);
  EXPECT_EQ(first.get("/").status, 200);
}

TEST_F(HttpTest, a_reader_that_stops_does_not_block_others) {
  start();
  Client stuck(server_->port(), 4096);
  stuck.request("GET", "/large");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client().get("/").status, 200);
  EXPECT_EQ(stuck.read_answer().body.size(), 8u << 20);
}

TEST_F(HttpTest, stop_ends_idle_connections_lets_an_answer_end_and_may_be_called_twice) {
  start();
  auto idle = client();
  EXPECT_EQ(idle.get("/").status, 200);
  auto reader = client();
  reader.request("GET", "/large");
  std::jthread stopper([this] { server_->stop(); });
  const auto answer = reader.read_answer();
  EXPECT_TRUE(answer.status == 0 || answer.body.size() == 8u << 20);
  EXPECT_TRUE(idle.is_at_end());
  stopper.join();
  server_->stop();
  EXPECT_EQ(server_->counters().connections_open, 0u);
  // A test beside this one may be given the port anew, or the client its own end: but not each time.
  bool is_refused = false;
  for (int i = 0; i < 100 && !is_refused; ++i) {
    is_refused = !Client(server_->port()).is_connected();
    if (!is_refused) std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(is_refused);
}

TEST_F(HttpTest, stop_does_not_wait_for_a_reader_that_has_stopped) {
  ServerOptions options;
  options.timeouts.stop = 50ms;
  start(options);
  Client stuck(server_->port(), 4096);
  stuck.request("GET", "/large");
  while (server_->counters().bytes_sent == 0) std::this_thread::yield();
  server_->stop();
  EXPECT_EQ(server_->counters().connections_open, 0u);
}

TEST_F(HttpTest, several_threads_serve_many_clients) {
  ServerOptions options;
  options.thread_count = 3;
  start(options);
  std::atomic<int> good = 0;
  std::vector<std::jthread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      auto getter = client();
      for (int i = 0; i < 100; ++i) good += getter.get("/x").status == 200 ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(good, 800);
  EXPECT_EQ(server_->counters().requests, 800u);
}

TEST(StartServer, says_what_is_wrong_with_an_address) {
  auto first = start_server({.port = 0}, {});
  ASSERT_TRUE(first);
  const auto port = (*first)->port();
  const auto taken = start_server({.port = port}, {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Errc::unavailable);
  EXPECT_EQ(taken.error().message,
            "127.0.0.1:" + std::to_string(port) +
                ": address already in use; stop the program that listens there or choose another port");
  const auto foreign = start_server({.address = "192.0.2.1", .port = 8080}, {});
  ASSERT_FALSE(foreign);
  EXPECT_THAT(foreign.error().message, HasSubstr("192.0.2.1:8080: this machine has no such address"));
  const auto unknown = start_server({.address = "no.such.host.invalid", .port = 8080}, {});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("no.such.host.invalid:8080: the name cannot be resolved"));
}

TEST(StartServer, listens_on_names_and_on_both_kinds_of_address) {
  for (const auto* address : {"localhost", "127.0.0.1", "0.0.0.0", "::"}) {
    Handlers handlers;
    handlers.on_request = answer_to;
    auto server = start_server({.address = address, .port = 0}, std::move(handlers));
    if (!server && std::string_view(address) == "::") continue;  // a machine without IPv6
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_EQ(Client((*server)->port()).get("/").status, 200) << address;
  }
}

}  // namespace
}  // namespace slipstream::net
