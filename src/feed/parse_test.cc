#include "feed/parse.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;

template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::unavailable : result.error().code;  // no parser says unavailable
}

TEST(ParseLapTime, ReadsWhatTheFeedPrints) {
  EXPECT_EQ(parse_lap_time("1:18.366"), 78'366ms);
  EXPECT_EQ(parse_lap_time("28.104"), 28'104ms);
  EXPECT_EQ(parse_lap_time("1:02:03.456"), 3'723'456ms);
  EXPECT_EQ(parse_lap_time("15:04.007"), 904'007ms);  // a lap with a red flag in it
  EXPECT_EQ(parse_lap_time("72.400"), 72'400ms);
}

TEST(ParseLapTime, TellsAClearedTimeFromABadOne) {
  EXPECT_EQ(parse_lap_time("").error().code, Errc::not_found);
  for (const char* text :
       {"1:18", "+0.512", "LAP 54", "1:18.36", "1:18.3666", "1:8.366", "1:60.000", ":18.366", "1:02:60.000",
        "1:2:3:4.000", "-1:18.366", " 28.104", "28.104 ", "28,104", ".104", "99999999999.000", "28.1a4"}) {
    EXPECT_EQ(code_of(parse_lap_time(text)), Errc::malformed) << text;
  }
  EXPECT_EQ(parse_lap_time("LAP 54").error().message, "not a lap time: \"LAP 54\"");
}

TEST(ParseLapTime, QuotesOnlyTheFrontOfALongText) {
  EXPECT_LT(parse_lap_time(std::string(100'000, 'x')).error().message.size(), 120U);
}

RC_GTEST_PROP(ParseLapTime, ReadsEveryTimeThatCanBePrinted, ()) {
  const int ms = *rc::gen::inRange(0, 3'600'000);
  const auto text = fmt::format("{}:{:02}.{:03}", ms / 60'000, ms / 1000 % 60, ms % 1000);
  RC_ASSERT(parse_lap_time(text) == std::chrono::milliseconds(ms));
}

TEST(ParseDuration, TakesFewerDecimals) {
  EXPECT_EQ(parse_duration("2.4"), 2'400ms);
  EXPECT_EQ(parse_duration("23.45"), 23'450ms);
  EXPECT_EQ(parse_duration("23.451"), 23'451ms);
  EXPECT_EQ(parse_duration("1:02.3"), 62'300ms);
  EXPECT_EQ(parse_duration("24"), 24'000ms);
  EXPECT_EQ(code_of(parse_duration("")), Errc::not_found);
  for (const char* text : {"2.", "2.4567", "-2.4", "abc", "1:2.3"}) {
    EXPECT_EQ(code_of(parse_duration(text)), Errc::malformed) << text;
  }
}

TEST(ParseGap, P12ReadsEveryFormOfTheFeed) {
  EXPECT_EQ(parse_gap("+9.999"), (Gap{.time = 9'999ms}));
  EXPECT_EQ(parse_gap("+1:09.473"), (Gap{.time = 69'473ms}));
  EXPECT_EQ(parse_gap("+1004.123"), (Gap{.time = 1'004'123ms}));
  EXPECT_EQ(parse_gap("-0.021"), (Gap{.time = -21ms}));
  EXPECT_EQ(parse_gap("9L"), (Gap{.laps_down = 9}));
  EXPECT_EQ(parse_gap("12 L"), (Gap{.laps_down = 12}));
  EXPECT_EQ(parse_gap("+1 LAP"), (Gap{.laps_down = 1}));
  EXPECT_EQ(parse_gap("2 LAPS"), (Gap{.laps_down = 2}));
  EXPECT_EQ(parse_gap("LAP 54"), (Gap{.leader_lap = 54}));
  EXPECT_TRUE(parse_gap("LAP 1")->is_leader_lap());
}

TEST(ParseGap, TellsAClearedGapFromABadOne) {
  EXPECT_EQ(code_of(parse_gap("")), Errc::not_found);
  for (const char* text : {"9.999", "+9.99", "+", "L", "9", "9  L", "9l", "LAP", "LAP ", "LAP 1x", "-1L",
                           "1:18.366", "+1:9.473", "9 LEADER"}) {
    EXPECT_EQ(code_of(parse_gap(text)), Errc::malformed) << text;
  }
}

TEST(ParseClock, ReadsTheSessionClock) {
  EXPECT_EQ(parse_clock("00:17:59"), 17min + 59s);
  EXPECT_EQ(parse_clock("02:00:00"), 2h);
  EXPECT_EQ(parse_clock("26:00:00"), 26h);
  EXPECT_EQ(parse_clock("00:17:59.250"), 17min + 59s + 250ms);
  EXPECT_EQ(code_of(parse_clock("")), Errc::not_found);
  for (const char* text : {"17:59", "00:17", "00:60:00", "00:17:5x", "00-17-59", "1:2:3"}) {
    EXPECT_EQ(code_of(parse_clock(text)), Errc::malformed) << text;
  }
}

TEST(ParseInt, P15TakesWholeNumbersPrintedAsFloats) {
  EXPECT_EQ(parse_int("12"), 12);
  EXPECT_EQ(parse_int("-3"), -3);
  EXPECT_EQ(parse_int("1023.0"), 1023);
  EXPECT_EQ(parse_int("7.000"), 7);
  EXPECT_EQ(code_of(parse_int("")), Errc::not_found);
  for (const char* text :
       {"10.5", "7.", ".0", "+7", " 7", "7 ", "1e3", "0x10", "99999999999999999999", "seven"}) {
    EXPECT_EQ(code_of(parse_int(text)), Errc::malformed) << text;
  }
}

TEST(ParseDecimal, ReadsPlainNumbersOnly) {
  EXPECT_EQ(parse_decimal("28.4"), 28.4);
  EXPECT_EQ(parse_decimal("-0.5"), -0.5);
  EXPECT_EQ(parse_decimal("1014"), 1014.0);
  EXPECT_EQ(code_of(parse_decimal("")), Errc::not_found);
  for (const char* text : {"nan", "inf", "-inf", "0x1p3", "28.4C", "1e999", " 1", "--1"}) {
    EXPECT_EQ(code_of(parse_decimal(text)), Errc::malformed) << text;
  }
}

TEST(ParseFlag, P10ReadsFlagsThatComeAsText) {
  for (const char* text : {"true", "True", "1"}) EXPECT_EQ(parse_flag(text), true) << text;
  for (const char* text : {"false", "False", "0"}) EXPECT_EQ(parse_flag(text), false) << text;
  EXPECT_EQ(code_of(parse_flag("")), Errc::not_found);
  EXPECT_EQ(code_of(parse_flag("yes")), Errc::malformed);
}

}  // namespace
}  // namespace slipstream::feed
