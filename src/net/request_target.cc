#include "net/request_target.h"

#include <simdjson.h>
#include <algorithm>
#include <optional>

#include "net/server.h"

namespace slipstream::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// In a query, '+' is a blank (as forms send it); in a path it is itself.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
    out.push_back(c);
  }
  if (!simdjson::validate_utf8(out.data(), out.size())) return std::nullopt;
  return out;
}

bool has_dot_segment(std::string_view path) {
  for (const auto segment : split(path, '/')) {
    if (segment == "." || segment == "..") return true;
  }
  return path.find('\\') != std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view without_weak_mark(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

}  // namespace

std::string_view Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return {};
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Result<Target> parse_target(std::string_view text) {
  Target target;
  if (text.starts_with("http://")) {
    text.remove_prefix(7);
    const auto slash = std::min(text.find_first_of("/?"), text.size());
    target.authority = text.substr(0, slash);
    if (target.authority.empty()) return fail(Errc::malformed, "request target without a host");
    text.remove_prefix(slash);
  }
  const auto question = std::min(text.find('?'), text.size());
  const bool is_root = question == 0 && !target.authority.empty();  // "http://host"
  const auto path = is_root ? std::optional<std::string>("/") : decode(text.substr(0, question), false);
  if (!path || !path->starts_with('/')) return fail(Errc::malformed, "request target is not a path");
  if (has_dot_segment(*path)) return fail(Errc::malformed, "request target with . or .. or a backslash");
  target.path = *path;
  if (question == text.size()) return target;
  for (const auto part : split(text.substr(question + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    const auto key = decode(part.substr(0, equals), true);
    const auto value = decode(part.substr(std::min(equals + 1, part.size())), true);
    if (!key || !value) return fail(Errc::malformed, "query of the request target cannot be decoded");
    target.query.emplace_back(*key, *value);
  }
  return target;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (etag.empty()) return false;
  // Commas may stand inside an entity tag, but ours hold none, so a part that is cut cannot match.
  for (const auto part : split(if_none_match, ',')) {
    if (part == "*" || (!part.empty() && without_weak_mark(part) == without_weak_mark(etag))) return true;
  }
  return false;
}

bool accepts_gzip(std::string_view accept_encoding) {
  for (const auto part : split(accept_encoding, ',')) {
    const auto fields = split(part, ';');
    if (!equals_ignoring_case(fields[0], "gzip")) continue;
    const bool is_refused = std::any_of(fields.begin() + 1, fields.end(), [](std::string_view field) {
      return field.starts_with("q=0") && field.find_first_not_of("0.", 2) == std::string_view::npos;
    });
    return !is_refused;
  }
  return false;
}

bool has_token(std::string_view header, std::string_view token) {
  const auto parts = split(header, ',');
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return equals_ignoring_case(part, token); });
}

}  // namespace slipstream::net
