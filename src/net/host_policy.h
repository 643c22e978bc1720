// Which hosts and origins may talk to the server. Pure: no socket, no name lookup.
//
// A page on evil.example can point its own name at 127.0.0.1 (DNS rebinding) or open a WebSocket to us from
// a visitor's browser. The first is seen by its Host header, the second by its Origin.
// Thread rule: constant after construction; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream::net {

// "host", "host:port", "[v6]:port" taken apart.
struct Authority {
  std::string host;  // lower case, without brackets and last dot; addresses in canonical form
  std::string port;  // digits, empty if not named
  bool is_address = false;
};

// Empty if the text is not an authority: bad characters, bad port, user part. IPv6 also without brackets if
// there is no port.
std::optional<Authority> parse_authority(std::string_view text);

class HostPolicy {
 public:
  // `bound_address`: what the server listens on. `allowed_hosts`: more names, of any port if they name none.
  HostPolicy(std::string_view bound_address, const std::vector<std::string>& allowed_hosts);

  // Localhost, the bound address, allowed hosts; and any literal address if the server listens on all.
  bool allows_host(const Authority& host) const;

  // Whether a page of `origin` ("http://host:port") may open a WebSocket or post to the server that it calls
  // `host`: its own page, or one from an allowed host. "null" (a sandbox, a file) may not.
  bool allows_origin(std::string_view origin, const Authority& host) const;

 private:
  bool is_listed(const Authority& host) const;

  bool is_bound_to_all_ = false;
  std::vector<Authority> own_;
  std::vector<Authority> allowed_;
};

}  // namespace slipstream::net
