#include "net/request_target.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "net/server.h"

namespace slipstream::net {
namespace {

std::string encode(const std::string& text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view digits = "0123456789aBcDeF";
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

TEST(ParseTarget, decodes_path_and_query) {
  const auto target = parse_target("/a%20b+c?x=1&&flag&y=%26+z&=v");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b+c");
  const std::vector<std::pair<std::string, std::string>> query = {
      {"x", "1"}, {"flag", ""}, {"y", "& z"}, {"", "v"}};
  EXPECT_EQ(target->query, query);
}

TEST(ParseTarget, reads_the_absolute_form) {
  EXPECT_EQ(parse_target("http://host:1/x?y=1")->authority, "host:1");
  EXPECT_EQ(parse_target("http://host")->path, "/");
  EXPECT_EQ(parse_target("http://host?a=b")->query.size(), 1u);
  EXPECT_FALSE(parse_target("http:///x"));
}

TEST(ParseTarget, refuses_what_a_handler_should_not_see) {
  for (const auto* text :
       {"", "*", "x", "/%", "/%4", "/%4g", "/%00", "/%0a", "/%7f", "/%c0%af", "/../x", "/a/./b", "/a/..",
        "/%2e%2e/x", "/a%5c..%5cb", "/?a=%", "/?%ff=1", "/?a=%00", "ftp://host/"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

RC_GTEST_PROP(ParseTarget, any_bytes_are_answered, (const std::string& text)) {
  const auto target = parse_target(text);
  if (target) {
    RC_ASSERT(target->path.starts_with('/'));
    RC_ASSERT(target->path.find('\0') == std::string::npos);
  }
}

RC_GTEST_PROP(ParseTarget, reads_back_what_was_encoded, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
  const auto target = parse_target("/?k=" + encode(text));
  RC_ASSERT(static_cast<bool>(target));
  RC_ASSERT(target->query[0].second == text);
}

TEST(EtagMatches, compares_weakly_and_takes_lists) {
  EXPECT_TRUE(etag_matches("\"a\", W/\"b\"", "\"b\""));
  EXPECT_TRUE(etag_matches("\"b\"", "W/\"b\""));
  EXPECT_TRUE(etag_matches("*", "\"b\""));
  EXPECT_FALSE(etag_matches("\"a\"", "\"b\""));
  EXPECT_FALSE(etag_matches("", "\"b\""));
  EXPECT_FALSE(etag_matches("*", ""));
}

TEST(AcceptsGzip, reads_weights) {
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("br;q=1.0, GZip;q=0.8, *;q=0.1"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0.000, br"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br, deflate"));
}

TEST(Request, parameter_is_the_first_of_its_name) {
  Request request;
  request.query = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(request.parameter("a"), "1");
  EXPECT_EQ(request.parameter("c"), "");
}

}  // namespace
}  // namespace slipstream::net
