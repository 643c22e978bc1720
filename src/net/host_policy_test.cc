#include "net/host_policy.h"

#include <gtest/gtest.h>

namespace slipstream::net {
namespace {

bool allows(const HostPolicy& policy, std::string_view host) {
  const auto authority = parse_authority(host);
  return authority && policy.allows_host(*authority);
}

TEST(ParseAuthority, takes_names_addresses_and_ports_apart) {
  const auto name = parse_authority("Timing.Example.:8080");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "timing.example");
  EXPECT_EQ(name->port, "8080");
  EXPECT_FALSE(name->is_address);
  const auto v6 = parse_authority("[0:0::1]:80");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->port, "80");
  EXPECT_TRUE(v6->is_address);
  EXPECT_TRUE(parse_authority("10.1.2.3")->is_address);
  EXPECT_EQ(parse_authority("::")->host, "::");
}

TEST(ParseAuthority, refuses_what_is_no_authority) {
  for (const auto* text : {"", ".", ":80", "a b", "a:b", "a:65536", "a:123456", "user@host", "[::1", "[zz]",
                           "[::1]x", "[::1]:x", "a/b", "::zz", "caf\xc3\xa9.example"}) {
    EXPECT_FALSE(parse_authority(text)) << text;
  }
}

TEST(HostPolicy, allows_this_machine_the_bound_address_and_listed_hosts) {
  const HostPolicy policy("192.168.1.5", {"timing.example", "ported.example:81", "::2"});
  for (const auto* host : {"localhost", "LOCALHOST:1", "localhost.", "127.0.0.1:8080", "[::1]",
                           "192.168.1.5:9", "timing.example:1", "ported.example:81", "[::2]:3"}) {
    EXPECT_TRUE(allows(policy, host)) << host;
  }
  for (const auto* host : {"evil.example", "192.168.1.6", "127.0.0.2", "ported.example:82", "ported.example",
                           "localhost.evil.example", "sub.timing.example"}) {
    EXPECT_FALSE(allows(policy, host)) << host;
  }
}

TEST(HostPolicy, bound_to_all_it_allows_addresses_only) {
  for (const auto* bound : {"0.0.0.0", "::", "[::]"}) {
    const HostPolicy policy(bound, {});
    EXPECT_TRUE(allows(policy, "10.0.0.7:8080")) << bound;
    EXPECT_TRUE(allows(policy, "[fe80::1]")) << bound;
    EXPECT_FALSE(allows(policy, "my-laptop.lan")) << bound;
  }
}

TEST(HostPolicy, an_origin_must_be_the_page_that_was_asked_for) {
  const HostPolicy policy("127.0.0.1", {"front.example"});
  const auto host = *parse_authority("localhost:8080");
  EXPECT_TRUE(policy.allows_origin("http://localhost:8080", host));
  EXPECT_TRUE(policy.allows_origin("https://front.example", host));
  for (const auto* origin : {"", "null", "http://localhost", "https://localhost", "http://127.0.0.1:8080",
                             "http://evil.example:8080", "ftp://localhost:8080", "localhost:8080", "file://",
                             "http://localhost:8080/path"}) {
    EXPECT_FALSE(policy.allows_origin(origin, host)) << origin;
  }
  EXPECT_TRUE(policy.allows_origin("http://localhost", *parse_authority("localhost")));
  EXPECT_TRUE(policy.allows_origin("https://localhost", *parse_authority("localhost:443")));
  EXPECT_TRUE(policy.allows_origin("http://localhost:80", *parse_authority("localhost")));
  // A name of the attacker's that points here: Host and Origin agree, but the host is not ours.
  EXPECT_FALSE(policy.allows_origin("http://evil.example", *parse_authority("evil.example")));
}

}  // namespace
}  // namespace slipstream::net
