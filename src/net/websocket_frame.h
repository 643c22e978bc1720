// The WebSocket protocol (RFC 6455) and its compression (RFC 7692) as pure functions on bytes: what a browser
// sends becomes events, what is sent becomes frames. No socket, no clock.
//
// Own code, not Beast's stream, because Beast compresses per connection: at ten thousand viewers the same
// frame would be deflated ten thousand times and every viewer would keep a window
// (docs/decisions/net-websocket.md). Thread rule: one thread at a time per object.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace slipstream::net {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Close codes of RFC 6455, 7.4.1.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;
inline constexpr std::uint16_t none = 1005;  // never sent: the peer's close frame was empty
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t too_big = 1009;
}  // namespace close_code

// Sec-WebSocket-Accept for a Sec-WebSocket-Key; empty if the key is not 16 bytes in base64.
std::string websocket_accept(std::string_view key);

// Whether a Sec-WebSocket-Extensions header has an offer of permessage-deflate that we can take: one that
// asks nothing of us but the window we use. The answer is always `deflate_answer`.
bool offers_deflate(std::string_view extensions);
// Without context takeover on both sides a message stands alone: one compressed frame serves every peer, and
// no peer has a window in memory.
inline constexpr std::string_view deflate_answer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

// The head of an unmasked final frame, as a server sends it.
std::string frame_head(Opcode opcode, std::size_t payload_bytes, bool is_deflated);
// A whole frame as a client sends it: masked with `mask`.
std::string client_frame(Opcode opcode, std::string_view payload, const std::array<char, 4>& mask);
// A whole close frame.
std::string close_frame(std::uint16_t code, std::string_view reason = {});

// Reads the frames of one peer.
class FrameReader {
 public:
  struct Event {
    Opcode opcode = Opcode::text;  // text (whole message, inflated, UTF-8), ping, pong or close
    std::string_view payload;      // valid during the call
    std::uint16_t close_code = 0;  // of a close frame
  };
  // False: read no further (the rest of the bytes is dropped, and all that come later).
  using OnEvent = std::function<bool(const Event&)>;

  // `from`: who sends; a client masks its frames, a server does not.
  enum class From { client, server };

  FrameReader(bool is_deflate_on, std::size_t message_bytes_max, From from = From::client)
      : is_deflate_on_(is_deflate_on),
        is_masked_(from == From::client),
        message_bytes_max_(message_bytes_max) {}

  // Takes the next bytes, in pieces of any size. The result is the close code to answer with if the client
  // broke the protocol; after that, and after a close frame, everything is ignored.
  std::optional<std::uint16_t> read(std::string_view bytes, const OnEvent& on_event);

  // Whether everything that comes is ignored.
  bool is_done() const { return is_done_; }

 private:
  enum class Step { more, frame, failed };

  Step take_head(std::string_view& bytes);
  Step take_payload(std::string_view& bytes);
  std::optional<std::uint16_t> check_head(std::uint8_t first, std::uint8_t second);
  std::optional<std::uint16_t> read_length(std::size_t length_bytes);
  std::optional<std::uint16_t> finish_frame(const OnEvent& on_event);
  std::optional<std::uint16_t> finish_message(const OnEvent& on_event);
  std::optional<std::uint16_t> finish_close(const OnEvent& on_event);

  const bool is_deflate_on_;
  const bool is_masked_;
  const std::size_t message_bytes_max_;
  bool is_done_ = false;
  std::uint16_t failure_ = 0;
  std::string head_;  // bytes of a head that is not whole yet
  bool has_head_ = false;
  bool is_final_ = false;
  Opcode opcode_ = Opcode::text;
  std::uint64_t payload_bytes_ = 0;
  std::uint64_t payload_read_ = 0;
  char mask_[4] = {};
  std::string control_;  // payload of the control frame that is being read
  bool is_in_message_ = false;
  bool is_message_deflated_ = false;
  std::string message_;
};

}  // namespace slipstream::net
