// A stand-in for F1's servers: live timing over SignalR Core and the archive, from any source, with faults on
// request. It knows nothing of who listens; real clients record from it (tests/real_clients/).
//
//   OPTIONS, POST /signalrcore/negotiate      cookie AWSALBCORS; version 0 and 1
//   WebSocket     /signalrcore?id=...         Subscribe, feed, pings; topics by token
//   GET           /static/...                 static_site.h
//
// Source of what clients need: docs/live-client.md. Thread rule: any thread; it runs its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "net/server.h"
#include "simulate/faults.h"

namespace slipstream::simulate {

struct StandInOptions {
  std::vector<std::string> sources;  // played one after the other on the same sockets
  net::ServerOptions listen = {};
  std::optional<double> speed = 1.0;  // seconds of session a second; nothing: as fast as clients take it
  SessionTime from{};                 // what is before is in the first snapshot
  // The session stands still while nobody has subscribed, so that nobody misses anything by being away.
  bool waits_for_clients = false;
  Faults faults = {};
  std::chrono::milliseconds ping = std::chrono::seconds(15);
};

class StandIn {
 public:
  // Errors: those of open_source and start_server.
  static Result<std::unique_ptr<StandIn>> start(StandInOptions options);
  virtual ~StandIn() = default;

  virtual std::uint16_t port() const = 0;
  // Whether the last source has been played to its end.
  virtual bool has_ended() const = 0;
  // Messages played, and frames sent to clients, pings and answers included.
  virtual std::int64_t messages_played() const = 0;
  virtual std::int64_t frames_sent() const = 0;
  // Why it stopped before the end of its sources, if it did.
  virtual std::optional<Error> error() const = 0;
};

}  // namespace slipstream::simulate
