#include "feed/fastf1_line.h"

#include "feed/python_literal.h"

namespace slipstream::feed {
namespace {

// What stands between the last two quotes; nothing if they are not at the end.
std::string_view last_string(std::string_view line) {
  const std::size_t last = line.find_last_of("'\"");
  if (last == std::string_view::npos || last == 0 || line.find(']', last) == std::string_view::npos)
    return {};
  const std::size_t first = line.find_last_of("'\"", last - 1);
  return first == std::string_view::npos ? std::string_view() : line.substr(first + 1, last - first - 1);
}

}  // namespace

bool looks_like_fastf1(std::string_view line) {
  PythonLiteral literal(line);
  std::string topic;
  return literal.take('[') && literal.take_string(topic) && is_topic_name(topic) && literal.take(',');
}

bool looks_like_fastf1_snapshot(std::string_view line) {
  PythonLiteral literal(line);
  std::string text;
  return literal.take('[') && literal.take_string(text) && literal.take(',') && literal.take_string(text) &&
         text.find('{') != std::string::npos;
}

void FastF1Decoder::decode(std::string_view line, Entries& out) {
  if (PythonLiteral(line).peek() != '[') return add_foreign(line, out);
  Entry& entry = out.add(Entry::Kind::message);
  const auto is_read = read(line, entry);
  if (is_read) return;
  entry.kind = Entry::Kind::broken;
  entry.reason = is_read.error().message;
  if (!is_topic_name(entry.message.feed_topic)) entry.message.feed_topic.clear();
}

Result<void> FastF1Decoder::read(std::string_view line, Entry& entry) {
  Message& message = entry.message;
  PythonLiteral literal(line);
  const auto bad = [&literal] { return tl::make_unexpected(literal.error()); };
  if (!literal.take('[') || !literal.take_string(message.feed_topic)) return bad();
  if (!is_topic_name(message.feed_topic)) return fail(Errc::malformed, "no topic in front");
  if (!filter_.takes(message.feed_topic)) {
    entry.kind = Entry::Kind::skipped;
    const std::string_view stamp = last_string(line);
    if (const auto utc = parse_utc(stamp)) message.utc = *utc;
    message.is_snapshot = !message.utc;
    return {};
  }
  if (!literal.take(',')) return bad();
  const bool is_text = literal.peek() == '\'' || literal.peek() == '"';
  text_.clear();
  message.payload.reserve(line.size() + payload_padding_bytes);
  if (is_text ? !literal.take_string(text_) : !literal.take_value(message.payload)) return bad();
  const std::size_t payload_size = text_.size();
  if (!literal.take(',') || !literal.take_string(text_)) return bad();
  const std::string_view stamp = std::string_view(text_).substr(payload_size);
  if (literal.peek() == ',') literal.take(',');
  if (!literal.take(']') || !literal.take_end()) return bad();
  if (!stamp.empty()) {
    const auto utc = parse_utc(stamp);
    if (!utc) return tl::make_unexpected(utc.error());
    message.utc = *utc;
  }
  message.is_snapshot = !message.utc;
  if (is_text) SLIP_TRY(take_text_payload(std::string_view(text_).substr(0, payload_size), message));
  SLIP_TRY(check_payload(message.payload));
  message.payload.reserve(message.payload.size() + payload_padding_bytes);
  return {};
}

// A string is base64 in its own right in the stream, base64 in JSON's quotes in a snapshot (T5), else JSON.
Result<void> FastF1Decoder::take_text_payload(std::string_view text, Message& message) {
  if (!is_packed_topic(message.feed_topic) || text.starts_with('{')) {
    assign_payload(message.payload, text);
    return {};
  }
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
    text = text.substr(1, text.size() - 2);
  return unpacker_.unpack(text, message.payload);
}

}  // namespace slipstream::feed
