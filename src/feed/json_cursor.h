// Reads on through JSON text value by value, without parsing what is inside. simdjson gives nothing of a
// document that is cut off; of a message that is, the whole parts in front of the cut still count, hence
// this.
//
//   JsonCursor json(R"({"M":[{"H":"Streaming"}],"S":1})");
//   json.take('{'); json.next_member(key) -> "M"; json.take_value(raw) -> [{"H":"Streaming"}]; ...
//
// Strings stay as they are written, escapes and all. What take_value() takes is balanced, not checked
// further. Pure. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace slipstream::feed {

class JsonCursor {
 public:
  // Reads from `text`, which must outlive this.
  explicit JsonCursor(std::string_view text) : text_(text) {}

  // The next character that is no white space, 0 at the end. Reads nothing.
  char peek();
  // Each reads on from where the last one ended and is false when something else is there; error() says what
  // and where then, and has_failed() is true.
  bool take(char c);                        // exactly this character
  bool take_string(std::string_view& raw);  // a string; what stands between its quotes
  bool take_value(std::string_view& raw);   // any value, quotes and brackets included
  bool take_end();                          // nothing but white space is left

  // A whole number of at most 18 digits, "-12"; false, with nothing read, where another value is.
  bool try_whole(std::int64_t& whole);

  // Behind take('{') and behind each value: the next key, with its colon. False behind the last member, whose
  // '}' is taken then, and where something else is there.
  bool next_member(std::string_view& key);
  // The same in a list: true where a value follows, false behind the ']' and where something else is there.
  bool next_element();

  bool has_failed() const { return reason_ != nullptr; }
  // Errors: malformed, "value is cut off at byte 17".
  Error error() const;

 private:
  static constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static constexpr bool ends_word(char c) {
    return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':';
  }
  bool take_plain_name(std::string_view& key);
  bool refuse(const char* reason);
  bool skip_container();
  bool take_rest_of_string(std::size_t begin, std::string_view& raw);

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_behind_value_ = false;
  const char* reason_ = nullptr;
};

// What telemetry is read with, some ten million times a session, has to be here for the compiler to see.

inline char JsonCursor::peek() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

inline bool JsonCursor::take(char c) {
  if (peek() != c || at_ == text_.size()) return refuse("unexpected text");
  ++at_;
  is_behind_value_ = false;
  return true;
}

inline bool JsonCursor::take_string(std::string_view& raw) {
  if (peek() != '"') return refuse("expected a string");
  const std::size_t begin = ++at_;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') ++at_;
  if (at_ >= text_.size() || text_[at_] == '\\') return take_rest_of_string(begin, raw);
  raw = text_.substr(begin, at_ - begin);
  ++at_;
  is_behind_value_ = true;
  return true;
}

// A name as nearly all are written: ,"name": without white space and escapes. Else false, and nothing is
// read.
inline bool JsonCursor::take_plain_name(std::string_view& key) {
  const char* at = text_.data() + at_;
  const char* const end = text_.data() + text_.size();
  if (is_behind_value_ && (at == end || *at++ != ',')) return false;
  if (at == end || *at++ != '"') return false;
  const char* const begin = at;
  while (at != end && *at != '"' && *at != '\\') ++at;
  if (end - at < 2 || at[0] != '"' || at[1] != ':') return false;
  key = std::string_view(begin, at);
  at_ = static_cast<std::size_t>(at + 2 - text_.data());
  is_behind_value_ = false;
  return true;
}

inline bool JsonCursor::try_whole(std::int64_t& whole) {
  constexpr std::size_t digits_max = 18;
  const char front = peek();
  std::size_t at = at_ + (front == '-' ? 1 : 0);
  const std::size_t first = at;
  std::int64_t value = 0;
  for (; at < text_.size() && at - first < digits_max; ++at) {
    const char c = text_[at];
    if (c < '0' || c > '9') break;
    value = value * 10 + (c - '0');
  }
  if (at == first || at == text_.size() || !ends_word(text_[at])) return false;
  whole = front == '-' ? -value : value;
  at_ = at;
  is_behind_value_ = true;
  return true;
}

inline bool JsonCursor::next_member(std::string_view& key) {
  if (take_plain_name(key)) return true;
  if (peek() == '}') {
    ++at_;
    is_behind_value_ = true;
    return false;
  }
  if (is_behind_value_ && !take(',')) return false;
  return take_string(key) && take(':');
}

inline bool JsonCursor::next_element() {
  if (peek() == ']') {
    ++at_;
    is_behind_value_ = true;
    return false;
  }
  if (is_behind_value_ && !take(',')) return false;
  if (peek() != '\0') return true;
  return refuse("list is cut off");
}

}  // namespace slipstream::feed
