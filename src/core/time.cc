#include "core/time.h"

#include <fmt/core.h>
#include <charconv>

namespace slipstream {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

// Reads exactly `count` digits at `at`; -1 if there is anything else.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// A leap second or the rounding of the last fraction carries over; what then has a fifth digit is refused,
// since nobody could read it again.
constexpr UtcTime utc_end{std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)};
constexpr SessionTime session_end{std::chrono::hours(10'000)};

// ".1110449" -> microseconds 111104 (cut), then to milliseconds, half to even. -1: not a fraction.
int fraction_ms(std::string_view text) {
  if (text.empty()) return 0;
  if (text.size() < 2 || text.size() > 10 || text.front() != '.') return -1;
  int micros = 0;
  for (std::size_t i = 1; i < 7; ++i) {
    const char c = i < text.size() ? text[i] : '0';
    if (c < '0' || c > '9') return -1;
    micros = micros * 10 + (c - '0');
  }
  for (std::size_t i = 7; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
  }
  const int rest = micros % 1000;
  int ms = micros / 1000;
  if (rest > 500 || (rest == 500 && ms % 2 == 1)) ++ms;
  return ms;
}

}  // namespace

Result<UtcTime> parse_utc(std::string_view text) {
  const auto bad = [&] { return fail(Errc::malformed, fmt::format("not a UTC time: \"{}\"", text)); };
  std::string_view rest = text;
  if (rest.ends_with('Z')) rest.remove_suffix(1);
  else if (rest.ends_with("+00:00")) rest.remove_suffix(6);
  if (rest.size() < 19 || rest[4] != '-' || rest[7] != '-' || (rest[10] != 'T' && rest[10] != ' ') ||
      rest[13] != ':' || rest[16] != ':') {
    return bad();
  }
  const int year = digits(rest, 0, 4), month = digits(rest, 5, 2), day = digits(rest, 8, 2);
  const int hour = digits(rest, 11, 2), minute = digits(rest, 14, 2), second = digits(rest, 17, 2);
  const int ms = fraction_ms(rest.substr(19));
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60 || ms < 0) {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!date.ok()) return bad();
  const UtcTime time = UtcTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
                       std::chrono::minutes(minute) + std::chrono::seconds(second) + milliseconds(ms);
  if (time >= utc_end) return bad();
  return time;
}

std::string format_utc(UtcTime time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const auto ms = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Result<SessionTime> parse_session_time(std::string_view text) {
  const auto bad = [&] { return fail(Errc::malformed, fmt::format("not a session time: \"{}\"", text)); };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 4) return bad();
  const int hour = digits(text, 0, colon);
  const std::string_view rest = text.substr(colon);
  if (hour < 0 || rest.size() < 6 || rest[3] != ':') return bad();
  const int minute = digits(rest, 1, 2), second = digits(rest, 4, 2), ms = fraction_ms(rest.substr(6));
  if (minute < 0 || minute > 59 || second < 0 || second > 59 || ms < 0) return bad();
  const SessionTime time(hour * 3'600'000LL + minute * 60'000LL + second * 1000LL + ms);
  if (time >= session_end) return bad();
  return time;
}

std::string format_session_time(SessionTime time) {
  const auto ms = time.count() < 0 ? -time.count() : time.count();
  return fmt::format("{}{:02}:{:02}:{:02}.{:03}", time.count() < 0 ? "-" : "", ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Result<std::int32_t> parse_gmt_offset_s(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto time =
      parse_session_time(text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text);
  if (!time || time->count() > 15 * 3'600'000L) {
    return fail(Errc::malformed, fmt::format("not a GMT offset: \"{}\"", text));
  }
  const auto seconds = static_cast<std::int32_t>(time->count() / 1000);
  return negative ? -seconds : seconds;
}

}  // namespace slipstream
