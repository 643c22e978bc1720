#include "feed/json_cursor.h"

#include <fmt/core.h>

#include <array>

namespace slipstream::feed {
namespace {

// True for bytes that neither open nor close anything.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> plain{};
  plain.fill(true);
  for (const unsigned char c : std::string_view("{}[]\"")) plain[c] = false;
  return plain;
}();

}  // namespace

Error JsonCursor::error() const {
  return {Errc::malformed, fmt::format("{} at byte {}", reason_ != nullptr ? reason_ : "nothing wrong", at_)};
}

bool JsonCursor::refuse(const char* reason) {
  reason_ = at_ >= text_.size() ? "message is cut off" : reason;
  return false;
}

bool JsonCursor::take_end() {
  peek();
  return at_ == text_.size() || refuse("unexpected text behind the end");
}

bool JsonCursor::take_rest_of_string(std::size_t begin, std::string_view& raw) {
  for (;;) {
    at_ = text_.find_first_of("\"\\", at_);
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return refuse("string is cut off");
    }
    if (text_[at_] == '"') break;
    at_ += 2;
  }
  raw = text_.substr(begin, at_ - begin);
  ++at_;
  is_behind_value_ = true;
  return true;
}

// Precondition: at the opening bracket.
bool JsonCursor::skip_container() {
  std::size_t depth = 0;
  std::string_view inside;
  for (;;) {
    while (at_ < text_.size() && plain_bytes[static_cast<unsigned char>(text_[at_])]) ++at_;
    if (at_ >= text_.size()) return refuse("message is cut off");
    const char c = text_[at_];
    if (c == '"') {
      if (!take_string(inside)) return false;
      continue;
    }
    ++at_;
    if (c == '{' || c == '[') ++depth;
    else if (--depth == 0) return true;
  }
}

bool JsonCursor::take_value(std::string_view& raw) {
  const char front = peek();
  const std::size_t begin = at_;
  if (front == '"') {
    std::string_view inside;
    if (!take_string(inside)) return false;
  } else if (front == '{' || front == '[') {
    if (!skip_container()) return false;
  } else {
    while (at_ < text_.size() && !ends_word(text_[at_])) ++at_;
    if (at_ == begin) return refuse("expected a value");
  }
  raw = text_.substr(begin, at_ - begin);
  is_behind_value_ = true;
  return true;
}

}  // namespace slipstream::feed
