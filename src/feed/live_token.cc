#include "feed/live_token.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <simdjson.h>
#include <algorithm>

namespace slipstream::feed {
namespace {

constexpr std::string_view space = " \t\r\n";
// Real ones have some 1,500 bytes; a header has room for a few thousand.
constexpr std::size_t token_bytes_max = 8192;
// Beyond the year 9999 a time has no text.
constexpr std::int64_t expiry_s_max = 253'402'300'799;

bool is_base64url(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

// Nothing if it cannot be: a length of 4n + 1.
std::optional<std::string> decode_base64url(std::string_view text) {
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t missing = (4 - padded.size() % 4) % 4;
  if (missing == 3) return std::nullopt;
  padded.append(missing, '=');
  std::string out(padded.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  out.resize(out.size() - missing);
  return out;
}

std::optional<std::int64_t> expiry_of(const std::string& claims) {
  simdjson::dom::parser parser;
  simdjson::dom::element document, exp;
  if (parser.parse(claims).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document["exp"].get(exp) != simdjson::SUCCESS) return std::nullopt;
  double seconds = 0;
  if (exp.get(seconds) != simdjson::SUCCESS) return std::nullopt;
  if (!(seconds > 0) || seconds > static_cast<double>(expiry_s_max)) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

std::string span_text(std::chrono::minutes span) {
  constexpr std::int64_t minutes_a_day = 1440;
  const auto days = span.count() / minutes_a_day, hours = span.count() / 60 % 24, minutes = span.count() % 60;
  if (days > 0) return fmt::format("{} d {} h", days, hours);
  if (hours > 0) return fmt::format("{} h {} min", hours, minutes);
  return fmt::format("{} min", minutes);
}

}  // namespace

Result<LiveToken> parse_live_token(std::string_view text) {
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return fail(Errc::not_found, "no token");
  text = text.substr(begin, text.find_last_not_of(space) - begin + 1);
  const auto first = text.find('.');
  const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
  const bool has_parts = text.size() <= token_bytes_max && second != std::string_view::npos &&
                         is_base64url(text.substr(0, first)) &&
                         is_base64url(text.substr(first + 1, second - first - 1)) &&
                         is_base64url(text.substr(second + 1));
  if (!has_parts) return fail(Errc::malformed, "the token is not three parts of base64url with dots between");
  const auto claims = decode_base64url(text.substr(first + 1, second - first - 1));
  const auto seconds = claims ? expiry_of(*claims) : std::nullopt;
  if (!seconds) return fail(Errc::malformed, "the token does not say when it expires");
  return LiveToken{std::string(text), UtcTime(std::chrono::seconds(*seconds))};
}

bool needs_token(std::string_view feed_topic) {
  return std::find(token_topics.begin(), token_topics.end(), feed_topic) != token_topics.end();
}

std::string expiry_text(UtcTime expires, UtcTime now) {
  const auto left = std::chrono::floor<std::chrono::minutes>(expires - now);
  return expires > now ? fmt::format("expires in {}", span_text(left))
                       : fmt::format("expired {} ago", span_text(-left));
}

}  // namespace slipstream::feed
