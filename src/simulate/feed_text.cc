#include "simulate/feed_text.h"

#include <fmt/core.h>

#include <cstdlib>

namespace slipstream::simulate {
namespace {

std::string without_zeros(std::string text) {
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string feed_time(std::int32_t ms) {
  if (ms < 60'000) return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
  return fmt::format("{}:{:02}.{:03}", ms / 60'000, ms / 1000 % 60, ms % 1000);
}

std::string feed_gap(std::int32_t ms) {
  return fmt::format("{}{}.{:03}", ms < 0 ? '-' : '+', std::abs(ms) / 1000, std::abs(ms) % 1000);
}

std::string feed_duration(std::int32_t ms) {
  const std::int32_t tenths = (ms + 50) / 100;
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string feed_clock(std::int32_t ms) {
  const std::int32_t seconds = ms / 1000;
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string feed_offset(std::int32_t ms) { return format_session_time(SessionTime(ms)); }

std::string feed_gmt_offset(std::int32_t seconds) {
  const std::int32_t size = std::abs(seconds);
  return fmt::format("{}{:02}:{:02}:00", seconds < 0 ? "-" : "", size / 3600, size / 60 % 60);
}

std::string feed_utc(UtcTime time) {
  std::string text = format_utc(time);
  text.pop_back();
  return without_zeros(std::move(text)) + "Z";
}

std::string feed_utc_seconds(UtcTime time) { return format_utc(time).substr(0, 19); }

std::string feed_utc_ticks(std::int64_t ticks) {
  const UtcTime second{std::chrono::seconds(ticks / 10'000'000)};
  const std::string fraction = fmt::format("{}.{:07}", feed_utc_seconds(second), ticks % 10'000'000);
  return without_zeros(fraction) + "Z";
}

std::string feed_date(UtcTime time) { return format_utc(time).substr(0, 10); }

}  // namespace slipstream::simulate
