#include "core/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "core/ids.h"

namespace slipstream {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(Errc::malformed, "odd");
  return number / 2;
}

Result<void> halve_twice(int number, int& out) {
  SLIP_TRY(half(number));
  SLIP_TRY(half(number / 2));
  out = number / 4;
  return {};
}

TEST(Result, TryReturnsTheFirstError) {
  int out = 0;
  EXPECT_TRUE(halve_twice(12, out));
  EXPECT_EQ(out, 3);
  const auto failed = halve_twice(6, out);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "odd");
  EXPECT_EQ(out, 3) << "nothing after the error ran";
}

TEST(Result, ContextGoesInFront) {
  const Error error =
      with_context(with_context({Errc::conflict, "loaded already"}, "offset 7"), "topic f1_laps");
  EXPECT_EQ(error.code, Errc::conflict);
  EXPECT_EQ(error.message, "topic f1_laps: offset 7: loaded already");
}

TEST(Result, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (const Errc code :
       {Errc::malformed, Errc::unsupported, Errc::not_found, Errc::conflict, Errc::unavailable}) {
    names.insert(to_string(code));
  }
  EXPECT_EQ(names.size(), 5U);
}

TEST(CheckDeathTest, NamesExpressionAndPlace) {
  SLIP_CHECK(1 + 1 == 2);
  EXPECT_DEATH(SLIP_CHECK(1 + 1 == 3), "broken promise 1 \\+ 1 == 3 at .*result_test.cc");
}

TEST(StrongId, ComparesAndHashesByValue) {
  static_assert(!std::is_convertible_v<DriverNumber, LapNumber>);
  static_assert(!std::is_convertible_v<int, DriverNumber>);
  EXPECT_LT(DriverNumber(4), DriverNumber(81));
  EXPECT_EQ(std::hash<DriverNumber>{}(DriverNumber(4)), std::hash<DriverNumber>{}(DriverNumber(4)));
}

}  // namespace
}  // namespace slipstream
