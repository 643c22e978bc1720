// Rounding to the nearest, halves away from zero. std::round() and std::lround() are calls where the compiler
// may not count on SSE4, and this is done millions of times a session. Pure; safe from any thread.
#pragma once

#include <cstdint>

namespace slipstream::session {

namespace detail {
// Precondition: |value| < 2^62.
constexpr std::int64_t nearest(double value) {
  return static_cast<std::int64_t>(value < 0 ? value - 0.5 : value + 0.5);
}
}  // namespace detail

// Precondition: |value| < 2^31.
constexpr std::int32_t whole(double value) { return static_cast<std::int32_t>(detail::nearest(value)); }

// To 1/parts: rounded(2.0049, 100) is 2. Never minus zero. Precondition: |value * parts| < 2^62.
constexpr double rounded(double value, int parts) {
  return static_cast<double>(detail::nearest(value * parts)) / parts;
}

}  // namespace slipstream::session
