#include "simulate/numbers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulate/random.h"

namespace slipstream::simulate {
namespace {

TEST(Numbers, SeriesAgreeWithTheLibrary) {
  for (double x = -20; x < 20; x += 0.137) {
    EXPECT_NEAR(sine(x), std::sin(x), 1e-14);
    EXPECT_NEAR(cosine(x), std::cos(x), 1e-14);
    EXPECT_NEAR(exponential(x) / std::exp(x), 1, 1e-13);
  }
}

TEST(Numbers, WrappedStaysOnTheRing) {
  EXPECT_EQ(wrapped(-1, 10), 9);
  EXPECT_EQ(wrapped(10, 10), 0);
  EXPECT_EQ(ahead_m(9, 1, 10), 2);
  EXPECT_EQ(floor_of(-0.5), -1);
  EXPECT_EQ(rounded(2.5), 3);
}

TEST(Random, StreamsAreTheirOwn) {
  Random a(1, Purpose::laps, 3), b(1, Purpose::laps, 3), c(1, Purpose::laps, 4), d(1, Purpose::pits, 3);
  const std::uint64_t first = a.bits();
  EXPECT_EQ(first, b.bits());
  EXPECT_NE(first, c.bits());
  EXPECT_NE(first, d.bits());
}

TEST(Random, NormalHasMeanAndDeviation) {
  Random random(7, Purpose::laps);
  double sum = 0, squares = 0;
  constexpr int draws = 20'000;
  for (int n = 0; n < draws; ++n) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / draws, 0, 0.03);
  EXPECT_NEAR(squares / draws, 1, 0.03);
}

}  // namespace
}  // namespace slipstream::simulate
