// Arithmetic that gives the same bits on every machine: only + - * / and sqrt of IEEE doubles, series instead
// of the C library's transcendentals, whose last bit is nobody's promise. Pure; safe from any thread.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace slipstream::simulate {

inline constexpr double pi = 3.14159265358979323846;

// The largest integer not above x; |x| < 2^62.
constexpr std::int64_t floor_of(double x) {
  const auto cut = static_cast<std::int64_t>(x);
  return static_cast<double>(cut) > x ? cut - 1 : cut;
}
constexpr std::int64_t rounded(double x) { return floor_of(x + 0.5); }
constexpr std::int32_t rounded_ms(double seconds) {
  return static_cast<std::int32_t>(rounded(seconds * 1000));
}

// x brought into [0, length).
constexpr double wrapped(double x, double length) {
  const double inside = x - length * static_cast<double>(floor_of(x / length));
  return inside >= length ? 0 : inside;
}

// How far it is from a to b going forward on a ring.
constexpr double ahead_m(double a, double b, double length) { return wrapped(b - a, length); }

constexpr double mixed(double a, double b, double part) { return a + (b - a) * part; }

// `value` moved towards `target` by at most `step`.
constexpr double towards(double value, double target, double step) {
  return value + std::clamp(target - value, -step, step);
}

double sine(double radians);
double cosine(double radians);
double exponential(double x);  // |x| < 700

}  // namespace slipstream::simulate
