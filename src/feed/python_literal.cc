#include "feed/python_literal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/limits.h"

namespace slipstream::feed {
namespace {

constexpr std::uint32_t code_point_max = 0x10FFFF;
constexpr std::uint32_t replacement = 0xFFFD;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code <= 0xDBFF; }
constexpr bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code <= 0xDFFF; }

// True for bytes that mean themselves, in a Python string and in a JSON string alike.
constexpr auto plain_bytes = [] {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < plain.size(); ++i) plain[i] = i != '\'' && i != '"' && i != '\\';
  return plain;
}();

// Part of a word or number; everything up to the next one that is not makes the word.
constexpr auto word_bytes = [] {
  std::array<bool, 256> word{};
  for (std::size_t i = 'a'; i <= 'z'; ++i) word[i] = word[i - 'a' + 'A'] = true;
  for (std::size_t i = '0'; i <= '9'; ++i) word[i] = true;
  word['+'] = word['-'] = word['.'] = word['_'] = true;
  return word;
}();

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// One character of a string: as it is, or escaped where JSON asks for it.
void append_char(std::string& out, std::uint32_t code, bool is_json) {
  if (is_json && (code == '"' || code == '\\')) {
    out += '\\';
    out += static_cast<char>(code);
  } else if (is_json && code < 0x20) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += code < 0x10 ? "\\u000" : "\\u001";
    out += digits[code & 0xF];
  } else {
    append_utf8(out, code);
  }
}

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

}  // namespace

bool PythonLiteral::refuse(const char* reason) {
  reason_ = reason;
  return false;
}

Error PythonLiteral::error() const { return {Errc::malformed, fmt::format("{} at byte {}", reason_, at_)}; }

char PythonLiteral::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool PythonLiteral::take(char c) {
  if (peek() != c || at_ == text_.size()) {
    if (at_ == text_.size()) return refuse("ends too early");
    return refuse(c == ','   ? "expected ','"
                  : c == '[' ? "expected '['"
                  : c == ']' ? "expected ']'"
                             : "unexpected text");
  }
  ++at_;
  return true;
}

bool PythonLiteral::take_end() {
  peek();
  return at_ == text_.size() || refuse("unexpected text behind the end");
}

bool PythonLiteral::take_string(std::string& out) {
  const char quote = peek();
  if (quote != '\'' && quote != '"')
    return refuse(at_ == text_.size() ? "ends too early" : "expected a string");
  return string(out, false);
}

bool PythonLiteral::take_value(std::string& out) { return value(out, 0); }

bool PythonLiteral::value(std::string& out, int depth) {
  if (depth > limits::json_depth_max) return refuse("nested too deeply");
  switch (peek()) {
    case '\'':
    case '"': return string(out, true);
    case '{': return dict(out, depth);
    case '[': return list(out, ']', depth);
    case '(': return list(out, ')', depth);
    default: return word_or_number(out);
  }
}

// Precondition: at the opening bracket.
bool PythonLiteral::list(std::string& out, char last, int depth) {
  ++at_;
  out += '[';
  for (bool is_first = true; peek() != last; is_first = false) {
    if (!is_first) out += ',';
    if (!value(out, depth + 1)) return false;
    if (peek() == ',') ++at_;
    else if (peek() != last)
      return refuse(at_ == text_.size() ? "list is cut off" : "expected ',' in a list");
  }
  ++at_;
  out += ']';
  return true;
}

bool PythonLiteral::dict(std::string& out, int depth) {
  ++at_;
  out += '{';
  for (bool is_first = true; peek() != '}'; is_first = false) {
    if (!is_first) out += ',';
    if (!key(out)) return false;
    if (peek() != ':') return refuse(at_ == text_.size() ? "dict is cut off" : "expected ':' in a dict");
    ++at_;
    out += ':';
    if (!value(out, depth + 1)) return false;
    if (peek() == ',') ++at_;
    else if (peek() != '}') return refuse(at_ == text_.size() ? "dict is cut off" : "expected ',' in a dict");
  }
  ++at_;
  out += '}';
  return true;
}

bool PythonLiteral::key(std::string& out) {
  const char front = peek();
  if (front == '\'' || front == '"') return string(out, true);
  out += '"';
  if (!word_or_number(out)) return false;
  out += '"';
  return true;
}

bool PythonLiteral::word_or_number(std::string& out) {
  std::size_t end = at_;
  while (end < text_.size() && word_bytes[static_cast<unsigned char>(text_[end])]) ++end;
  const std::string_view word = text_.substr(at_, end - at_);
  if (word.empty()) return refuse(at_ == text_.size() ? "ends too early" : "expected a value");
  std::string_view unsigned_word = word;
  if (word.front() == '-' || word.front() == '+') unsigned_word.remove_prefix(1);
  if (word == "True") out += "true";
  else if (word == "False") out += "false";
  else if (word == "None" || unsigned_word == "nan" || unsigned_word == "inf") out += "null";
  else if (!number(word, out)) return refuse("expected a value");
  at_ = end;
  return true;
}

// Python's numbers to JSON's, which has digits on both sides of the point and no leading "+".
bool PythonLiteral::number(std::string_view word, std::string& out) {
  std::string_view rest = word;
  const bool is_negative = rest.front() == '-';
  if (is_negative || rest.front() == '+') rest.remove_prefix(1);
  const std::string_view whole = take_digits(rest);
  const bool has_point = rest.starts_with('.');
  if (has_point) rest.remove_prefix(1);
  const std::string_view fraction = has_point ? take_digits(rest) : std::string_view();
  if (whole.empty() && fraction.empty()) return false;
  // "00" and "007.5" are numbers to Python too, as int only if zero; JSON wants one digit.
  const std::size_t significant = std::min(whole.find_first_not_of('0'), whole.size());
  if (!has_point && rest.empty() && significant > 0 && significant < whole.size()) return false;
  if (is_negative) out += '-';
  if (significant == whole.size()) out += '0';
  else out.append(whole.substr(significant));
  if (has_point) {
    out += '.';
    if (fraction.empty()) out += '0';
    else out.append(fraction);
  }
  if (rest.empty()) return true;
  if (rest.front() != 'e' && rest.front() != 'E') return false;
  std::string_view exponent = rest.substr(1);
  if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
  if (take_digits(exponent).empty() || !exponent.empty()) return false;
  out.append(rest);
  return true;
}

// Precondition: at the quote.
std::size_t PythonLiteral::end_of_plain() const {
  std::size_t end = at_;
  while (end < text_.size() && plain_bytes[static_cast<unsigned char>(text_[end])]) ++end;
  return end;
}

bool PythonLiteral::string(std::string& out, bool is_json) {
  const char quote = text_[at_++];
  const std::size_t close = end_of_plain();
  if (is_json && close < text_.size() && text_[close] == quote) {  // nearly all are: one step, one append
    const std::size_t start = out.size();
    out.append(close - at_ + 2, '"');
    text_.copy(out.data() + start + 1, close - at_, at_);
    at_ = close + 1;
    return true;
  }
  if (is_json) out += '"';
  for (;;) {
    const std::size_t end = end_of_plain();
    out.append(text_, at_, end - at_);
    at_ = end;
    if (at_ == text_.size()) return refuse("string is cut off");
    const char c = text_[at_];
    if (c == quote) break;
    if (c == '\\') {
      if (!escape(out, is_json)) return false;
    } else {
      append_char(out, static_cast<unsigned char>(c), is_json);  // the other quote, a control character
      ++at_;
    }
  }
  ++at_;
  if (is_json) out += '"';
  return true;
}

// Precondition: at the backslash.
bool PythonLiteral::escape(std::string& out, bool is_json) {
  if (at_ + 1 == text_.size()) return refuse("string is cut off");
  const char c = text_[at_ + 1];
  constexpr std::string_view names = "\\'\"abfnrtv";
  constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
  if (const std::size_t i = names.find(c); i != std::string_view::npos) {
    append_char(out, static_cast<unsigned char>(meanings[i]), is_json);
    at_ += 2;
    return true;
  }
  if (c == 'x') return code_point(2, out, is_json);
  if (c == 'u') return code_point(4, out, is_json);
  if (c == 'U') return code_point(8, out, is_json);
  if (c == 'N') return refuse("characters by name are not read");
  if (c >= '0' && c <= '7') {
    std::uint32_t code = 0;
    std::size_t end = at_ + 1;
    for (; end < text_.size() && end < at_ + 4 && text_[end] >= '0' && text_[end] <= '7'; ++end) {
      code = code * 8 + static_cast<std::uint32_t>(text_[end] - '0');
    }
    append_char(out, code, is_json);
    at_ = end;
    return true;
  }
  append_char(out, '\\', is_json);  // as Python does: an escape it does not know stays two characters
  ++at_;
  return true;
}

bool PythonLiteral::hex(std::size_t at, std::size_t digits, std::uint32_t& code) const {
  code = 0;
  if (at + digits > text_.size()) return false;
  for (std::size_t i = at; i < at + digits; ++i) {
    const char c = text_[i];
    std::uint32_t digit = 0;
    if (is_digit(c)) digit = static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    else return false;
    code = code * 16 + digit;
  }
  return true;
}

// "\x41", "\u0041", "\U00000041"; two halves of a surrogate pair become their character.
bool PythonLiteral::code_point(std::size_t digits, std::string& out, bool is_json) {
  std::uint32_t code = 0;
  if (!hex(at_ + 2, digits, code) || code > code_point_max) return refuse("bad \\x, \\u or \\U escape");
  at_ += 2 + digits;
  std::uint32_t low = 0;
  if (is_high_surrogate(code) && text_.substr(at_).starts_with("\\u") && hex(at_ + 2, 4, low) &&
      is_low_surrogate(low)) {
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    at_ += 6;
  } else if (is_high_surrogate(code) || is_low_surrogate(code)) {
    code = replacement;
  }
  append_char(out, code, is_json);
  return true;
}

}  // namespace slipstream::feed
