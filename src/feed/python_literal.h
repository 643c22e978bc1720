// Python literals as repr() prints them, read into JSON text (T9). A lexer, no text substitution: quotes of
// both kinds, apostrophes inside double quotes, every escape, True/False/None, numbers, lists, tuples, dicts.
//
//   {'Message': "CAR 44's TIME", 'Lap': None, 'OnTrack': True}  ->  {"Message":"CAR 44's
//   TIME","Lap":null,...}
//
// JSON has no NaN and no infinity: they become null. Keys become strings: {1: 2} -> {"1":2}. Characters keep
// their value; a surrogate that stands alone becomes U+FFFD. Bytes behind 0x7F are copied, not checked.
// Pure. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace slipstream::feed {

class PythonLiteral {
 public:
  // Reads from `text`, which must outlive this.
  explicit PythonLiteral(std::string_view text) : text_(text) {}

  // Each reads on from where the last one ended, over white space, and is false when something else is there;
  // error() says what and where then, and nothing more can be read.
  bool take(char c);                   // exactly this character
  bool take_string(std::string& out);  // a string; its characters as UTF-8 behind what is in `out`
  bool take_value(std::string& out);   // any literal, as JSON behind what is in `out`
  bool take_end();                     // nothing but white space is left

  // The next character that is no white space, 0 at the end. Reads nothing.
  char peek() {
    if (at_ < text_.size() && text_[at_] > ' ') return text_[at_];
    return skip_space();
  }

  // Errors: malformed, "expected ',' at byte 17".
  Error error() const;

 private:
  char skip_space();
  bool refuse(const char* reason);
  bool value(std::string& out, int depth);
  bool list(std::string& out, char last, int depth);
  bool dict(std::string& out, int depth);
  bool key(std::string& out);
  bool word_or_number(std::string& out);
  bool number(std::string_view word, std::string& out);
  std::size_t end_of_plain() const;  // of the bytes here that mean themselves
  bool string(std::string& out, bool is_json);
  bool escape(std::string& out, bool is_json);
  bool code_point(std::size_t digits, std::string& out, bool is_json);
  bool hex(std::size_t at, std::size_t digits, std::uint32_t& code) const;

  std::string_view text_;
  std::size_t at_ = 0;
  const char* reason_ = "nothing wrong";
};

}  // namespace slipstream::feed
