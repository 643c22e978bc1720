#include "feed/json_cursor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace slipstream::feed {
namespace {

std::vector<std::string> members(std::string_view text) {
  JsonCursor json(text);
  std::vector<std::string> found;
  std::string_view key, raw;
  json.take('{');
  while (!json.has_failed() && json.next_member(key) && json.take_value(raw))
    found.push_back(std::string(key) + "=" + std::string(raw));
  if (json.has_failed()) found.push_back(json.error().message);
  return found;
}

using Texts = std::vector<std::string>;

TEST(JsonCursor, TakesMembersAsTheyAreWritten) {
  EXPECT_EQ(members(R"({"a":{"b":[1,"}]",{}]},"c" : "x\"}" , "d":-1.5e3,"e":null})"),
            (Texts{R"(a={"b":[1,"}]",{}]})", R"(c="x\"}")", "d=-1.5e3", "e=null"}));
  EXPECT_EQ(members("{}"), Texts{});
  EXPECT_EQ(members(" {\n \"a\" :\t1\r\n} "), Texts{"a=1"});
}

TEST(JsonCursor, GivesTheWholeMembersInFrontOfACut) {
  EXPECT_EQ(members(R"({"a":1,"b":{"c":2)"), (Texts{"a=1", "message is cut off at byte 17"}));
  EXPECT_EQ(members(R"({"a":1,"b":"x\)"), (Texts{"a=1", "message is cut off at byte 14"}));
  EXPECT_EQ(members(R"({"a":1,)"), (Texts{"a=1", "message is cut off at byte 7"}));
  EXPECT_EQ(members(""), Texts{"message is cut off at byte 0"});
}

TEST(JsonCursor, SaysWhatIsWrongWhere) {
  EXPECT_EQ(members("[]"), Texts{"unexpected text at byte 0"});
  EXPECT_EQ(members(R"({"a":1 "b":2})"), (Texts{"a=1", "unexpected text at byte 7"}));
  EXPECT_EQ(members(R"({a:1})"), Texts{"expected a string at byte 1"});
  EXPECT_EQ(members(R"({"a":,})"), Texts{"expected a value at byte 5"});
}

TEST(JsonCursor, TriesAWholeNumberAndLeavesWhatIsNone) {
  const auto tried = [](std::string_view text) {
    JsonCursor json(text);
    std::int64_t whole = -1;
    const bool is_whole = json.try_whole(whole);
    std::string_view raw;
    EXPECT_FALSE(json.has_failed());
    return is_whole ? std::to_string(whole) : json.take_value(raw) ? "left " + std::string(raw) : "cut";
  };
  EXPECT_EQ(tried("12,"), "12");
  EXPECT_EQ(tried(" -7 }"), "-7");
  EXPECT_EQ(tried("0]"), "0");
  EXPECT_EQ(tried("999999999999999999,"), "999999999999999999");
  EXPECT_EQ(tried("1234567890123456789,"), "left 1234567890123456789") << "may not fit";
  EXPECT_EQ(tried("1023.0,"), "left 1023.0");
  EXPECT_EQ(tried("1e3,"), "left 1e3");
  EXPECT_EQ(tried(R"("12",)"), R"(left "12")");
  EXPECT_EQ(tried("null}"), "left null");
  EXPECT_EQ(tried("-,"), "left -");
  EXPECT_EQ(tried("12"), "left 12") << "more digits may be cut off";
}

TEST(JsonCursor, TakesNamesWithAndWithoutRoomBetween) {
  EXPECT_EQ(members(R"({"a":1,"b" :2, "c":3,"d\"e":4,"":5})"),
            (Texts{"a=1", "b=2", "c=3", R"(d\"e=4)", "=5"}));
  EXPECT_EQ(members(R"({"a":1,,"b":2})"), (Texts{"a=1", "expected a string at byte 7"}));
  EXPECT_EQ(members(R"({"a")"), Texts{"message is cut off at byte 4"});
  EXPECT_EQ(members(R"({"a)"), Texts{"message is cut off at byte 3"});
}

TEST(JsonCursor, TakesElements) {
  JsonCursor json(R"([1, [2], "3"])");
  Texts found;
  std::string_view raw;
  json.take('[');
  while (json.next_element() && json.take_value(raw)) found.emplace_back(raw);
  EXPECT_FALSE(json.has_failed());
  EXPECT_EQ(found, (Texts{"1", "[2]", R"("3")"}));
  EXPECT_TRUE(json.take_end());
}

}  // namespace
}  // namespace slipstream::feed
