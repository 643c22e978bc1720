#include "core/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace slipstream {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::sys_days;

constexpr UtcTime qualifying_day = sys_days(std::chrono::year(2025) / 10 / 25);

TEST(ParseUtc, ReadsWhatTheFeedPrints) {
  const UtcTime expected = qualifying_day + 20h + 46min + 27s + 9ms;
  EXPECT_EQ(parse_utc("2025-10-25T20:46:27.009Z"), expected);
  EXPECT_EQ(parse_utc("2025-10-25T20:46:27.0090000Z"), expected);
  EXPECT_EQ(parse_utc("2025-10-25T20:46:27.009+00:00"), expected);
  EXPECT_EQ(parse_utc("2025-10-25 20:46:27.009"), expected);
  EXPECT_EQ(parse_utc("2025-10-25T20:46:27"), expected - 9ms);
  EXPECT_EQ(parse_utc("2024-02-29T00:00:00Z"), UtcTime(sys_days(std::chrono::year(2024) / 2 / 29)));
}

TEST(ParseUtc, CutsToMicrosecondsAndRoundsHalfToEven) {
  const UtcTime second = qualifying_day + 1s;
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.1110449Z"), second + 111ms);
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.0005Z"), second);        // half: to the even 0
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.0015Z"), second + 2ms);  // half: to the even 2
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.0005009Z"), second);     // cut to .000500 first
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.000501Z"), second + 1ms);
  EXPECT_EQ(parse_utc("2025-10-25T00:00:01.9999999Z"), second + 1000ms);
}

TEST(ParseUtc, RefusesEverythingElse) {
  for (const char* text :
       {"", "Z", "2025-10-25", "2025-10-25T20:46", "2025-10-25T20:46:27.", "2025-10-25T20:46:27.1234567890Z",
        "2025-13-25T20:46:27Z", "2025-02-29T20:46:27Z", "2025-10-25T24:00:00Z", "2025-10-25T20:60:00Z",
        "2025-10-25T20:46:27+02:00", "2025-10-25X20:46:27Z", "2025/10/25T20:46:27Z", " 2025-10-25T20:46:27Z",
        "2025-10-25T20:46:27.00aZ", "2025-10-25T20:46:2xZ", "9999-12-31T23:59:60Z"}) {
    const auto time = parse_utc(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Errc::malformed);
    EXPECT_NE(time.error().message.find(text), std::string::npos) << "the message quotes the text";
  }
}

RC_GTEST_PROP(ParseUtc, ReadsBackWhatFormatUtcPrints, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(-2'208'988'800'000, 4'102'444'800'000);  // 1900 to 2100
  const UtcTime time{milliseconds(ms)};
  RC_ASSERT(parse_utc(format_utc(time)) == time);
}

TEST(FormatUtc, AlwaysHasThreeDecimals) {
  EXPECT_EQ(format_utc(qualifying_day + 20h + 46min + 27s + 9ms), "2025-10-25T20:46:27.009Z");
  EXPECT_EQ(format_utc(UtcTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(UtcTime{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(ParseSessionTime, ReadsArchiveAndDump) {
  EXPECT_EQ(parse_session_time("00:13:37.110"), 13min + 37s + 110ms);
  EXPECT_EQ(parse_session_time("01:00:00"), milliseconds(1h));
  EXPECT_EQ(parse_session_time("1:02:03.4"), 1h + 2min + 3s + 400ms);
  EXPECT_EQ(parse_session_time("123:00:00.000"), milliseconds(123h));
}

TEST(ParseSessionTime, RefusesEverythingElse) {
  for (const char* text :
       {"", ":", "13:37", "00:60:00.000", "00:00:60.000", "-1:00:00.000", "12345:00:00.000",
        "9999:59:59.9999", "00:00:00.000 ", "00:00:0a.000", "00-00-00.000", "00:00:00,000", "00:00:00."}) {
    const auto time = parse_session_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Errc::malformed);
  }
}

RC_GTEST_PROP(ParseSessionTime, ReadsBackWhatFormatPrints, ()) {
  const SessionTime time(*rc::gen::inRange<std::int64_t>(0, 9999LL * 3'600'000));
  RC_ASSERT(parse_session_time(format_session_time(time)) == time);
}

RC_GTEST_PROP(Times, NeverCrashOnAnyText, (const std::string& text)) {
  // Texts that begin like a time reach the far corners of the parsers.
  for (const std::string& tried :
       {text, "2025-10-25T20:46:27" + text, "00:00:00" + text, text + ":00:00.0"}) {
    (void)parse_utc(tried);
    (void)parse_session_time(tried);
    (void)parse_gmt_offset_s(tried);
  }
}

TEST(FormatSessionTime, PutsTheSignInFront) {
  EXPECT_EQ(format_session_time(-1500ms), "-00:00:01.500");
  EXPECT_EQ(format_session_time(0ms), "00:00:00.000");
}

TEST(ParseGmtOffset, ReadsBothSigns) {
  EXPECT_EQ(parse_gmt_offset_s("-06:00:00"), -21'600);
  EXPECT_EQ(parse_gmt_offset_s("05:30:00"), 19'800);
  EXPECT_EQ(parse_gmt_offset_s("+10:00:00"), 36'000);
  EXPECT_EQ(parse_gmt_offset_s("00:00:00"), 0);
}

TEST(ParseGmtOffset, RefusesWhatIsNoOffset) {
  for (const char* text : {"", "-", "16:00:00", "--06:00:00", "+-06:00:00", "06:00"}) {
    ASSERT_FALSE(parse_gmt_offset_s(text)) << text;
  }
}

}  // namespace
}  // namespace slipstream
