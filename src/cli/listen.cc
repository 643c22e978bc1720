#include "cli/listen.h"

#include <fmt/core.h>
#include <charconv>
#include <cstdlib>

namespace slipstream::cli {
namespace {

Result<std::uint16_t> parse_port(std::string_view text, std::string_view origin) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || port > 65535) {
    return fail(Errc::malformed, fmt::format("{}: \"{}\" is no port (0 to 65535)", origin, text));
  }
  return static_cast<std::uint16_t>(port);
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<net::ServerOptions> parse_listen(std::string_view text, const std::vector<std::string>& allow_hosts) {
  net::ServerOptions options;
  options.allowed_hosts = allow_hosts;
  if (const char* port = std::getenv("PORT"); port && *port) {
    const auto parsed = parse_port(port, "environment PORT");
    if (!parsed) return tl::make_unexpected(parsed.error());
    options.port = *parsed;
  }
  if (text.empty()) return options;
  const bool is_port_alone = is_number(text);
  const std::size_t colon = is_port_alone ? std::string_view::npos : text.rfind(':');
  const bool is_v6_alone = text.ends_with(']');
  std::string_view address = is_port_alone ? "" : text.substr(0, is_v6_alone ? text.size() : colon);
  if (is_port_alone || (colon != std::string_view::npos && !is_v6_alone)) {
    const auto parsed = parse_port(is_port_alone ? text : text.substr(colon + 1), text);
    if (!parsed) return tl::make_unexpected(parsed.error());
    options.port = *parsed;
  }
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (!address.empty()) options.address = std::string(address);
  return options;
}

std::string page_address(const net::ServerOptions& options, std::uint16_t port) {
  std::string host = options.address;
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = fmt::format("[{}]", host);
  return fmt::format("http://{}:{}", host, port);
}

}  // namespace slipstream::cli
