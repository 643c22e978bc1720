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

  // Behind take('{') and behind each value: the next key, with its colon. False behind the last member, whose
  // '}' is taken then, and where something else is there.
  bool next_member(std::string_view& key);
  // The same in a list: true where a value follows, false behind the ']' and where something else is there.
  bool next_element();

  bool has_failed() const { return reason_ != nullptr; }
  // Errors: malformed, "value is cut off at byte 17".
  Error error() const;

 private:
  bool refuse(const char* reason);
  bool skip_container();

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_behind_value_ = false;
  const char* reason_ = nullptr;
};

}  // namespace slipstream::feed
