#include "cli/pace.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <thread>

namespace slipstream::cli {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr auto wait_step = std::chrono::milliseconds(20);
constexpr double speed_max = 10'000;

}  // namespace

Result<std::optional<double>> parse_speed(std::string_view text) {
  if (text == "max") return std::optional<double>();
  double speed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed);
  if (error != std::errc() || end != text.data() + text.size() || !(speed > 0) || speed > speed_max) {
    return fail(Errc::malformed, fmt::format("--speed takes a number above 0 or max, not \"{}\"", text));
  }
  return std::optional(speed);
}

void Pace::restart() {
  start_.reset();
  has_begun_ = false;
  now_ms_ = from_.count();
}

bool Pace::wait_for(SessionTime session_time, const std::stop_token& stop) {
  if (!speed_ || session_time < from_) {
    now_ms_ = std::max(now_ms_.load(), session_time.count());
    return !stop.stop_requested();
  }
  if (!start_) start_ = steady_clock::now();
  has_begun_ = true;
  const duration<double, std::milli> offset(static_cast<double>((session_time - from_).count()) / *speed_);
  const auto due = *start_ + std::chrono::duration_cast<steady_clock::duration>(offset);
  while (!stop.stop_requested()) {
    const auto now = steady_clock::now();
    const duration<double, std::milli> passed = (now - *start_) * *speed_;
    const auto reached = from_.count() + static_cast<std::int64_t>(passed.count());
    now_ms_ = std::max(now_ms_.load(), std::min(reached, session_time.count()));
    if (now >= due) return true;
    std::this_thread::sleep_until(std::min(due, now + wait_step));
  }
  return false;
}

}  // namespace slipstream::cli
