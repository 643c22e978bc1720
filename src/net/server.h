// HTTP and WebSocket server on one port, behind plain types: nothing of Boost.Beast leaves net/.
//
// Checks every request before a handler sees it: Host must be one of the allowed hosts (DNS rebinding), a
// WebSocket's Origin must match the Host or be allowed, sizes and connection counts stay under core/limits.h.
// Every answer carries the security headers (Content-Security-Policy, nosniff, no-referrer, frame-ancestors).
//
// Thread rule: start() runs its own threads. Handlers are called on those threads, one at a time per
// connection, and must not block for long. WebSocketPeer functions may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/result.h"

namespace slipstream::net {

struct Request {
  std::string method;                                        // "GET", "HEAD", "POST", ...
  std::string path;                                          // decoded, without query: "/api/sessions"
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;  // as they came, in order
  std::string if_none_match;
  bool accepts_gzip = false;
  std::string body;

  // The first value of a query parameter; empty if it is not there.
  std::string_view parameter(std::string_view name) const;
  // The first header of that name, in any case; empty if it is not there.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::shared_ptr<const std::string> body;  // shared, so that a cached page is never copied
  std::string content_encoding;             // "gzip" if `body` is compressed
  std::string etag;                         // with If-None-Match of the same text: 304 without body
  std::string cache_control = "no-store";
  std::vector<std::pair<std::string, std::string>> headers;  // besides; those with a line end are left out

  static Response text(int status, std::string_view content_type, std::string body);
  // {"error": "..."} as JSON
  static Response error(int status, std::string_view message);
};

// One WebSocket connection. Frames are text and shared between peers.
class WebSocketPeer {
 public:
  virtual ~WebSocketPeer() = default;
  virtual std::uint64_t id() const = 0;
  // Queues a frame. False if the peer is gone or ServerOptions::queue_frames_max frames wait already: the
  // frame is dropped then, and the caller should send a new snapshot later.
  virtual bool send(std::shared_ptr<const std::string> frame) = 0;
  virtual std::size_t queued_frames() const = 0;
  virtual void close() = 0;
  // For who plays a broken network (simulate/). Queues bytes of the protocol as they are, for instance the
  // half of a frame; false as send().
  virtual bool send_raw(std::string bytes) = 0;
  // Ends the connection behind what is queued without a close frame, as a network does that breaks.
  virtual void hang_up() = 0;
};

// on_close comes exactly once for every on_open, also when the server stops; a peer may be kept after that,
// its send() is false. When stop() has returned no handler is called any more and all of them are destroyed.
struct Handlers {
  std::function<Response(const Request&)> on_request;
  // True: take the WebSocket at request.path.
  std::function<bool(const Request&)> accepts_websocket;
  std::function<void(std::shared_ptr<WebSocketPeer>, const Request&)> on_open;
  std::function<void(WebSocketPeer&, std::string_view text)> on_message;
  std::function<void(WebSocketPeer&)> on_close;
};

// How long the server waits for a client before it hangs up.
struct Timeouts {
  std::chrono::milliseconds header = std::chrono::seconds(10);  // a request's head, from its first byte on
  std::chrono::milliseconds body = std::chrono::seconds(30);
  std::chrono::milliseconds idle = std::chrono::seconds(60);   // between requests of one connection
  std::chrono::milliseconds write = std::chrono::seconds(30);  // no byte of an answer taken
  // Proxies cut a connection that is silent for a minute; a browser answers pings by itself.
  // Zero: no pings (a SignalR client takes them for messages).
  std::chrono::milliseconds ping = std::chrono::seconds(20);
  // Nothing from (or taken by) a WebSocket. Zero: it may be silent for ever.
  std::chrono::milliseconds silence = std::chrono::seconds(60);
  std::chrono::milliseconds stop = std::chrono::seconds(2);  // also: for the answer to a close frame
};

// PEM files. The certificate's holds its chain too.
struct TlsFiles {
  std::string certificate, key;
};

struct ServerOptions {
  std::string address = "127.0.0.1";            // an address or a name; "0.0.0.0" and "::" listen on all
  std::uint16_t port = 8080;                    // 0: any free one
  std::vector<std::string> allowed_hosts = {};  // besides localhost, 127.0.0.1, [::1] and `address`
  int thread_count = 1;
  std::size_t connections_max = limits::connections_max;  // beyond: 503
  Timeouts timeouts = {};
  std::optional<TlsFiles> tls = {};  // https and wss only
  bool takes_options = false;        // hands OPTIONS requests to on_request; else 405
  bool offers_deflate = true;        // compressed WebSocket frames for who asks
  std::size_t queue_frames_max = limits::websocket_queue_frames_max;
};

struct ServerCounters {
  std::uint64_t connections_open = 0, websockets_open = 0, requests = 0, requests_refused = 0,
                frames_sent = 0, frames_dropped = 0, bytes_sent = 0;
};

class Server {
 public:
  virtual ~Server() = default;  // stops
  virtual std::uint16_t port() const = 0;
  virtual ServerCounters counters() const = 0;
  // Stops accepting, closes WebSockets with code 1001, lets running answers end for at most Timeouts::stop.
  // Any thread but the server's own: not from a handler. A second call does nothing.
  virtual void stop() = 0;
};

// Errors: unavailable, the address cannot be bound ("127.0.0.1:8080: address already in use ..."); malformed,
// certificate and key cannot be used.
Result<std::unique_ptr<Server>> start_server(const ServerOptions& options, Handlers handlers);

}  // namespace slipstream::net
