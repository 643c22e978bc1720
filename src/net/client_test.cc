// HTTP and WebSocket client against the server of this module, plain and with TLS.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <atomic>
#include <cstdio>
#include <filesystem>

#include "net/http_client.h"
#include "net/server.h"
#include "net/websocket_client.h"

namespace slipstream::net {
namespace {

using namespace std::chrono_literals;

// A certificate for 127.0.0.1 that signs itself, made for this run.
class Certificate {
 public:
  Certificate() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const x509 = X509_new();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    X509_NAME* const name = X509_get_subject_name(x509);
    const auto* const text = reinterpret_cast<const unsigned char*>("stand-in");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    add(x509, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    add(x509, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x509, key, EVP_sha256());
    write("cert", [&](std::FILE* file) { PEM_write_X509(file, x509); });
    write("key",
          [&](std::FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
    X509_free(x509);
    EVP_PKEY_free(key);
  }
  ~Certificate() {
    for (const char* what : {"cert", "key"}) std::filesystem::remove(path(what));
  }
  std::string path(const std::string& what) const {
    return (std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + "-" + what + ".pem"))
        .string();
  }
  TlsFiles files() const { return {path("cert"), path("key")}; }

 private:
  static void add(X509* x509, int nid, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  void write(const std::string& what, Write write_it) const {
    std::FILE* const file = std::fopen(path(what).c_str(), "wb");
    ASSERT_NE(file, nullptr);
    write_it(file);
    std::fclose(file);
  }
};

Handlers echo_handlers() {
  Handlers handlers;
  handlers.on_request = [](const Request& request) {
    if (request.path == "/busy") {
      auto busy = Response::error(429, "busy");
      busy.headers.emplace_back("Retry-After", "7");
      return busy;
    }
    if (request.path == "/large") return Response::text(200, "text/plain", std::string(100'000, 'x'));
    auto response = Response::text(
        200, "text/plain", request.method + " " + std::string(request.header("x-say")) + " " + request.body);
    response.headers.emplace_back("Set-Cookie", "AWSALBCORS=abc; Path=/");
    return response;
  };
  handlers.accepts_websocket = [](const Request& request) { return request.path == "/echo"; };
  handlers.on_message = [](WebSocketPeer& peer, std::string_view text) {
    if (text == "cut") {
      peer.send_raw(std::string("\x81\x7f\0\0", 4));
      return peer.hang_up();
    }
    if (text == "close") return peer.close();
    peer.send(std::make_shared<const std::string>(text));
  };
  return handlers;
}

std::unique_ptr<Server> serve(ServerOptions options = {}) {
  options.port = 0;
  auto server = start_server(options, echo_handlers());
  EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().message);
  return server ? std::move(*server) : nullptr;
}

std::string at(const Server& server, const std::string& path, const std::string& scheme = "http") {
  return scheme + "://127.0.0.1:" + std::to_string(server.port()) + path;
}

TEST(HttpClient, SendsMethodHeadersAndBodyAndReadsCookies) {
  const auto server = serve();
  ClientRequest request{
      .method = "POST", .url = at(*server, "/x"), .headers = {{"X-Say", "hello"}}, .body = "b"};
  const auto answer = fetch(request);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "POST hello b");
  EXPECT_EQ(answer->cookie("AWSALBCORS"), "abc");
}

TEST(HttpClient, OptionsReachTheHandlerWhereTheServerTakesThem) {
  const auto plain = serve();
  EXPECT_EQ(fetch({.method = "OPTIONS", .url = at(*plain, "/x")})->status, 405);
  ServerOptions options;
  options.takes_options = true;
  const auto taking = serve(options);
  EXPECT_EQ(fetch({.method = "OPTIONS", .url = at(*taking, "/x")})->body, "OPTIONS  ");
}

TEST(HttpClient, EveryStatusIsAnAnswerAndRetryAfterIsRead) {
  const auto server = serve();
  const auto answer = fetch({.url = at(*server, "/busy")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->retry_after(), 7s);
}

TEST(HttpClient, ABodyLargerThanWantedIsAnError) {
  const auto server = serve();
  ClientRequest request{.url = at(*server, "/large")};
  request.body_bytes_max = 1000;
  const auto answer = fetch(request);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::malformed);
}

TEST(HttpClient, WithoutTlsOnlyThisMachineIsSpokenTo) {
  EXPECT_EQ(fetch({.url = "http://example.com/"}).error().code, Errc::unsupported);
  EXPECT_EQ(WebSocketClient::connect({.url = "ws://example.com/"}).error().code, Errc::unsupported);
  EXPECT_EQ(fetch({.url = "ftp://127.0.0.1/"}).error().code, Errc::malformed);
}

TEST(HttpClient, AHeaderWithALineEndIsRefused) {
  const ClientRequest request{.url = "http://127.0.0.1:1/", .headers = {{"A", "b\r\nC: d"}}};
  EXPECT_EQ(fetch(request).error().code, Errc::malformed);
}

TEST(HttpClient, ErrorsNameTheServerButNotWhatIsInTheUrl) {
  const auto answer = fetch({.url = "http://127.0.0.1:1/x?access_token=secret"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error().message.find("127.0.0.1:1"), std::string::npos);
  EXPECT_EQ(answer.error().message.find("secret"), std::string::npos);
}

TEST(WebSocketClient, TextOfEverySizeComesBack) {
  const auto server = serve();
  auto socket = WebSocketClient::connect({.url = at(*server, "/echo", "ws")});
  ASSERT_TRUE(socket.has_value()) << socket.error().message;
  for (const std::size_t size : {0u, 1u, 125u, 126u, 60'000u}) {
    const std::string text(size, 'a');
    ASSERT_TRUE((*socket)->send(text).has_value());
    const auto echo = (*socket)->read(10s, {});
    ASSERT_TRUE(echo.has_value() && *echo) << size;
    EXPECT_EQ(**echo, text);
  }
  EXPECT_FALSE(*(*socket)->read(1ms, {}));
}

TEST(WebSocketClient, ACutFrameIsTheEndAndNotAMessage) {
  const auto server = serve();
  auto socket = WebSocketClient::connect({.url = at(*server, "/echo", "ws")});
  ASSERT_TRUE(socket.has_value());
  ASSERT_TRUE((*socket)->send("cut").has_value());
  const auto read = (*socket)->read(10s, {});
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, Errc::unavailable);
}

TEST(WebSocketClient, TheServersCloseIsTheEnd) {
  const auto server = serve();
  auto socket = WebSocketClient::connect({.url = at(*server, "/echo", "ws")});
  ASSERT_TRUE(socket.has_value());
  ASSERT_TRUE((*socket)->send("close").has_value());
  const auto read = (*socket)->read(10s, {});
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().message.find("1000"), std::string::npos);
}

TEST(WebSocketClient, AnotherAnswerThan101IsNamed) {
  const auto server = serve();
  const auto socket = WebSocketClient::connect({.url = at(*server, "/nothing", "ws")});
  ASSERT_FALSE(socket.has_value());
  EXPECT_NE(socket.error().message.find("404"), std::string::npos) << socket.error().message;
}

TEST(Tls, ClientAndServerSpeakItWithACertificateThatIsTrusted) {
  const Certificate certificate;
  ServerOptions options;
  options.tls = certificate.files();
  const auto server = serve(options);
  const auto answer =
      fetch({.url = at(*server, "/large", "https"), .ca_file = certificate.files().certificate});
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->body.size(), 100'000u);
  auto socket = WebSocketClient::connect(
      {.url = at(*server, "/echo", "wss"), .ca_file = certificate.files().certificate});
  ASSERT_TRUE(socket.has_value()) << socket.error().message;
  const std::string text(50'000, 'b');
  ASSERT_TRUE((*socket)->send(text).has_value());
  const auto echo = (*socket)->read(10s, {});
  ASSERT_TRUE(echo.has_value() && *echo);
  EXPECT_EQ(**echo, text);
}

TEST(Tls, ACertificateThatNobodyKnowsIsRefused) {
  const Certificate certificate;
  ServerOptions options;
  options.tls = certificate.files();
  const auto server = serve(options);
  EXPECT_EQ(fetch({.url = at(*server, "/x", "https")}).error().code, Errc::unsupported);
  EXPECT_EQ(WebSocketClient::connect({.url = at(*server, "/echo", "wss")}).error().code, Errc::unsupported);
}

TEST(Tls, StoppingEndsConnectionsThatShakeNoHands) {
  const Certificate certificate;
  ServerOptions options;
  options.tls = certificate.files();
  const auto server = serve(options);
  const auto answer = fetch({.url = at(*server, "/x", "http")});  // not TLS
  EXPECT_FALSE(answer.has_value());
  server->stop();
}

TEST(Tls, FilesThatAreNotThereAreNamed) {
  ServerOptions options;
  options.port = 0;
  options.tls = TlsFiles{"/nowhere/cert.pem", "/nowhere/key.pem"};
  const auto server = start_server(options, {});
  ASSERT_FALSE(server.has_value());
  EXPECT_NE(server.error().message.find("/nowhere/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace slipstream::net
