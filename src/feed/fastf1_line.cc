#include "feed/fastf1_line.h"

#include "feed/python_literal.h"

namespace slipstream::feed {
namespace {

bool is_topic_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
}

bool is_topic(std::string_view text) {
  for (const char c : text) {
    if (!is_topic_char(c)) return false;
  }
  return !text.empty();
}

// What stands between the last two quotes.
std::string_view last_string(std::string_view line) {
  const std::size_t last = line.find_last_of("'\"");
  if (last == std::string_view::npos || last == 0) return {};
  const std::size_t first = line.find_last_of("'\"", last - 1);
  return first == std::string_view::npos ? std::string_view() : line.substr(first + 1, last - first - 1);
}

}  // namespace

bool looks_like_fastf1(std::string_view line) {
  PythonLiteral literal(line);
  std::string topic;
  return literal.take('[') && literal.take_string(topic) && is_topic(topic) && literal.take(',');
}

Result<void> FastF1Decoder::decode(std::string_view line, FastF1Line& out) {
  out.feed_topic.clear();
  out.payload.clear();
  out.utc.reset();
  out.is_skipped = false;
  PythonLiteral literal(line);
  const auto bad = [&literal] { return tl::make_unexpected(literal.error()); };
  if (literal.peek() != '[') return fail(Errc::malformed, "not a message of this recording");
  if (!literal.take('[') || !literal.take_string(out.feed_topic)) return bad();
  if (!is_topic(out.feed_topic)) {
    out.feed_topic.clear();
    return fail(Errc::malformed, "no topic in front");
  }
  if (!filter_.takes(out.feed_topic)) {
    out.is_skipped = true;
    if (const auto utc = parse_utc(last_string(line))) out.utc = *utc;
    return {};
  }
  if (!literal.take(',')) return bad();
  const bool is_text = literal.peek() == '\'' || literal.peek() == '"';
  text_.clear();
  out.payload.reserve(line.size() + payload_padding_bytes);
  if (is_text ? !literal.take_string(text_) : !literal.take_value(out.payload)) return bad();
  const std::size_t payload_size = text_.size();
  if (!literal.take(',') || !literal.take_string(text_)) return bad();
  const std::string_view stamp = std::string_view(text_).substr(payload_size);
  if (literal.peek() == ',') literal.take(',');
  if (!literal.take(']') || !literal.take_end()) return bad();
  if (!stamp.empty()) {
    const auto utc = parse_utc(stamp);
    if (!utc) return tl::make_unexpected(utc.error());
    out.utc = *utc;
  }
  if (is_text) SLIP_TRY(take_text_payload(std::string_view(text_).substr(0, payload_size), out));
  SLIP_TRY(check_payload(out.payload));
  out.payload.reserve(out.payload.size() + payload_padding_bytes);
  return {};
}

// A string is base64 in its own right in the stream, base64 in JSON's quotes in a snapshot (T5), else JSON.
Result<void> FastF1Decoder::take_text_payload(std::string_view text, FastF1Line& out) {
  if (!is_packed_topic(out.feed_topic) || text.starts_with('{')) {
    assign_payload(out.payload, text);
    return {};
  }
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
    text = text.substr(1, text.size() - 2);
  return unpacker_.unpack(text, out.payload);
}

}  // namespace slipstream::feed
