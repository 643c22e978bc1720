// Texts inside messages: no bytes crash a parser, empty text alone is not_found, and a value that was read is
// read again from its usual form.
#include <fmt/core.h>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "feed/parse.h"

using namespace slipstream;

namespace {

template <class T>
void check_error(const Result<T>& result, std::string_view text) {
  if (result) return;
  SLIP_CHECK(result.error().code == (text.empty() ? Errc::not_found : Errc::malformed));
  SLIP_CHECK(!result.error().message.empty() && result.error().message.size() < 200);
}

void check_times(std::string_view text) {
  const auto lap_time = feed::parse_lap_time(text);
  const auto duration = feed::parse_duration(text);
  check_error(lap_time, text);
  check_error(duration, text);
  check_error(feed::parse_clock(text), text);
  if (!lap_time) return;
  SLIP_CHECK(duration == *lap_time && lap_time->count() >= 0);
  const auto ms = lap_time->count();
  const auto usual = fmt::format("{}:{:02}.{:03}", ms / 60'000, ms / 1000 % 60, ms % 1000);
  if (ms / 60'000 < 1'000'000'000) SLIP_CHECK(feed::parse_lap_time(usual) == *lap_time);
}

void check_gap(std::string_view text) {
  const auto gap = feed::parse_gap(text);
  check_error(gap, text);
  if (!gap) return;
  SLIP_CHECK(gap->time.has_value() + gap->laps_down.has_value() + gap->leader_lap.has_value() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_times(text);
  check_gap(text);
  check_error(feed::parse_flag(text), text);
  const auto whole = feed::parse_int(text);
  check_error(whole, text);
  if (whole) SLIP_CHECK(feed::parse_int(fmt::format("{}.0", *whole)) == *whole);
  const auto decimal = feed::parse_decimal(text);
  check_error(decimal, text);
  if (decimal)
    SLIP_CHECK(std::isfinite(*decimal) && feed::parse_decimal(fmt::format("{}", *decimal)) == *decimal);
  return 0;
}
