#include "feed/archive_line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "feed/source_test_support.h"

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
  for (const char* text : {"", "{}", "00:17:32.29", "0:17:32.2940{}", "00:60:32.294{}", "00:17:60.294{}",
                           "00-17:32.294{}", "00:17-32.294{}", "00:17:32,294{}", "aa:17:32.294{}",
                           "00:17:32.2x4{}", "00:17:32.29x{}", "-1:17:32.294{}", "00: 7:32.294{}",
                           "\xEF\xBB\xBF"
                           "00:17:32.294{}"}) {
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

TEST(DecodeArchivePayload, UnpacksOnlyWhatIsPacked) {
  Unpacker unpacker;
  std::string payload;
  const std::string packed = '"' + test::pack("{}") + '"';
  EXPECT_TRUE(decode_archive_payload(packed, true, unpacker, payload));
  EXPECT_EQ(payload, "{}");
  EXPECT_TRUE(decode_archive_payload(R"({"a":1})", true, unpacker, payload));
  EXPECT_EQ(payload, R"({"a":1})");
  EXPECT_TRUE(decode_archive_payload(R"([1])", false, unpacker, payload));
  EXPECT_EQ(payload, "[1]");
  for (const std::string& text : {std::string(), std::string("\""), packed.substr(0, packed.size() - 1)}) {
    EXPECT_FALSE(decode_archive_payload(text, true, unpacker, payload)) << text;
  }
  EXPECT_FALSE(decode_archive_payload(packed, false, unpacker, payload));
  EXPECT_FALSE(decode_archive_payload('"' + test::pack("no document") + '"', true, unpacker, payload));
}

}  // namespace
}  // namespace slipstream::feed
