#include "feed/parse.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace slipstream::feed {
namespace {

using std::chrono::milliseconds;

// Longest text worth quoting whole in an error.
constexpr std::size_t quoted_chars_max = 64;

[[nodiscard]] tl::unexpected<Error> bad(std::string_view kind, std::string_view text) {
  if (text.empty()) return fail(Errc::not_found, "empty text");
  const bool is_cut = text.size() > quoted_chars_max;
  return fail(Errc::malformed,
              fmt::format("not a {}: \"{}{}\"", kind, text.substr(0, quoted_chars_max), is_cut ? "..." : ""));
}

// Takes the digits at the front of `text`, at most nine of them; empty if there is none or too many.
std::optional<std::int32_t> take_digits(std::string_view& text) {
  std::size_t count = 0;
  std::int32_t number = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    if (count == 9) return std::nullopt;
    number = number * 10 + (text[count] - '0');
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

// The decimals behind the point, one to three, as milliseconds.
std::optional<std::int32_t> fraction_ms(std::string_view text) {
  const std::size_t count = text.size();
  const auto number = count <= 3 ? take_digits(text) : std::nullopt;
  if (!number || !text.empty()) return std::nullopt;
  return *number * (count == 1 ? 100 : count == 2 ? 10 : 1);
}

// [[h:]m:]s[.fff], parts behind a colon with two digits below 60.
std::optional<milliseconds> read_time(std::string_view text, std::size_t decimals_min) {
  std::int64_t seconds = 0;
  for (int part = 0;; ++part) {
    const std::size_t before = text.size();
    const auto number = take_digits(text);
    if (!number) return std::nullopt;
    if (part > 0 && (before - text.size() != 2 || *number > 59)) return std::nullopt;
    seconds = seconds * 60 + *number;
    if (part == 2 || !take(text, ":")) break;
  }
  if (text.empty()) return decimals_min == 0 ? std::optional(milliseconds(seconds * 1000)) : std::nullopt;
  if (!take(text, ".") || text.size() < decimals_min) return std::nullopt;
  const auto ms = fraction_ms(text);
  if (!ms) return std::nullopt;
  return milliseconds(seconds * 1000 + *ms);
}

}  // namespace

Result<milliseconds> parse_lap_time(std::string_view text) {
  if (const auto time = read_time(text, 3)) return *time;
  return bad("lap time", text);
}

Result<milliseconds> parse_duration(std::string_view text) {
  if (const auto time = read_time(text, 0)) return *time;
  return bad("duration", text);
}

Result<Gap> parse_gap(std::string_view text) {
  std::string_view rest = text;
  if (take(rest, "LAP ")) {
    const auto lap = take_digits(rest);
    if (!lap || !rest.empty()) return bad("gap", text);
    return Gap{.leader_lap = lap};
  }
  const bool is_signed = text.starts_with('+') || text.starts_with('-');
  if (is_signed) rest.remove_prefix(1);
  if (is_signed) {
    if (const auto time = read_time(rest, 3)) return Gap{.time = text.front() == '-' ? -*time : *time};
  }
  const auto laps = text.starts_with('-') ? std::nullopt : take_digits(rest);
  if (!laps) return bad("gap", text);
  take(rest, " ");
  if (rest != "L" && rest != "LAP" && rest != "LAPS") return bad("gap", text);
  return Gap{.laps_down = laps};
}

Result<milliseconds> parse_clock(std::string_view text) {
  const std::size_t colons = text.size() < 8 ? 0 : std::size_t(std::count(text.begin(), text.end(), ':'));
  const auto time = colons == 2 ? read_time(text, 0) : std::nullopt;
  if (!time) return bad("clock", text);
  return *time;
}

Result<std::int64_t> parse_int(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return bad("whole number", text);
  const std::string_view rest(stop, std::size_t(end - stop));
  const bool is_whole = rest.empty() || (rest.size() >= 2 && rest.front() == '.' &&
                                         rest.find_first_not_of('0', 1) == std::string_view::npos);
  if (!is_whole) return bad("whole number", text);
  return number;
}

Result<double> parse_decimal(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return bad("number", text);
  return number;
}

Result<bool> parse_flag(std::string_view text) {
  if (text == "true" || text == "True" || text == "1") return true;
  if (text == "false" || text == "False" || text == "0") return false;
  return bad("flag", text);
}

}  // namespace slipstream::feed
