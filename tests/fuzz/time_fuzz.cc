// The texts of the two clocks: no bytes crash a parser, and a time that was read comes out the same after
// printing and reading it again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "feed/archive_line.h"

using namespace slipstream;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto utc = parse_utc(text)) {
    SLIP_CHECK(parse_utc(format_utc(*utc)) == *utc);
  }
  if (const auto time = parse_session_time(text)) {
    SLIP_CHECK(time->count() >= 0 && parse_session_time(format_session_time(*time)) == *time);
  }
  if (const auto line = feed::split_archive_line(text)) {
    SLIP_CHECK(parse_session_time(text.substr(0, 12)) == line->session_time);
  }
  if (const auto offset_s = parse_gmt_offset_s(text)) {
    SLIP_CHECK(*offset_s >= -15 * 3600 && *offset_s <= 15 * 3600);
  }
  return 0;
}
