// HTTP/1.1 requests of our own, one after the other, behind plain types: libcurl stays in net/.
//
// TLS certificates are verified; without TLS only loopback is spoken to. Redirects are not followed.
// Source of the rules: docs/live-client.md. Thread rule: any thread; each call blocks its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/result.h"

namespace slipstream::net {

struct ClientAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // of all answers on the way, in order
  std::string body;

  // The last header of that name, in any case; empty if there is none.
  std::string_view header(std::string_view name) const;
  // The value of a cookie that is set; empty if it is not.
  std::string_view cookie(std::string_view name) const;
  // Retry-After, where it is a number of seconds, at most an hour.
  std::optional<std::chrono::seconds> retry_after() const;
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::string ca_file = {};  // PEM; empty: the system's
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds silence = std::chrono::seconds(30);  // without a byte
  std::size_t body_bytes_max = limits::message_bytes_max;
  // Takes the body of a 200 or 206 piece by piece instead of ClientAnswer::body; false: no more. `head` has
  // status and headers. Then body_bytes_max is not looked at.
  std::function<bool(const ClientAnswer& head, std::string_view bytes)> on_body = {};
};

// Any status is an answer. Errors: unavailable, no answer came, or `stop` did; unsupported, the certificate
// is not trusted; malformed, no URL, or a larger body than wanted. Messages name the server, never what
// stands behind it in the URL.
Result<ClientAnswer> fetch(const ClientRequest& request, const std::stop_token& stop = {});

}  // namespace slipstream::net
