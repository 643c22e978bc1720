#include "net/host_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <algorithm>
#include <array>

namespace slipstream::net {
namespace {

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.' || c == '_';
}

// The one spelling of an address: "0:0::1" -> "::1". Empty if it is none.
std::string canonical_address(int family, const std::string& text) {
  in6_addr bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (inet_pton(family, text.c_str(), &bytes) != 1) return {};
  if (inet_ntop(family, &bytes, out.data(), out.size()) == nullptr) return {};
  return out.data();
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  return text.size() < 5 || text <= "65535";
}

std::optional<Authority> parse_bracketed(std::string_view text) {
  const auto end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  Authority authority{canonical_address(AF_INET6, std::string(text.substr(1, end - 1))), {}, true};
  if (authority.host.empty()) return std::nullopt;
  const auto rest = text.substr(end + 1);
  if (rest.empty() || rest == ":") return authority;
  if (rest.front() != ':' || !is_port(rest.substr(1))) return std::nullopt;
  authority.port = rest.substr(1);
  return authority;
}

std::string_view default_port(std::string_view scheme) { return scheme == "https" ? "443" : "80"; }

std::string_view port_or_default(const Authority& authority, std::string_view scheme) {
  return authority.port.empty() ? default_port(scheme) : std::string_view(authority.port);
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  if (text.empty() || text.size() > 300) return std::nullopt;
  if (text.front() == '[') return parse_bracketed(text);
  if (std::count(text.begin(), text.end(), ':') > 1) {
    Authority bare{canonical_address(AF_INET6, std::string(text)), {}, true};
    return bare.host.empty() ? std::nullopt : std::optional(bare);
  }
  Authority authority;
  const auto colon = text.find(':');
  authority.host = text.substr(0, colon);
  if (colon != std::string_view::npos && colon + 1 < text.size()) {
    if (!is_port(text.substr(colon + 1))) return std::nullopt;
    authority.port = text.substr(colon + 1);
  }
  std::transform(authority.host.begin(), authority.host.end(), authority.host.begin(), to_lower);
  if (authority.host.ends_with('.')) authority.host.pop_back();
  if (authority.host.empty()) return std::nullopt;
  if (!std::all_of(authority.host.begin(), authority.host.end(), is_host_character)) return std::nullopt;
  authority.is_address = !canonical_address(AF_INET, authority.host).empty();
  return authority;
}

HostPolicy::HostPolicy(std::string_view bound_address, const std::vector<std::string>& allowed_hosts) {
  own_ = {{"localhost", {}, false}, {"127.0.0.1", {}, true}, {"::1", {}, true}};
  if (const auto bound = parse_authority(bound_address)) {
    own_.push_back(*bound);
    is_bound_to_all_ = bound->host == "0.0.0.0" || bound->host == "::";
  }
  for (const auto& name : allowed_hosts) {
    if (const auto host = parse_authority(name)) allowed_.push_back(*host);
  }
}

bool HostPolicy::is_listed(const Authority& host) const {
  return std::any_of(allowed_.begin(), allowed_.end(), [&](const Authority& entry) {
    return entry.host == host.host && (entry.port.empty() || entry.port == host.port);
  });
}

bool HostPolicy::allows_host(const Authority& host) const {
  const auto is_same = [&](const Authority& own) { return own.host == host.host; };
  if (std::any_of(own_.begin(), own_.end(), is_same)) return true;
  // Rebinding needs a name: who asks for an address gets the machine that has it.
  if (is_bound_to_all_ && host.is_address) return true;
  return is_listed(host);
}

bool HostPolicy::allows_origin(std::string_view origin, const Authority& host) const {
  const auto colon = origin.find("://");
  if (colon == std::string_view::npos) return false;
  const auto scheme = origin.substr(0, colon);
  if (scheme != "http" && scheme != "https") return false;
  auto page = parse_authority(origin.substr(colon + 3));
  if (!page) return false;
  if (is_listed(*page)) return true;
  const bool is_own =
      page->host == host.host && port_or_default(*page, scheme) == port_or_default(host, scheme);
  return is_own && allows_host(*page);
}

}  // namespace slipstream::net
