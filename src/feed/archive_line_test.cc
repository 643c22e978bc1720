#include "feed/archive_line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;

TEST(SplitArchiveLine, T8ReadsThePrefixOfTwelveCharacters) {
  const auto line = split_archive_line(R"(00:17:32.294{"Lines":{}})");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->session_time, 17min + 32s + 294ms);
  EXPECT_EQ(line->raw_payload, R"({"Lines":{}})");
  EXPECT_EQ(split_archive_line("99:59:59.999")->session_time, 100h - 1ms);
  EXPECT_EQ(split_archive_line("00:00:00.000")->raw_payload, "");
}

TEST(SplitArchiveLine, RefusesAnythingElseInFront) {
  for (const char* text :
       {"", "{}", "00:17:32.29", "0:17:32.2940{}", "00:60:32.294{}", "00:17:60.294{}", "00-17:32.294{}",
        "00:17-32.294{}", "00:17:32,294{}", "aa:17:32.294{}", "00:17:32.2x4{}", "00:17:32.29x{}",
        "-1:17:32.294{}", "00: 7:32.294{}", "\357\273\27700:17:32.294{}"}) {
    ASSERT_FALSE(split_archive_line(text)) << text;
    EXPECT_EQ(split_archive_line(text).error().code, Errc::malformed);
  }
}

RC_GTEST_PROP(SplitArchiveLine, AgreesWithTheReaderOfSessionTimes, ()) {
  const SessionTime time(*rc::gen::inRange<std::int64_t>(0, 100 * 3'600'000LL));
  const auto line = split_archive_line(format_session_time(time) + "{}");
  RC_ASSERT(line.has_value());
  RC_ASSERT(line->session_time == time);
}

}  // namespace
}  // namespace slipstream::feed
