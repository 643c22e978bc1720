#include "serve/web_app.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/metrics.h"
#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using ::testing::HasSubstr;

// gzip -9n of "body { }\n"
constexpr unsigned char css_gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
                                      0x4b, 0xca, 0x4f, 0xa9, 0x54, 0xa8, 0x56, 0xa8, 0xe5, 0x02,
                                      0x00, 0xb8, 0x9b, 0x75, 0xf1, 0x09, 0x00, 0x00, 0x00};
const std::string_view css_bytes(reinterpret_cast<const char*>(css_gzip), sizeof css_gzip);

const Asset page_assets[] = {
    {"/index.html", "text/html; charset=utf-8", "<p>page</p>", false, "aa", false},
    {"/assets/a-1f.css", "text/css; charset=utf-8", css_bytes, true, "bb", true},
};

net::Request get(std::string path, bool accepts_gzip = false) {
  net::Request request;
  request.method = "GET";
  request.path = std::move(path);
  request.accepts_gzip = accepts_gzip;
  return request;
}

TEST(Page, GivesTheIndexAtTheRootAndKeepsHashedFilesForEver) {
  const auto page = Page::make(page_assets);
  ASSERT_TRUE(page);
  const net::Response index = page->answer(get("/"));
  EXPECT_EQ(*index.body, "<p>page</p>");
  EXPECT_EQ(index.cache_control, "no-cache");
  EXPECT_EQ(index.etag, "aa");
  EXPECT_THAT(page->answer(get("/assets/a-1f.css")).cache_control, HasSubstr("immutable"));
  EXPECT_EQ(page->answer(get("/assets/none.css")).status, 404);
  EXPECT_EQ(page->answer(get("/../etc/passwd")).status, 404);
}

TEST(Page, DecompressesForWhoeverDoesNotTakeGzip) {
  const auto page = Page::make(page_assets);
  ASSERT_TRUE(page);
  const net::Response plain = page->answer(get("/assets/a-1f.css"));
  const net::Response gzip = page->answer(get("/assets/a-1f.css", true));
  EXPECT_EQ(*plain.body, "body { }\n");
  EXPECT_EQ(plain.content_encoding, "");
  EXPECT_EQ(*gzip.body, css_bytes);
  EXPECT_EQ(gzip.content_encoding, "gzip");
  EXPECT_NE(plain.etag, gzip.etag);
}

TEST(Page, RefusesADamagedAsset) {
  const Asset damaged[] = {{"/a.js", "text/javascript", css_bytes.substr(0, 20), true, "x", false}};
  const auto page = Page::make(damaged);
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("/a.js"));
}

TEST(Page, EmbeddedAssetsHaveAnIndex) {
  const auto page = Page::make(web_assets());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->answer(get("/")).status, 200);
  EXPECT_THAT(*page->answer(get("/")).body, HasSubstr("slipstream"));
}

TEST(Metrics, TellWhatWasMeasured) {
  Measurements measured;
  measured.hub.viewers = 3;
  measured.hub.frames_sent = 12;
  measured.tailer = TailerCounters{.records = {1, 2, 3, 4}, .undecodable = 5};
  measured.sessions.push_back({.session_key = SessionKey(9873),
                               .row = std::nullopt,
                               .mode = Mode::replay,
                               .edge_ms = 5000,
                               .newest_ms = 4200});
  const std::string text = encode_metrics(measured);
  for (const char* line :
       {"slipstream_viewers 3", "slipstream_frames_sent_total 12",
        "slipstream_records_total{topic=\"f1_tele\"} 4", "slipstream_records_undecodable_total 5",
        "slipstream_session_edge_lag_ms{session_key=\"9873\"} 800",
        "# TYPE slipstream_frames_sent_total counter"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_GT(process_memory_bytes(), 0);
}

// The whole answer to one request over a socket.
std::string fetch(std::uint16_t port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return "";
  }
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  std::string answer;
  char chunk[4096];
  if (write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    for (ssize_t n = read(fd, chunk, sizeof chunk); n > 0; n = read(fd, chunk, sizeof chunk)) {
      answer.append(chunk, static_cast<std::size_t>(n));
    }
  }
  close(fd);
  return answer;
}

TEST(WebApp, AnswersOnOnePort) {
  Hub hub(system_steady_clock());
  record::Session session;
  session.meeting_name = "Mexico City Grand Prix";
  session.source_kind = "archive";
  hub.add(test::record_of(session), 0);
  const auto bus = bus::make_memory_bus();
  auto app = WebApp::start(hub, bus.get(), {.port = 0}, page_assets);
  ASSERT_TRUE(app) << app.error().message;
  const std::uint16_t port = (*app)->port();
  EXPECT_THAT(fetch(port, "/"), HasSubstr("<p>page</p>"));
  EXPECT_THAT(fetch(port, "/api/health"), HasSubstr(R"({"status":"ok","version":")"));
  EXPECT_THAT(fetch(port, "/api/sessions"),
              HasSubstr(R"({"sessions":[{"session_key":9001,"meeting_name":"Mexico City Grand Prix")"));
  const std::string lap = "/api/lap-telemetry?driver=4&lap=best&session=";
  EXPECT_THAT(fetch(port, lap + "9001"), HasSubstr("there is no car 4"));
  EXPECT_THAT(fetch(port, lap + "1"), HasSubstr("404"));
  EXPECT_THAT(fetch(port, lap + "x"), HasSubstr("400"));
  EXPECT_THAT(fetch(port, "/metrics"), HasSubstr("slipstream_viewers 0"));
  EXPECT_THAT(fetch(port, "/api/status"), HasSubstr(R"({"pipeline":null,"next_session":null})"));
  EXPECT_THAT(fetch(port, "/ws/live"), HasSubstr("426"));
  EXPECT_THAT(fetch(port, "/nothing"), HasSubstr("404"));
  (*app)->stop();
  EXPECT_EQ(fetch(port, "/"), "");
}

TEST(WebApp, TellsWhatIsReportedToIt) {
  Hub hub(system_steady_clock());
  Reports reports;
  reports.pipeline = [] {
    Pipeline pipeline;
    pipeline.messages = 7;
    return pipeline;
  };
  auto app = WebApp::start(hub, nullptr, {.port = 0}, page_assets, std::move(reports));
  ASSERT_TRUE(app) << app.error().message;
  EXPECT_THAT(fetch((*app)->port(), "/api/status"), HasSubstr(R"({"pipeline":{"messages":7,)"));
}

TEST(WebApp, PortInUseIsAnErrorThatNamesIt) {
  Hub hub(system_steady_clock());
  auto first = WebApp::start(hub, nullptr, {.port = 0}, page_assets);
  ASSERT_TRUE(first);
  const std::uint16_t port = (*first)->port();
  const auto second = WebApp::start(hub, nullptr, {.port = port}, page_assets);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(port)));
}

}  // namespace
}  // namespace slipstream::serve
