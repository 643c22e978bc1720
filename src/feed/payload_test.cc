#include "feed/payload.h"

#include "core/limits.h"
#include "feed/source_test_support.h"

namespace slipstream::feed {
namespace {

using test::base64;
using test::pack;
using test::raw_deflate;

std::string reason(Result<void> result) { return result ? "" : result.error().message; }

TEST(Unpacker, T7UnpacksBase64OfRawDeflate) {
  Unpacker unpacker;
  std::string payload;
  ASSERT_TRUE(unpacker.unpack(pack(R"({"Entries":[]})"), payload));
  EXPECT_EQ(payload, R"({"Entries":[]})");
  EXPECT_GE(payload.capacity(), payload.size() + payload_padding_bytes);
}

TEST(Unpacker, T7StripsAByteOrderMarkInside) {
  Unpacker unpacker;
  std::string payload;
  ASSERT_TRUE(unpacker.unpack(pack("\xEF\xBB\xBF{}"), payload));
  EXPECT_EQ(payload, "{}");
}

TEST(Unpacker, TakesBase64ThatAJsonEncoderEscaped) {
  Unpacker unpacker;
  std::string json = "{", payload, escaped;
  for (int i = 0; i < 2000; ++i) json += std::to_string(i * 7919 % 10'007);
  json += '}';
  const std::string text = pack(json);
  ASSERT_NE(text.find('+'), std::string::npos);
  ASSERT_NE(text.find('/'), std::string::npos);
  for (const char c : text) {
    escaped += c == '+' ? "\\u002B" : c == '/' ? "\\/" : c == '=' ? "\\u003D" : std::string(1, c);
  }
  ASSERT_TRUE(unpacker.unpack(escaped, payload));
  EXPECT_EQ(payload, json);
}

TEST(Unpacker, SaysWhatIsWrongAndGoesOn) {
  Unpacker unpacker;
  std::string payload;
  const std::string good = pack(R"({"Entries":[{"Utc":"2025-10-25T20:46:27.009Z"}]})");
  for (const std::string& text :
       {std::string(), std::string("abc"), good.substr(0, good.size() - 1), "*" + good.substr(1),
        "=" + good.substr(1), "\n" + good.substr(1), "    " + good, good.substr(0, 8) + "=" + good.substr(9),
        std::string("AA-="), std::string("===="), std::string("A==="), std::string("AAA\\")}) {
    EXPECT_EQ(reason(unpacker.unpack(text, payload)), "payload is not base64") << text;
  }
  for (const std::string& bytes :
       {raw_deflate("a longer text, cut").substr(0, 9), std::string("\xFF\xFF\xFF")}) {
    EXPECT_EQ(reason(unpacker.unpack(base64(bytes), payload)), "payload is base64, but not of deflated data");
  }
  EXPECT_TRUE(unpacker.unpack(good, payload));
}

TEST(Unpacker, GrowsForALargePayloadButNotForABomb) {
  Unpacker unpacker;
  std::string payload;
  const std::string large(limits::inflated_bytes_max, ' ');
  ASSERT_TRUE(unpacker.unpack(pack(large), payload));
  EXPECT_EQ(payload, large);
  EXPECT_EQ(reason(unpacker.unpack(pack(large + ' '), payload)),
            "payload inflates to more than 33554432 bytes");
}

TEST(CheckPayload, TakesWhatBeginsAndEndsLikeADocument) {
  for (const char* text : {"{}", "[]", R"( {"a":1} )", "[1,2]\n", R"({"name":"Sergio PÉREZ"})"}) {
    EXPECT_TRUE(check_payload(text)) << text;
  }
}

TEST(CheckPayload, TellsTheRestOfACutLine) {
  EXPECT_EQ(reason(check_payload("")), "payload is empty");
  EXPECT_EQ(reason(check_payload("  ")), "payload is empty");
  EXPECT_EQ(reason(check_payload(R"({"a":"b)")), "payload is cut off");
  EXPECT_EQ(reason(check_payload("{]")), "payload is cut off");
  EXPECT_EQ(reason(check_payload("{")), "payload is cut off");
  EXPECT_EQ(reason(check_payload("\"text\"")), "payload is neither a JSON object nor a list");
  EXPECT_EQ(reason(check_payload("null")), "payload is neither a JSON object nor a list");
  EXPECT_EQ(reason(check_payload("{\"a\":\"\xFF\"}")), "payload is not UTF-8");
}

TEST(DecodePayload, UnpacksOnlyWhatIsPacked) {
  Unpacker unpacker;
  std::string payload;
  const std::string packed = '"' + pack("{}") + '"';
  EXPECT_TRUE(decode_payload(packed, true, unpacker, payload));
  EXPECT_EQ(payload, "{}");
  EXPECT_TRUE(decode_payload(R"({"a":1})", true, unpacker, payload));
  EXPECT_EQ(payload, R"({"a":1})");
  EXPECT_TRUE(decode_payload(R"([1])", false, unpacker, payload));
  EXPECT_EQ(payload, "[1]");
  for (const std::string& text : {std::string(), std::string("\""), packed.substr(0, packed.size() - 1)}) {
    EXPECT_FALSE(decode_payload(text, true, unpacker, payload)) << text;
  }
  EXPECT_FALSE(decode_payload(packed, false, unpacker, payload));
  EXPECT_FALSE(decode_payload('"' + pack("no document") + '"', true, unpacker, payload));
}

}  // namespace
}  // namespace slipstream::feed
