#include "feed/archive_line.h"

#include <cstddef>
#include <cstdint>

namespace slipstream::feed {
namespace {

constexpr std::size_t prefix_chars = 12;

// Two digits, or something above 99. core's parse_session_time reads more forms; this one runs for every
// line.
std::uint32_t two_digits(const char* text) {
  const auto tens = static_cast<std::uint32_t>(text[0] - '0');
  const auto ones = static_cast<std::uint32_t>(text[1] - '0');
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

}  // namespace

Result<ArchiveLine> split_archive_line(std::string_view line) {
  const auto bad = [] { return fail(Errc::malformed, "line does not begin with HH:MM:SS.mmm"); };
  if (line.size() < prefix_chars) return bad();
  const char* const text = line.data();
  const std::int64_t hours = two_digits(text);
  const std::int64_t minutes = two_digits(text + 3);
  const std::int64_t seconds = two_digits(text + 6);
  const std::int64_t hundredths = two_digits(text + 9);
  const auto last = static_cast<std::uint32_t>(text[11] - '0');
  const bool is_time = hours < 100 && minutes < 60 && seconds < 60 && hundredths < 100 && last < 10 &&
                       text[2] == ':' && text[5] == ':' && text[8] == '.';
  if (!is_time) return bad();
  const std::int64_t whole_s = hours * 3600 + minutes * 60 + seconds;
  return ArchiveLine{SessionTime(whole_s * 1000 + hundredths * 10 + last), line.substr(prefix_chars)};
}

}  // namespace slipstream::feed
