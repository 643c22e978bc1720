#include "feed/line_reader.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "feed/byte_order_mark.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::pair<std::int64_t, std::string>> lines_of(const std::string& path,
                                                           std::size_t chunk_bytes = read_chunk_bytes) {
  std::vector<std::pair<std::int64_t, std::string>> lines;
  auto bytes = ByteReader::open(path);
  EXPECT_TRUE(bytes);
  LineReader reader(std::move(*bytes), chunk_bytes);
  Line line;
  while (*reader.next(line)) lines.emplace_back(line.offset, line.text);
  return lines;
}

TEST(LineReader, T8TakesByteOrderMarkCrlfAndALastLineWithoutEnd) {
  const test::TempFolder folder;
  EXPECT_THAT(lines_of(folder.write("f1", std::string(byte_order_mark) + "one\r\ntwo\r\n")),
              ElementsAre(std::pair(3, "one"), std::pair(8, "two")));
  EXPECT_THAT(lines_of(folder.write("unix", "one\n\ntwo")),
              ElementsAre(std::pair(0, "one"), std::pair(4, ""), std::pair(5, "two")));
  EXPECT_THAT(lines_of(folder.write("return_inside", "o\rne\r\n")), ElementsAre(std::pair(0, "o\rne")));
  EXPECT_THAT(lines_of(folder.write("mark_only", byte_order_mark)), IsEmpty());
  EXPECT_THAT(lines_of(folder.write("half_mark", "\xEF\xBB")), ElementsAre(std::pair(0, "\xEF\xBB")));
  EXPECT_THAT(lines_of(folder.write("empty", "")), IsEmpty());
}

TEST(LineReader, SaysWhichLineTheFileCutOff) {
  const test::TempFolder folder;
  LineReader reader(*ByteReader::open(folder.write("file", "whole\nhalf")));
  Line line;
  ASSERT_TRUE(*reader.next(line));
  EXPECT_TRUE(line.is_terminated);
  ASSERT_TRUE(*reader.next(line));
  EXPECT_FALSE(line.is_terminated);
  EXPECT_EQ(line.text, "half");
  EXPECT_FALSE(*reader.next(line));
  EXPECT_FALSE(*reader.next(line));
}

TEST(LineReader, SkipsALineThatIsTooLongAndGoesOn) {
  const test::TempFolder folder;
  const std::string text = "a\n" + std::string(10'000, 'x') + "\nb\n" + std::string(9'000, 'y');
  for (const std::size_t chunk_bytes : {1U, 64U, 100'000U}) {
    LineReader reader(*ByteReader::open(folder.write("file", text)), chunk_bytes, 100);
    Line line;
    ASSERT_TRUE(*reader.next(line));
    EXPECT_EQ(line.text, "a");
    ASSERT_TRUE(*reader.next(line));
    EXPECT_TRUE(line.is_too_long);
    EXPECT_EQ(line.offset, 2);
    EXPECT_EQ(line.text.front(), 'x');
    EXPECT_LE(line.text.size(), limits::rejected_raw_bytes_max);
    ASSERT_TRUE(*reader.next(line));
    EXPECT_EQ(line.text, "b");
    EXPECT_EQ(line.offset, 10'003);
    EXPECT_FALSE(line.is_too_long);
    ASSERT_TRUE(*reader.next(line));
    EXPECT_TRUE(line.is_too_long);
    EXPECT_FALSE(line.is_terminated);
    EXPECT_FALSE(*reader.next(line));
  }
}

RC_GTEST_PROP(LineReader, GivesTheSameLinesForEveryChunkSize, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\r{}\xEF\xBB\xBF "))));
  std::string text;
  for (const std::string& line : lines) text += line + (line.size() % 2 == 0 ? "\r\n" : "\n");
  if (*rc::gen::arbitrary<bool>() && !text.empty()) text.pop_back();
  const test::TempFolder folder;
  const auto plain = folder.write("plain", text);
  const auto packed = folder.write("packed", test::gzip(text));
  const auto expected = lines_of(plain);
  const auto chunk_bytes = *rc::gen::inRange<std::size_t>(1, 40);
  RC_ASSERT(lines_of(plain, chunk_bytes) == expected);
  RC_ASSERT(lines_of(packed, chunk_bytes) == expected);
}

}  // namespace
}  // namespace slipstream::feed
