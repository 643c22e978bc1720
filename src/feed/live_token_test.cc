#include "feed/live_token.h"

#include <gtest/gtest.h>

#include "feed/live_backoff.h"
#include "feed/source_test_support.h"
#include "feed/token_file.h"

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;

std::string token_with(const std::string& claims) {
  std::string text = test::base64(claims);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.resize(text.find_last_not_of('=') + 1);
  return "eyJhbGciOiJSUzI1NiJ9." + text + ".c2lnbmVk";
}

TEST(LiveToken, SaysWhenItExpires) {
  for (const std::string claims : {R"({"exp":1700000000})", R"({"sub":"a", "exp":1700000000.5})",
                                   R"({"exp":1700000000,"x":1})", R"({"exp":1700000000,"xy":1})"}) {
    const auto token = parse_live_token(" " + token_with(claims) + "\n");
    ASSERT_TRUE(token.has_value()) << claims << token.error().message;
    EXPECT_EQ(format_utc(token->expires), "2023-11-14T22:13:20.000Z");
    EXPECT_TRUE(token->is_expired(token->expires));
    EXPECT_FALSE(token->is_expired(token->expires - 1ms));
  }
}

TEST(LiveToken, WhatIsNoneIsRefusedAndNotQuoted) {
  EXPECT_EQ(parse_live_token(" \n").error().code, Errc::not_found);
  for (const std::string& text :
       {std::string("fake-token"), std::string("a.b"), std::string("a.b.c.d"), std::string("se cret.b.c"),
        token_with("{}"), token_with("[]"), token_with(R"({"exp":"soon"})"), token_with(R"({"exp":-1})"),
        token_with(R"({"exp":1e300})"), std::string(9000, 'a')}) {
    const auto token = parse_live_token(text);
    ASSERT_FALSE(token.has_value()) << text;
    EXPECT_EQ(token.error().code, Errc::malformed);
    EXPECT_EQ(token.error().message.find(text), std::string::npos);
  }
}

TEST(LiveToken, TheFileIsReadAgainWhenItChanges) {
  const test::TempFolder folder;
  const auto path = folder.write("token", token_with(R"({"exp":1700000000})"));
  TokenFile file(path);
  EXPECT_TRUE(file.read().has_value());
  EXPECT_FALSE(file.has_changed());
  std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + 5s);
  EXPECT_TRUE(file.has_changed());
  EXPECT_TRUE(file.read().has_value());
  EXPECT_FALSE(file.has_changed());
  std::filesystem::remove(path);
  EXPECT_TRUE(file.has_changed());
  EXPECT_EQ(file.read().error().code, Errc::unavailable);
}

TEST(LiveToken, TopicsThatNeedOne) {
  EXPECT_TRUE(needs_token("CarData.z"));
  EXPECT_FALSE(needs_token("TimingData"));
}

TEST(LiveToken, ExpiryAsText) {
  const UtcTime now{};
  EXPECT_EQ(expiry_text(now + 75h, now), "expires in 3 d 3 h");
  EXPECT_EQ(expiry_text(now + 61min, now), "expires in 1 h 1 min");
  EXPECT_EQ(expiry_text(now - 2min, now), "expired 2 min ago");
}

TEST(LiveBackoff, GrowsToItsLimitWithinItsBoundsForEverySeed) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    LiveBackoff backoff({1s, 60s, seed});
    std::int64_t step = 1000;
    for (int i = 0; i < 30; ++i) {
      const auto pause = backoff.next().count();
      EXPECT_GE(pause, step / 2);
      EXPECT_LE(pause, step);
      step = std::min<std::int64_t>(step * 2, 60'000);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), 1s);
  }
}

TEST(LiveBackoff, TwoClientsDoNotComeBackTogether) {
  LiveBackoff one({1s, 60s, 1}), another({1s, 60s, 2});
  EXPECT_NE(one.next(), another.next());
}

}  // namespace
}  // namespace slipstream::feed
