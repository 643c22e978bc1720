#include "serve/web_app.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <mutex>

#include "core/json_writer.h"
#include "core/time.h"
#include "serve/metrics.h"

namespace slipstream::serve {
namespace {

constexpr std::chrono::milliseconds tick_wait{20};
constexpr std::string_view websocket_path = "/ws/live";
constexpr std::string_view lap_path = "/api/lap-telemetry";

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(number) : std::nullopt;
}

void write_session(JsonWriter& json, const SessionSummary& summary) {
  static const record::Session unknown;
  const record::Session& row = summary.row ? *summary.row : unknown;
  json.begin_object().field("session_key", summary.session_key.value).field("meeting_name", row.meeting_name);
  json.field("session_name", row.session_name).field("session_kind", row.session_kind);
  const auto start_date = row.start_date ? std::optional(format_utc(*row.start_date)) : std::nullopt;
  json.field("start_date", start_date);
  json.field("source_kind", row.source_kind.empty() ? std::nullopt : std::optional(row.source_kind));
  json.field("mode", to_string(summary.mode)).end_object();
}

}  // namespace

WebApp::WebApp(Private, Hub& hub, Page page)
    : hub_(hub), page_(std::move(page)), clock_(system_steady_clock()), started_at_ms_(clock_()) {}

WebApp::~WebApp() { stop(); }

Result<std::unique_ptr<WebApp>> WebApp::start(Hub& hub, bus::Bus* bus, const net::ServerOptions& options,
                                              std::span<const Asset> assets, Reports reports) {
  auto page = Page::make(assets);
  if (!page) return tl::make_unexpected(page.error());
  auto app = std::make_unique<WebApp>(Private{}, hub, std::move(*page));
  // Before the first request: both are part of the answers.
  app->reports_ = std::move(reports);
  if (bus != nullptr) {
    app->tailer_ = std::make_unique<Tailer>(*bus, hub, [raw = app.get()] { raw->news_.announce(); });
  }
  auto server = net::start_server(options, app->handlers());
  if (!server) return tl::make_unexpected(server.error());
  {
    const std::scoped_lock lock(app->server_mutex_);
    app->server_ = std::move(*server);
  }
  app->ticker_ = std::jthread([raw = app.get()](const std::stop_token& stop) { raw->tick_until(stop); });
  return app;
}

void WebApp::stop() {
  ticker_ = {};
  // Without the lock: handlers that are still running take it, and stop() waits for them.
  if (server_) server_->stop();
  tailer_.reset();
}

void WebApp::tick_until(const std::stop_token& stop) {
  std::uint64_t seen = 0;
  while (!stop.stop_requested()) {
    hub_.tick();
    seen = news_.wait(seen, tick_wait, stop);
  }
}

net::Handlers WebApp::handlers() {
  return {
      .on_request = [this](const net::Request& request) { return answer(request); },
      .accepts_websocket = [](const net::Request& request) { return request.path == websocket_path; },
      .on_open = [this](std::shared_ptr<net::WebSocketPeer> peer,
                        const net::Request&) { hub_.open(std::move(peer)); },
      .on_message = [this](net::WebSocketPeer& peer, std::string_view text) { hub_.receive(peer, text); },
      .on_close = [this](net::WebSocketPeer& peer) { hub_.close(peer); },
  };
}

net::Response WebApp::answer(const net::Request& request) const {
  if (request.method != "GET" && request.method != "HEAD")
    return net::Response::error(405, "only GET and HEAD");
  constexpr std::string_view json = "application/json";
  if (request.path == "/api/health") return net::Response::text(200, json, health());
  if (request.path == "/api/sessions") return net::Response::text(200, json, sessions());
  if (request.path == "/api/status") return net::Response::text(200, json, status());
  if (request.path == lap_path) return lap_telemetry(request);
  if (request.path == "/metrics") return net::Response::text(200, "text/plain; version=0.0.4", metrics());
  if (request.path == websocket_path) return net::Response::error(426, "this is a WebSocket");
  return page_.answer(request);
}

net::Response WebApp::lap_telemetry(const net::Request& request) const {
  const auto session_key = whole_number(request.parameter("session"));
  const auto driver_number = whole_number(request.parameter("driver"));
  const std::string_view until = request.parameter("until");
  const auto cursor_ms = whole_number(until);
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (!session_key || !driver_number || std::abs(*driver_number) > most || (!until.empty() && !cursor_ms))
    return net::Response::error(400, "session, driver and until are whole numbers");
  const auto answer = hub_.lap_telemetry(SessionKey(*session_key), static_cast<std::int32_t>(*driver_number),
                                         request.parameter("lap"), cursor_ms);
  if (answer) return net::Response::text(200, "application/json", *answer);
  return net::Response::error(answer.error().code == Errc::not_found ? 404 : 400, answer.error().message);
}

std::string WebApp::health() const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().field("status", "ok").field("version", SLIPSTREAM_VERSION);
  json.field("uptime_s", static_cast<std::int64_t>(uptime_s()));
  json.field("sessions", hub_.sessions().size()).field("viewers", hub_.counters().viewers).end_object();
  return text;
}

std::string WebApp::sessions() const {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("sessions").begin_array();
  for (const SessionSummary& summary : hub_.sessions()) write_session(json, summary);
  json.end_array().end_object();
  return text;
}

std::string WebApp::status() const {
  return encode_status(reports_.pipeline ? std::optional(reports_.pipeline()) : std::nullopt,
                       reports_.next_session ? std::optional(reports_.next_session()) : std::nullopt);
}

std::string WebApp::metrics() const {
  Measurements measured{.hub = hub_.counters(),
                        .sessions = hub_.sessions(),
                        .tailer = std::nullopt,
                        .server = {},
                        .feed = reports_.feed ? std::optional(reports_.feed()) : std::nullopt,
                        .uptime_s = uptime_s(),
                        .memory_bytes = process_memory_bytes()};
  if (tailer_) measured.tailer = tailer_->counters();
  const std::scoped_lock lock(server_mutex_);
  if (server_) measured.server = server_->counters();
  return encode_metrics(measured);
}

double WebApp::uptime_s() const { return static_cast<double>(clock_() - started_at_ms_) / 1000; }

}  // namespace slipstream::serve
