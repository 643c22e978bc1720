// The text of an answer's head: status line, the headers of the answer, the security headers of every answer.
// Thread rule: functions of their arguments (and the clock, for Date).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/server.h"

namespace slipstream::net {

struct HeadOptions {
  std::size_t content_length = 0;
  bool has_length = true;  // false for 204 and 304: they never have a body
  bool keeps_alive = true;
  std::string_view extra;  // more header lines, each with its line end
};

std::string response_head(const Response& response, const HeadOptions& options);

// The 101 answer to a WebSocket's request.
std::string upgrade_head(std::string_view accept, std::string_view extensions);

// An entity tag in quotes, as it stands in the header: abc -> "abc", W/"abc" stays.
std::string quoted_etag(std::string_view etag);

}  // namespace slipstream::net
