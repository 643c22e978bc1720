#include "net/websocket_frame.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <simdjson.h>
#include <algorithm>
#include <array>

#include "net/deflate.h"
#include "net/request_target.h"

namespace slipstream::net {
namespace {

bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

// Codes that may stand in a close frame (RFC 6455, 7.4.2, and the registry).
bool is_sendable(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string base64(const unsigned char* data, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// Whether we can obey one parameter of an offer, which are the four of RFC 7692, 7.1.
bool can_take(std::string_view parameter) {
  const auto equals = parameter.find('=');
  const auto name = parameter.substr(0, equals);
  auto value = equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  if (name == "server_no_context_takeover" || name == "client_no_context_takeover") return value.empty();
  const bool is_bits = value == "8" || value == "9" || (value.size() == 2 && value >= "10" && value <= "15");
  // Our inflater takes every window that a client may use.
  if (name == "client_max_window_bits") return value.empty() || is_bits;
  // Our window is the largest; the frames are shared, so none can be made smaller for one client.
  if (name == "server_max_window_bits") return value == "15";
  return false;
}

}  // namespace

std::string websocket_accept(std::string_view key) {
  std::array<unsigned char, 18> decoded{};
  if (key.size() != 24 || !key.ends_with("==") || key[21] == '=') return {};
  const auto* text = reinterpret_cast<const unsigned char*>(key.data());
  if (EVP_DecodeBlock(decoded.data(), text, static_cast<int>(key.size())) != 18) return {};
  const std::string joined = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest.data());
  return base64(digest.data(), digest.size());
}

bool offers_deflate(std::string_view extensions) {
  for (const auto offer : split(extensions, ',')) {
    const auto parts = split(offer, ';');
    if (parts[0] != "permessage-deflate") continue;
    if (std::all_of(parts.begin() + 1, parts.end(), can_take)) return true;
  }
  return false;
}

std::string frame_head(Opcode opcode, std::size_t payload_bytes, bool is_deflated) {
  std::string head;
  head.push_back(static_cast<char>(0x80 | (is_deflated ? 0x40 : 0) | static_cast<int>(opcode)));
  const auto append_length = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      head.push_back(static_cast<char>(payload_bytes >> shift));
    }
  };
  if (payload_bytes < 126) {
    head.push_back(static_cast<char>(payload_bytes));
  } else if (payload_bytes <= 0xffff) {
    head.push_back(126);
    append_length(2);
  } else {
    head.push_back(127);
    append_length(8);
  }
  return head;
}

std::string client_frame(Opcode opcode, std::string_view payload, const std::array<char, 4>& mask) {
  std::string frame = frame_head(opcode, payload.size(), false);
  frame[1] = static_cast<char>(static_cast<unsigned char>(frame[1]) | 0x80u);
  frame.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ mask[i & 3]));
  }
  return frame;
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  if (code == close_code::none) return frame_head(Opcode::close, 0, false);
  reason = reason.substr(0, 123);
  std::string frame = frame_head(Opcode::close, 2 + reason.size(), false);
  frame.push_back(static_cast<char>(code >> 8));
  frame.push_back(static_cast<char>(code));
  return frame.append(reason);
}

std::optional<std::uint16_t> FrameReader::read(std::string_view bytes, const OnEvent& on_event) {
  while (!is_done_) {
    Step step = has_head_ ? Step::frame : take_head(bytes);
    if (step == Step::frame) step = take_payload(bytes);
    if (step == Step::more) return std::nullopt;
    if (step == Step::frame) {
      const auto failure = finish_frame(on_event);
      if (!failure) continue;
      failure_ = *failure;
    }
    is_done_ = true;
    return failure_;
  }
  return std::nullopt;
}

FrameReader::Step FrameReader::take_head(std::string_view& bytes) {
  const auto fill = [&](std::size_t size) {
    const auto count = std::min(size - std::min(size, head_.size()), bytes.size());
    head_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    return head_.size() >= size;
  };
  if (!fill(2)) return Step::more;
  const auto first = static_cast<std::uint8_t>(head_[0]), second = static_cast<std::uint8_t>(head_[1]);
  if (const auto failure = check_head(first, second)) {
    failure_ = *failure;
    return Step::failed;
  }
  const std::uint8_t short_length = second & 0x7f;
  const std::size_t length_bytes = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
  if (!fill(2 + length_bytes + (is_masked_ ? 4 : 0))) return Step::more;
  if (const auto failure = read_length(length_bytes)) {
    failure_ = *failure;
    return Step::failed;
  }
  if (is_masked_) std::copy_n(head_.end() - 4, 4, mask_);
  is_final_ = (first & 0x80) != 0;
  opcode_ = static_cast<Opcode>(first & 0x0f);
  if (!is_control(opcode_) && opcode_ != Opcode::continuation) {
    is_in_message_ = true;
    is_message_deflated_ = (first & 0x40) != 0;
  }
  head_.clear();
  control_.clear();
  payload_read_ = 0;
  has_head_ = true;
  return Step::frame;
}

std::optional<std::uint16_t> FrameReader::check_head(std::uint8_t first, std::uint8_t second) {
  const bool is_final = (first & 0x80) != 0, is_deflated = (first & 0x40) != 0;
  if ((first & 0x30) != 0 || ((second & 0x80) != 0) != is_masked_) return close_code::protocol_error;
  switch (static_cast<Opcode>(first & 0x0f)) {
    case Opcode::continuation:
      if (!is_in_message_ || is_deflated) return close_code::protocol_error;
      return std::nullopt;
    case Opcode::binary: return close_code::unsupported_data;
    case Opcode::text:
      if (is_in_message_ || (is_deflated && !is_deflate_on_)) return close_code::protocol_error;
      return std::nullopt;
    case Opcode::close:
    case Opcode::ping:
    case Opcode::pong:
      if (!is_final || is_deflated || (second & 0x7f) > 125) return close_code::protocol_error;
      return std::nullopt;
  }
  return close_code::protocol_error;
}

std::optional<std::uint16_t> FrameReader::read_length(std::size_t length_bytes) {
  payload_bytes_ = static_cast<std::uint8_t>(head_[1]) & 0x7f;
  if (length_bytes > 0) payload_bytes_ = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    payload_bytes_ = payload_bytes_ << 8 | static_cast<std::uint8_t>(head_[2 + i]);
  }
  // The shortest form is required (5.2).
  if (length_bytes == 2 && payload_bytes_ < 126) return close_code::protocol_error;
  if (length_bytes == 8 && (payload_bytes_ <= 0xffff || payload_bytes_ >> 63 != 0)) {
    return close_code::protocol_error;
  }
  const auto opcode = static_cast<Opcode>(head_[0] & 0x0f);
  if (!is_control(opcode) && payload_bytes_ > message_bytes_max_ - message_.size())
    return close_code::too_big;
  return std::nullopt;
}

FrameReader::Step FrameReader::take_payload(std::string_view& bytes) {
  auto& out = is_control(opcode_) ? control_ : message_;
  const auto count = std::min<std::uint64_t>(payload_bytes_ - payload_read_, bytes.size());
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<char>(bytes[i] ^ mask_[(payload_read_ + i) & 3]));
  }
  bytes.remove_prefix(count);
  payload_read_ += count;
  return payload_read_ == payload_bytes_ ? Step::frame : Step::more;
}

std::optional<std::uint16_t> FrameReader::finish_frame(const OnEvent& on_event) {
  has_head_ = false;
  if (opcode_ == Opcode::close) return finish_close(on_event);
  if (is_control(opcode_)) {
    if (!on_event({opcode_, control_, 0})) is_done_ = true;
    return std::nullopt;
  }
  return is_final_ ? finish_message(on_event) : std::nullopt;
}

std::optional<std::uint16_t> FrameReader::finish_message(const OnEvent& on_event) {
  is_in_message_ = false;
  if (is_message_deflated_) {
    const auto inflated = inflate_message(message_, message_bytes_max_);
    if (!inflated) {
      return inflated.error().code == Errc::unsupported ? close_code::too_big : close_code::invalid_payload;
    }
    message_ = *inflated;
  }
  if (!is_utf8(message_)) return close_code::invalid_payload;
  if (!on_event({Opcode::text, message_, 0})) is_done_ = true;
  message_.clear();
  // A message is rare and small; a connection at rest should hold nothing.
  if (message_.capacity() > 1024) message_.shrink_to_fit();
  return std::nullopt;
}

std::optional<std::uint16_t> FrameReader::finish_close(const OnEvent& on_event) {
  is_done_ = true;
  if (control_.empty()) {
    on_event({Opcode::close, {}, close_code::none});
    return std::nullopt;
  }
  if (control_.size() == 1) return close_code::protocol_error;
  const auto high = static_cast<std::uint8_t>(control_[0]), low = static_cast<std::uint8_t>(control_[1]);
  const auto code = static_cast<std::uint16_t>(high << 8 | low);
  const auto reason = std::string_view(control_).substr(2);
  if (!is_sendable(code)) return close_code::protocol_error;
  if (!is_utf8(reason)) return close_code::invalid_payload;
  on_event({Opcode::close, reason, code});
  return std::nullopt;
}

}  // namespace slipstream::net
