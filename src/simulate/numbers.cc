#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

// Taylor series on [-pi/4, pi/4]; the terms left out are below the last bit.
double sine_near_zero(double x) {
  const double square = x * x;
  double term = x, sum = x;
  for (int n = 2; n <= 18; n += 2) {
    term = -term * square / static_cast<double>(n * (n + 1));
    sum += term;
  }
  return sum;
}

double cosine_near_zero(double x) {
  const double square = x * x;
  double term = 1, sum = 1;
  for (int n = 1; n <= 17; n += 2) {
    term = -term * square / static_cast<double>(n * (n + 1));
    sum += term;
  }
  return sum;
}

}  // namespace

double sine(double radians) {
  const std::int64_t quarters = rounded(radians / (pi / 2));
  const double rest = radians - static_cast<double>(quarters) * (pi / 2);
  switch (quarters & 3) {
    case 0: return sine_near_zero(rest);
    case 1: return cosine_near_zero(rest);
    case 2: return -sine_near_zero(rest);
    default: return -cosine_near_zero(rest);
  }
}

double cosine(double radians) { return sine(radians + pi / 2); }

double exponential(double x) {
  constexpr double ln2 = 0.69314718055994530942;
  const std::int64_t twos = rounded(x / ln2);
  const double rest = x - static_cast<double>(twos) * ln2;
  double term = 1, sum = 1;
  for (int n = 1; n <= 16; ++n) {
    term = term * rest / n;
    sum += term;
  }
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + twos) << 52);
}

}  // namespace slipstream::simulate
