#include "feed/dump_line.h"

#include "feed/archive_line.h"

namespace slipstream::feed {

bool looks_like_dump(std::string_view line) {
  const auto split = split_archive_line(line);
  if (!split) return false;
  JsonCursor json(split->raw_payload);
  std::string_view key;
  return json.take('{') && json.next_member(key) && key == "stream" && json.peek() == '"';
}

void DumpDecoder::decode(std::string_view line, Entries& out) {
  const auto split = split_archive_line(line);
  if (!split) return add_foreign(line, out);
  JsonCursor json(split->raw_payload);
  std::string_view key, topic, payload, ignored;
  json.take('{');
  while (!json.has_failed() && json.next_member(key)) {
    if (key == "stream") json.take_string(topic);
    else json.take_value(key == "payload" ? payload : ignored);
  }
  if (!json.has_failed()) json.take_end();
  if (json.has_failed()) {
    out.add_broken(topic, line, json.error().message);
  } else {
    build_.add_message(topic, payload, std::nullopt, out);
  }
  out[out.size() - 1].offset = split->session_time;
}

}  // namespace slipstream::feed
