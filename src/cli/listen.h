// "127.0.0.1:8080" as address and port. Pure but for the environment's PORT.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "net/server.h"

namespace slipstream::cli {

// "ADDRESS:PORT", "[::1]:PORT", ":PORT", "PORT" or empty. What is left out: 127.0.0.1, and the environment's
// PORT, else 8080. Port 0: any free one. Errors: malformed.
Result<net::ServerOptions> parse_listen(std::string_view text, const std::vector<std::string>& allow_hosts);

// "http://127.0.0.1:8080"; an address that means "all" becomes one that a browser can open.
std::string page_address(const net::ServerOptions& options, std::uint16_t port);

}  // namespace slipstream::cli
