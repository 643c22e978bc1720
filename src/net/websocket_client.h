// A WebSocket to somebody else's server, blocking and behind plain types: libcurl makes the connection
// (names, proxy, TLS with verification), the protocol is websocket_frame.h's.
//
// Takes text messages only and offers no compression. Answers pings by itself while read() waits.
// Thread rule: one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/result.h"

namespace slipstream::net {

struct WebSocketTarget {
  std::string url;  // wss://..., or ws:// on this machine
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string ca_file = {};  // PEM; empty: the system's
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  // The largest real message, a snapshot with both .z topics, has 0.4 MB.
  std::size_t message_bytes_max = limits::message_bytes_max;
};

class WebSocketClient {
 public:
  // Errors: as fetch(); unavailable also where the server answers with another status than 101, which the
  // message names.
  static Result<std::unique_ptr<WebSocketClient>> connect(const WebSocketTarget& target,
                                                          const std::stop_token& stop = {});
  virtual ~WebSocketClient() = default;

  // The next message; nothing after `wait`, or when `stop` came. Errors: unavailable, the connection has
  // ended; malformed, the server broke the protocol. Messages that came before the end are given first.
  virtual Result<std::optional<std::string>> read(std::chrono::milliseconds wait,
                                                  const std::stop_token& stop) = 0;
  // Errors: unavailable.
  virtual Result<void> send(std::string_view text) = 0;
  // Sends a close frame and ends the connection.
  virtual void close() = 0;
};

}  // namespace slipstream::net
