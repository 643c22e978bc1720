#include "feed/python_literal.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include <array>
#include <random>

#include "core/json_writer.h"
#include "core/limits.h"

namespace slipstream::feed {
namespace {

// The literal as JSON, or the error in brackets.
std::string json_of(std::string_view text) {
  PythonLiteral literal(text);
  std::string json;
  if (literal.take_value(json) && literal.take_end()) return json;
  return "<" + literal.error().message + ">";
}

TEST(PythonLiteral, T9ReadsWhatReprPrints) {
  EXPECT_EQ(json_of("{'Utc': '2025-09-07T12:57:33.210877Z', '_kf': True}"),
            R"({"Utc":"2025-09-07T12:57:33.210877Z","_kf":true})");
  EXPECT_EQ(json_of("[True, False, None, 1, -2, 1.5, []]"), "[true,false,null,1,-2,1.5,[]]");
  EXPECT_EQ(json_of("{'Lines': {'10': {'Sectors': {'0': {'Segments': {'3': {'Status': 2048}}}}}}}"),
            R"({"Lines":{"10":{"Sectors":{"0":{"Segments":{"3":{"Status":2048}}}}}}})");
  EXPECT_EQ(json_of(" { } "), "{}");
  EXPECT_EQ(json_of("(1, 'a', (2,), ())"), R"([1,"a",[2],[]])");
  EXPECT_EQ(json_of("[1, 2, ]"), "[1,2]");
  EXPECT_EQ(json_of("{'a': 1, }"), R"({"a":1})");
}

TEST(PythonLiteral, T9KeepsQuotesApart) {
  EXPECT_EQ(json_of(R"({'Message': "CAR 44's TIME DELETED"})"), R"({"Message":"CAR 44's TIME DELETED"})");
  EXPECT_EQ(json_of(R"('he said "True"')"), R"("he said \"True\"")");
  EXPECT_EQ(json_of(R"('both \' and "')"), R"("both ' and \"")");
  EXPECT_EQ(json_of(R"("both ' and \"")"), R"("both ' and \"")");
}

TEST(PythonLiteral, ReadsEveryEscape) {
  EXPECT_EQ(json_of(R"('\\ \' \" \n\r\t\a\b\f\v')"),
            R"("\\ ' \" \u000a\u000d\u0009\u0007\u0008\u000c\u000b")");
  EXPECT_EQ(json_of(R"('\x41\xe9\u20ac\U0001f3ce')"), "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8F\x8E\"");
  EXPECT_EQ(json_of(R"('\0\7\101\1011\18')"), "\"\\u0000\\u0007AA1\\u00018\"");
  EXPECT_EQ(json_of(R"('\d')"), R"("\\d")");  // Python leaves what it does not know
  EXPECT_EQ(json_of(R"('\ud83c\udfce')"), "\"\xF0\x9F\x8F\x8E\"");
  EXPECT_EQ(json_of(R"('\ud83c \udfce')"), "\"\xEF\xBF\xBD \xEF\xBF\xBD\"");
  EXPECT_EQ(json_of("'PÉREZ'"), "\"PÉREZ\"");
  for (const char* text :
       {R"('\x4')", R"('\x4g')", R"('\u12')", R"('\U00110000')", R"('\N{DASH}')", R"('\)", "'"}) {
    EXPECT_EQ(json_of(text).front(), '<') << text;
  }
}

TEST(PythonLiteral, ReadsNumbersAsJsonWritesThem) {
  EXPECT_EQ(json_of("[0, -0.0, 1e-05, 1E+16, 1., .5, +5, 007.5, 00, 123456789012345678901234567890]"),
            "[0,-0.0,1e-05,1E+16,1.0,0.5,5,7.5,0,123456789012345678901234567890]");
  EXPECT_EQ(json_of("[nan, inf, -inf]"), "[null,null,null]");
  for (const char* text :
       {"07", "1e", "1e+", ".", "-", "--1", "1.2.3", "0x10", "1_000", "1-2", "1j", "nano", "-None"}) {
    EXPECT_EQ(json_of(text).front(), '<') << text;
  }
}

TEST(PythonLiteral, MakesEveryKeyAString) {
  EXPECT_EQ(json_of("{1: 2, 1.5: 3, None: 4, True: 5}"), R"({"1":2,"1.5":3,"null":4,"true":5})");
  EXPECT_EQ(json_of("{(1, 2): 3}"), "<expected a value at byte 1>");
}

TEST(PythonLiteral, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(json_of(""), "<ends too early at byte 0>");
  EXPECT_EQ(json_of("{'a': 1"), "<dict is cut off at byte 7>");
  EXPECT_EQ(json_of("[1, 2"), "<list is cut off at byte 5>");
  EXPECT_EQ(json_of("'abc"), "<string is cut off at byte 4>");
  EXPECT_EQ(json_of("{'a' 1}"), "<expected ':' in a dict at byte 5>");
  EXPECT_EQ(json_of("[1 2]"), "<expected ',' in a list at byte 3>");
  EXPECT_EQ(json_of("[1]]"), "<unexpected text behind the end at byte 3>");
  EXPECT_EQ(json_of("[,]"), "<expected a value at byte 1>");
  EXPECT_EQ(json_of("true"), "<expected a value at byte 0>");
  EXPECT_EQ(json_of("{'when': datetime.datetime(2025, 1, 1)}"), "<expected a value at byte 9>");
  EXPECT_EQ(json_of(std::string_view("[\0]", 3)), "<expected a value at byte 1>");
}

TEST(PythonLiteral, StopsAtTheLimitOfDepth) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(json_of(nested(limits::json_depth_max)), nested(limits::json_depth_max));
  EXPECT_EQ(json_of(nested(100'000)).substr(0, 18), "<nested too deeply");
}

// A random document, written twice: as Python in one of the many ways it can be, and as JSON.
class RandomDocument {
 public:
  explicit RandomDocument(std::uint32_t seed) : random_(seed) { value(0); }
  const std::string& python() const { return python_; }
  const std::string& json() const { return json_; }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  void both(std::string_view text) {
    python_ += text;
    json_ += text;
  }
  void space() {
    if (below(3) == 0) python_ += ' ';
  }

  void value(int depth) {
    space();
    switch (below(depth > 4 ? 5 : 8)) {
      case 0: python_ += "True", json_ += "true"; break;
      case 1: python_ += "None", json_ += "null"; break;
      case 2: both(fmt::format("{}", below(2'000'000) - 1'000'000)); break;
      case 3: both(fmt::format("{}", (below(2'000'000) - 1'000'000) / 1024.0)); break;
      case 4: string(); break;
      case 5: python_ += "False", json_ += "false"; break;
      case 6: list(depth); break;
      default: dict(depth); break;
    }
    space();
  }

  void list(int depth) {
    const bool is_tuple = below(4) == 0;
    const int count = below(4);
    python_ += is_tuple ? '(' : '[';
    json_ += '[';
    for (int i = 0; i < count; ++i) {
      if (i > 0) both(",");
      value(depth + 1);
    }
    if (count > 0 && (is_tuple || below(4) == 0)) python_ += ',';
    python_ += is_tuple ? ')' : ']';
    json_ += ']';
  }

  void dict(int depth) {
    const int count = below(4);
    both("{");
    for (int i = 0; i < count; ++i) {
      if (i > 0) both(",");
      string();
      space();
      both(":");
      value(depth + 1);
    }
    both("}");
  }

  void string() {
    const char quote = below(2) == 0 ? '\'' : '"';
    std::string text;
    python_ += quote;
    for (int i = below(12); i > 0; --i) character(quote, text);
    python_ += quote;
    append_json_string(json_, text);
  }

  void character(char quote, std::string& text) {
    static constexpr std::array<std::pair<int, std::string_view>, 10> wide{{{0xE9, "é"},
                                                                            {0x20AC, "€"},
                                                                            {0x1F3CE, "🏎"},
                                                                            {'\'', "'"},
                                                                            {'"', "\""},
                                                                            {'\\', "\\"},
                                                                            {'\n', "\n"},
                                                                            {0x7F, "\x7F"},
                                                                            {1, "\x01"},
                                                                            {'{', "{"}}};
    const int plain = 'a' + below(26);
    const std::string letter(1, static_cast<char>(plain));
    const auto [code, utf8] =
        below(2) == 0 ? wide[below(wide.size())] : std::pair(plain, std::string_view(letter));
    text += utf8;
    const int form = below(6);
    if (form == 0 && code < 0x100) python_ += fmt::format("\\x{:02x}", code);
    else if (form == 1 && code < 0x10000) python_ += fmt::format("\\u{:04x}", code);
    else if (form == 2) python_ += fmt::format("\\U{:08X}", code);
    else if (form == 3 && code < 0x80) python_ += fmt::format("\\{:03o}", code);
    else if (code == '\n') python_ += "\\n";
    else if (code == quote || code == '\\') python_ += fmt::format("\\{}", utf8);
    else python_ += utf8;
  }

  std::mt19937 random_;
  std::string python_;
  std::string json_;
};

std::string normalised(simdjson::dom::parser& parser, const std::string& json) {
  simdjson::dom::element element;
  if (parser.parse(json).get(element) != simdjson::SUCCESS) return "not JSON: " + json;
  return simdjson::to_string(element);
}

RC_GTEST_PROP(PythonLiteral, ReadsEveryDocumentBackHoweverItIsWritten, (std::uint32_t seed)) {
  const RandomDocument document(seed);
  simdjson::dom::parser parser;
  const std::string json = json_of(document.python());
  RC_LOG() << document.python() << '\n' << json << '\n';
  RC_ASSERT(normalised(parser, json) == normalised(parser, document.json()));
}

RC_GTEST_PROP(PythonLiteral, RefusesEveryDocumentThatIsCut, (std::uint32_t seed)) {
  const RandomDocument document(seed);
  const std::string text = "[" + document.python() + "]";
  const auto cut = *rc::gen::inRange<std::size_t>(0, text.size());
  RC_ASSERT(json_of(std::string_view(text).substr(0, cut)).front() == '<');
}

}  // namespace
}  // namespace slipstream::feed
