// The server: the page, /api/health, /api/sessions, /api/status, /metrics and /ws/live on one port, for one
// hub.
//
//   auto app = WebApp::start(hub, &bus, {.port = 8080}, web_assets());
//
// With a bus, the log is read from its beginning and followed; without one, the hub is fed by the caller.
// Thread rule: start() runs the server's threads, one that ticks the hub and one that reads the bus; every
// function may be called from any thread. Hub and bus must outlive the app.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "bus/bus.h"
#include "core/result.h"
#include "core/wake.h"
#include "net/server.h"
#include "serve/asset.h"
#include "serve/hub.h"
#include "serve/metrics.h"
#include "serve/page.h"
#include "serve/status.h"
#include "serve/tailer.h"

namespace slipstream::serve {

// What the server tells of parts of the program that it does not know. Each may be empty, and is called on
// any thread.
struct Reports {
  std::function<FeedMeasurements()> feed = {};  // for /metrics
  std::function<Pipeline()> pipeline = {};
  std::function<NextSession()> next_session = {};
};

class WebApp {
 public:
  // Errors: unavailable, the address cannot be bound.
  static Result<std::unique_ptr<WebApp>> start(Hub& hub, bus::Bus* bus, const net::ServerOptions& options,
                                               std::span<const Asset> assets, Reports reports = {});
  ~WebApp();  // stops

  std::uint16_t port() const { return server_->port(); }
  void stop();
  // Something for viewers has changed besides the records.
  void look_soon() { news_.announce(); }

 private:
  struct Private {};  // only start() can name it, so only start() can construct

 public:
  WebApp(Private, Hub& hub, Page page);

 private:
  net::Handlers handlers();
  net::Response answer(const net::Request& request) const;
  void tick_until(const std::stop_token& stop);
  net::Response lap_telemetry(const net::Request& request) const;
  std::string health() const;
  std::string sessions() const;
  std::string status() const;
  std::string metrics() const;
  double uptime_s() const;

  Hub& hub_;
  Page page_;
  Reports reports_;
  SteadyClock clock_;
  std::int64_t started_at_ms_;
  Wake news_;
  std::unique_ptr<Tailer> tailer_;
  mutable std::mutex server_mutex_;  // a first request can come before start_server() has returned
  std::unique_ptr<net::Server> server_;
  std::jthread ticker_;
};

}  // namespace slipstream::serve
