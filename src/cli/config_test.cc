#include "cli/config.h"

#include <gtest/gtest.h>

namespace slipstream::cli {
namespace {

std::string error_of(std::string_view toml) {
  const auto config = parse_config(toml, "up.toml");
  return config ? "none" : config.error().message;
}

TEST(Config, TheProjectsFileHasEveryKeyWithItsDefault) {
  const auto config = read_config(SLIPSTREAM_SOURCE "/slipstream.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(*config, default_config());
}

TEST(Config, AFileSaysOnlyWhatDiffers) {
  const auto config = parse_config(R"(
[record]
dir = "/var/lib/slipstream"
sync_seconds = 0.5
[serve]
allow_hosts = ["timing.example"]
[archive]
load = false
)",
                                   "up.toml");
  ASSERT_TRUE(config) << config.error().message;
  Config wanted = default_config();
  wanted.live.record.out = "/var/lib/slipstream";
  wanted.live.record.sync_seconds = 0.5;
  wanted.live.allow_hosts = {"timing.example"};
  wanted.live.waits_for_archive = false;
  EXPECT_EQ(*config, wanted);
}

TEST(Config, AnUnknownKeyIsNamedWithItsLineAndTheOneThatMayBeMeant) {
  EXPECT_EQ(error_of("[live]\nurl = \"\"\ntoken_fiel = \"t\"\n"),
            "up.toml:3: unknown key \"live.token_fiel\"; did you mean \"live.token_file\"?");
  EXPECT_EQ(error_of("[sevre]\nlisten = \"\"\n"),
            "up.toml:1: unknown key \"sevre\"; did you mean \"serve.listen\"?");
  EXPECT_EQ(error_of("listen = \"\"\n"), "up.toml:1: unknown key \"listen\"; did you mean \"serve.listen\"?");
  EXPECT_EQ(error_of("[warehouse]\nabracadabra = 1\n"), "up.toml:2: unknown key \"warehouse.abracadabra\"");
}

TEST(Config, AValueOfAnotherTypeIsNamedWithItsLine) {
  EXPECT_EQ(error_of("[live]\nurl = 5\n"), "up.toml:2: live.url takes a text in quotes");
  EXPECT_EQ(error_of("[archive]\nload = \"yes\"\n"), "up.toml:2: archive.load takes true or false");
  EXPECT_EQ(error_of("[serve]\n\ndelay_seconds = 301\n"),
            "up.toml:3: serve.delay_seconds takes a number from 0 to 300");
  EXPECT_EQ(error_of("[serve]\nallow_hosts = \"a\"\n"),
            "up.toml:2: serve.allow_hosts takes a list: [\"...\", \"...\"]");
  EXPECT_EQ(error_of("[serve]\nallow_hosts = [1]\n"), "up.toml:2: serve.allow_hosts takes texts in quotes");
}

TEST(Config, WhatIsNoTomlIsNamedWithItsLine) {
  EXPECT_TRUE(error_of("[live]\nurl = \"a\nb\"\n").starts_with("up.toml:2: "))
      << error_of("[live]\nurl = \"a\nb\"");
  EXPECT_EQ(read_config("/nowhere/up.toml").error().code, Errc::not_found);
}

}  // namespace
}  // namespace slipstream::cli
