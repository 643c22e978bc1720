#include "core/json_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// What a JSON parser makes of the document; a text that says so if it is not valid.
std::string decoded_string(const std::string& json) {
  simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(json).get_string().get(text) != simdjson::SUCCESS) return "<not JSON: " + json + ">";
  return std::string(text);
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text); }

TEST(JsonString, EscapesWhatJsonForbids) {
  EXPECT_EQ(json_of("a\"b\\c\nd\re\tf"), R"("a\"b\\c\nd\re\tf")");
  EXPECT_EQ(json_of(std::string_view("\0\x1f", 2)), "\"\\u0000\\u001f\"");
  EXPECT_EQ(json_of(""), "\"\"");
}

TEST(JsonString, KeepsUtf8AsItIs) {
  for (const char* text :
       {"São Paulo", "Kimi Räikkönen", "周冠宇", "🏁", "\u07FF\u0800\uFFFF\U00010000\U0010FFFF"}) {
    EXPECT_EQ(json_of(text), "\"" + std::string(text) + "\"");
  }
}

TEST(JsonString, ReplacesEachByteThatIsNoUtf8) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(decoded_string(json_of("a\xFFz")), "a" + mark + "z");
  EXPECT_EQ(decoded_string(json_of("\xC0\xAF")), mark + mark);                        // overlong "/"
  EXPECT_EQ(decoded_string(json_of("\xE0\x80\xAF")), mark + mark + mark);             // overlong in three
  EXPECT_EQ(decoded_string(json_of("\xED\xA0\x80")), mark + mark + mark);             // a surrogate
  EXPECT_EQ(decoded_string(json_of("\xF4\x90\x80\x80")), mark + mark + mark + mark);  // behind U+10FFFF
  EXPECT_EQ(decoded_string(json_of("\xE2\x82")), mark + mark);                        // cut euro sign
  EXPECT_EQ(decoded_string(json_of("\x80")), mark);
}

RC_GTEST_PROP(JsonString, IsValidJsonForAnyBytes, (const std::string& bytes)) {
  const std::string back = decoded_string(json_of(bytes));
  RC_ASSERT(is_utf8(back));
  if (is_utf8(bytes)) RC_ASSERT(back == bytes);
}

// Random bytes are hardly ever UTF-8; these texts are made of pieces that are, and of halves that may meet.
RC_GTEST_PROP(JsonString, KeepsEveryValidText, ()) {
  const auto piece = rc::gen::element<std::string>("a", "\"", "\\", "\n", std::string(1, '\0'), "ö", "€",
                                                   "🏁", "\xC3", "\xB6", "\xE2\x82", "\xAC", "\xF0\x9F\x8F");
  const auto pieces = *rc::gen::container<std::vector<std::string>>(piece);
  const std::string text = std::accumulate(pieces.begin(), pieces.end(), std::string());
  const std::string back = decoded_string(json_of(text));
  RC_ASSERT(is_utf8(back));
  RC_ASSERT((back == text) == is_utf8(text));
}

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .field("a", 1)
      .key("b")
      .begin_array()
      .value(2)
      .value(3)
      .begin_object()
      .end_object()
      .end_array();
  json.field("c", "d").key("e").begin_object().end_object().field("f", true).end_object();
  EXPECT_EQ(out, R"({"a":1,"b":[2,3,{}],"c":"d","e":{},"f":true})");
}

TEST(JsonWriter, AppendsToWhatTheBufferHolds) {
  std::string out = "data: ";
  JsonWriter(out).begin_array().raw("{\"x\":1}").raw("null").end_array();
  EXPECT_EQ(out, R"(data: [{"x":1},null])");
}

TEST(JsonWriter, WritesUnknownAsNull) {
  std::string out;
  JsonWriter json(out);
  json.begin_array()
      .value(std::optional<int>())
      .value(std::optional<int>(7))
      .value(std::optional<std::string>());
  json.value(std::numeric_limits<double>::quiet_NaN())
      .value(std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(out, "[null,7,null,null,null]");
}

TEST(JsonWriter, WritesWholeFloatsAsPandasDoes) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().whole_float(1).whole_float(-20).whole_float(0).end_array();
  EXPECT_EQ(out, "[1.0,-20.0,0.0]");
}

RC_GTEST_PROP(JsonWriter, NumbersReadBackTheSame, (std::int64_t whole, double real)) {
  std::string out;
  JsonWriter json(out);
  json.begin_array().value(whole).value(real).end_array();
  simdjson::dom::parser parser;
  const simdjson::dom::array back = parser.parse(out).get_array();
  RC_ASSERT(std::int64_t(back.at(0).get_int64()) == whole);
  RC_ASSERT(double(back.at(1).get_double()) == real);
}

TEST(JsonWriter, NumbersBeyond64BitsReadBackTheSame) {
  simdjson::dom::parser parser;
  for (const double real : {0x1p63, -0x1p63, 0x1p64, 39199331025099415552.0, -1e22, 1e300}) {
    std::string out = "[";
    JsonWriter(out).value(real);
    EXPECT_EQ(double(parser.parse(out += ']').at(0).get_double()), real) << out;
  }
}

TEST(JsonWriter, WritesTheLimitsOfItsIntegers) {
  std::string out;
  JsonWriter json(out);
  json.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::int64_t>::max());
  json.value(std::uint8_t{255}).end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807,255]");
}

}  // namespace
}  // namespace slipstream
