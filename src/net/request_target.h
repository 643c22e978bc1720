// The parts of a request that are read from text: target, If-None-Match, Accept-Encoding. Pure.
// Thread rule: functions of their arguments.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace slipstream::net {

struct Target {
  std::string authority;  // of "http://host:port/path", else empty
  std::string path;       // decoded
  std::vector<std::pair<std::string, std::string>> query;
};

// Errors: malformed, for what cannot be decoded ("%zz"), is not UTF-8, holds control characters or walks
// ("/../"): a handler may join the path to a folder's name.
Result<Target> parse_target(std::string_view target);

// Whether the header's list ('*', '"a", W/"b"') names `etag`, by weak comparison (RFC 9110, 13.1.2).
bool etag_matches(std::string_view if_none_match, std::string_view etag);

// Whether Accept-Encoding names gzip with a weight above 0.
bool accepts_gzip(std::string_view accept_encoding);

// Whether a comma separated header holds `token`, in any case.
bool has_token(std::string_view header, std::string_view token);

// Takes `text` apart at `separator`; parts without the blanks around them.
std::vector<std::string_view> split(std::string_view text, char separator);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace slipstream::net
