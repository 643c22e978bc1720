#include "net/websocket_frame.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <vector>

#include "net/deflate.h"
#include "net/test_client.h"

namespace slipstream::net {
namespace {

using test::Client;

struct Seen {
  std::vector<std::pair<Opcode, std::string>> events;
  std::optional<std::uint16_t> failure;
};

Seen read_in_pieces(const std::string& bytes, std::size_t piece, bool is_deflate_on = false,
                    std::size_t bytes_max = 1000) {
  FrameReader reader(is_deflate_on, bytes_max);
  Seen seen;
  for (std::size_t at = 0; at < bytes.size() && !seen.failure; at += piece) {
    seen.failure =
        reader.read(std::string_view(bytes).substr(at, piece), [&](const FrameReader::Event& event) {
          seen.events.emplace_back(event.opcode, std::string(event.payload));
          return true;
        });
  }
  return seen;
}

TEST(FrameReader, joins_fragments_with_control_frames_between) {
  const auto bytes = Client::frame(0x01, "one ") + Client::frame(0x89, "p") + Client::frame(0x00, "two ") +
                     Client::frame(0x80, "three") + Client::frame(0x88, std::string("\x03\xe9", 2) + "bye");
  for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
    const auto seen = read_in_pieces(bytes, piece);
    ASSERT_EQ(seen.events.size(), 3u) << piece;
    EXPECT_EQ(seen.events[0], std::pair(Opcode::ping, std::string("p")));
    EXPECT_EQ(seen.events[1], std::pair(Opcode::text, std::string("one two three")));
    EXPECT_EQ(seen.events[2], std::pair(Opcode::close, std::string("bye")));
    EXPECT_FALSE(seen.failure);
  }
}

TEST(FrameReader, a_character_may_be_cut_by_a_fragment) {
  const auto seen = read_in_pieces(Client::frame(0x01, "\xc3") + Client::frame(0x80, "\xa9"), 100);
  ASSERT_EQ(seen.events.size(), 1u);
  EXPECT_EQ(seen.events[0].second, "\xc3\xa9");
}

TEST(FrameReader, fragments_together_may_not_pass_the_limit) {
  const auto half = std::string(600, 'x');
  EXPECT_EQ(read_in_pieces(Client::frame(0x01, half) + Client::frame(0x80, half), 100).failure, 1009);
}

TEST(FrameReader, refuses_close_codes_and_lengths_of_the_wrong_form) {
  EXPECT_EQ(read_in_pieces(Client::frame(0x88, "x"), 100).failure, 1002);
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
    std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
    EXPECT_EQ(read_in_pieces(Client::frame(0x88, payload), 100).failure, 1002) << code;
  }
  EXPECT_EQ(read_in_pieces(Client::frame(0x88, "\x03\xe8\xff"), 100).failure, 1007);
  EXPECT_EQ(read_in_pieces(std::string("\x81\xfe\x00\x05\0\0\0\0hello", 13), 100).failure, 1002);
  EXPECT_EQ(read_in_pieces(std::string("\x81\xff\x80\0\0\0\0\0\0\1\0\0\0\0", 14), 100).failure, 1002);
  EXPECT_EQ(read_in_pieces(std::string("\x81\xff\x7f\0\0\0\0\0\0\1\0\0\0\0", 14), 100).failure, 1009);
  EXPECT_EQ(read_in_pieces(Client::frame(0xa1, "x"), 100).failure, 1002);
  EXPECT_EQ(read_in_pieces(Client::frame(0x83, "x"), 100).failure, 1002);
  EXPECT_EQ(read_in_pieces(Client::frame(0x01, "x") + Client::frame(0x81, "y"), 100).failure, 1002);
}

TEST(FrameReader, reads_deflated_fragments_and_final_blocks) {
  const auto packed = test::deflate_raw("the quick brown fox, the quick brown fox");
  const auto bytes = Client::frame(0x41, packed.substr(0, 5)) + Client::frame(0x80, packed.substr(5));
  EXPECT_EQ(read_in_pieces(bytes, 3, true).events.at(0).second, "the quick brown fox, the quick brown fox");
  // RFC 7692, 7.2.3.4: "Hello" in a final block, then the empty byte.
  const std::string final_block("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8);
  EXPECT_EQ(read_in_pieces(Client::frame(0xc1, final_block), 100, true).events.at(0).second, "Hello");
  // RFC 7692, 7.2.3.5: two blocks.
  const std::string two_blocks("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13);
  EXPECT_EQ(read_in_pieces(Client::frame(0xc1, two_blocks), 100, true).events.at(0).second, "Hello");
  EXPECT_EQ(read_in_pieces(Client::frame(0xc1, packed.substr(0, 9)), 100, true).failure, 1007);
  EXPECT_EQ(read_in_pieces(Client::frame(0xc1, test::deflate_raw(std::string(1001, 'x'))), 100, true).failure,
            1009);
  EXPECT_EQ(read_in_pieces(Client::frame(0xc1, test::deflate_raw(std::string(1000, 'x'))), 100, true).failure,
            std::nullopt);
}

RC_GTEST_PROP(FrameReader, any_bytes_in_any_pieces_give_the_same_events, ()) {
  const auto bytes = *rc::gen::scale(4.0, rc::gen::arbitrary<std::string>());
  const auto piece = *rc::gen::inRange<std::size_t>(1, 20);
  const auto whole = read_in_pieces(bytes, bytes.size() + 1, true),
             pieces = read_in_pieces(bytes, piece, true);
  RC_ASSERT(whole.events == pieces.events);
  RC_ASSERT(whole.failure == pieces.failure);
}

RC_GTEST_PROP(FrameReader, reads_what_a_client_framed, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
  const auto piece = *rc::gen::inRange<std::size_t>(1, 300);
  const bool is_deflated = *rc::gen::arbitrary<bool>();
  const auto payload = is_deflated ? test::deflate_raw(text) : text;
  const auto seen = read_in_pieces(Client::frame(is_deflated ? 0xc1 : 0x81, payload), piece, true, 100'000);
  RC_ASSERT(seen.events.size() == 1u);
  RC_ASSERT(seen.events[0].second == text);
}

TEST(OffersDeflate, takes_offers_that_ask_nothing_special) {
  EXPECT_TRUE(offers_deflate("permessage-deflate"));
  EXPECT_TRUE(offers_deflate("permessage-deflate; client_max_window_bits"));
  EXPECT_TRUE(offers_deflate("x-foo, permessage-deflate; server_max_window_bits=10, permessage-deflate"));
  EXPECT_TRUE(offers_deflate("permessage-deflate; server_max_window_bits=15; client_max_window_bits=\"9\""));
  EXPECT_TRUE(offers_deflate("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
  EXPECT_FALSE(offers_deflate(""));
  EXPECT_FALSE(offers_deflate("permessage-deflate; server_max_window_bits=10"));
  EXPECT_FALSE(offers_deflate("permessage-deflate; client_max_window_bits=16"));
  EXPECT_FALSE(offers_deflate("permessage-deflate; unknown"));
  EXPECT_FALSE(offers_deflate("x-webkit-deflate-frame"));
}

TEST(WebSocketAccept, is_that_of_the_standard_and_empty_for_bad_keys) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  for (const auto* key :
       {"", "short", "dGhlIHNhbXBsZSBub25jZQ=?", "dGhlIHNhbXBsZSBub25j====", "dGhlIHNhbXBs!SBub25jZQ=="}) {
    EXPECT_EQ(websocket_accept(key), "") << key;
  }
}

TEST(FrameDeflater, deflates_a_shared_frame_once_and_leaves_small_ones) {
  FrameDeflater deflater;
  const auto frame = std::make_shared<const std::string>(3000, 'x');
  const auto first = deflater.deflate(frame);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(deflater.deflate(frame), first);
  EXPECT_EQ(test::inflate_raw(*first), *frame);
  EXPECT_NE(deflater.deflate(std::make_shared<const std::string>(*frame)), first);
  EXPECT_EQ(deflater.deflate(std::make_shared<const std::string>("small")), nullptr);
  for (int i = 0; i < 100; ++i) {
    const auto other = std::make_shared<const std::string>(std::to_string(i) + std::string(600, 'y'));
    EXPECT_EQ(test::inflate_raw(*deflater.deflate(other)), *other);
  }
}

}  // namespace
}  // namespace slipstream::net
