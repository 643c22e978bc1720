// The connection to F1's live timing, or to something that speaks like it: connects, subscribes, hands out
// every frame with the time of its receipt, and connects again when the connection is lost or falls silent.
//
// What is said on the wire is live_protocol.h's; the order of OPTIONS, negotiate and socket, cookie and token
// is docs/live-client.md's (T1, T2). Thread rule: run() on one thread; counters() from any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "feed/live_backoff.h"
#include "feed/live_protocol.h"
#include "feed/token_file.h"
#include "net/websocket_client.h"

namespace slipstream::feed {

inline constexpr std::string_view f1_live_url = "https://livetiming.formula1.com/signalrcore";

struct LiveClientOptions {
  std::string url = std::string(f1_live_url);  // of the hub; http:// on this machine only
  std::string token_file = {};                 // token_file.h
  std::string ca_file = {};                    // PEM; empty: the system's
  std::vector<std::string> topics = live_topics();
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  // Without a frame for so long the connection counts as lost: three pings of the server.
  std::chrono::milliseconds silence = std::chrono::seconds(45);
  std::chrono::milliseconds ping = std::chrono::seconds(15);
  // How long the session is listened to behind its end ("Ends"), for late results.
  std::chrono::milliseconds end_grace = std::chrono::seconds(20);
  bool ends_with_session = true;  // false: wait for the next one on the same socket
  BackoffOptions backoff = {};
};

struct LiveCounts {
  std::int64_t frames = 0, messages = 0, bytes = 0, connections = 0, failed_tries = 0, silences = 0;
};

class LiveClient {
 public:
  struct Frame {
    UtcTime at{};
    std::string text;
    LiveProtocol::Seen seen;
    bool is_first = false;    // of its connection
    bool is_settled = false;  // the snapshot of its connection has come
  };
  struct Handlers {
    // False: stop. Called on run()'s thread, as is on_note.
    std::function<bool(const Frame&)> on_frame;
    // What a person should know: connected, lost, what is missing without a token.
    std::function<void(const std::string&)> on_note;
    // Asked behind on_frame: false while there is no session that could end. Empty: there always is.
    std::function<bool()> has_session = {};
  };

  LiveClient(LiveClientOptions options, Handlers handlers);

  // Returns when the session has ended, when `stop` came or on_frame wanted no more. Errors: unsupported, the
  // server refuses the protocol or its certificate is not trusted; malformed, the URL. Everything else is
  // tried again, for ever.
  Result<void> run(const std::stop_token& stop);
  LiveCounts counts() const;
  bool is_connected() const { return is_connected_; }

 private:
  enum class Outcome { lost, ended, stopped };
  struct Door {  // what negotiate gives
    std::string socket_url;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  Result<Outcome> connect(const std::stop_token& stop);
  Result<Door> negotiate(const std::stop_token& stop);
  Result<Outcome> listen(net::WebSocketClient& socket, const std::stop_token& stop);
  Result<std::optional<Outcome>> take(net::WebSocketClient& socket, LiveProtocol& protocol, std::string text);
  void look_at_token();
  void warn_of_expiry();
  void note_topics(const LiveProtocol& protocol);
  void wait(std::chrono::milliseconds time, const std::stop_token& stop) const;
  void note(const std::string& text) const;

  const LiveClientOptions options_;
  const Handlers handlers_;
  TokenFile token_file_;
  std::optional<LiveToken> token_;
  bool is_token_refused_ = false;
  std::string last_token_note_;
  bool has_warned_of_expiry_ = false;
  LiveBackoff backoff_;
  std::optional<std::chrono::milliseconds> retry_after_;
  std::optional<std::chrono::steady_clock::time_point> end_at_;
  std::string session_;  // session_stem() of the one that runs
  bool is_first_frame_ = false;
  bool has_noted_topics_ = false;
  std::atomic<bool> is_connected_ = false;
  struct {
    std::atomic<std::int64_t> frames = 0, messages = 0, bytes = 0, connections = 0, failed_tries = 0,
                              silences = 0;
  } counters_;
};

}  // namespace slipstream::feed
