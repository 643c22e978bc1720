#include "feed/signalrcore_message.h"

#include <fmt/core.h>

#include <algorithm>

#include "feed/signalr_line.h"

namespace slipstream::feed {
namespace {

// A message has no line end in it, so that log lines between messages end there.
constexpr std::string_view message_ends = "\x1e\n";
constexpr std::string_view space = " \t\r\n\x1e";

}  // namespace

bool take_signalrcore_message(std::string_view& frame, std::string_view& message) {
  frame.remove_prefix(std::min(frame.find_first_not_of(space), frame.size()));
  if (frame.empty()) return false;
  const std::size_t end = std::min(frame.find_first_of(message_ends), frame.size());
  message = frame.substr(0, end);
  frame.remove_prefix(end);
  return true;
}

bool looks_like_signalrcore(std::string_view line) {
  JsonCursor json(line);
  std::string_view key;
  if (!json.take('{')) return false;
  if (json.next_member(key)) {
    const char value = json.peek();
    return key == "type" && value >= '0' && value <= '9';
  }
  return !json.has_failed() && json.peek() == signalrcore_message_end;
}

void SignalRCoreDecoder::decode(std::string_view frame, Entries& out) {
  std::string_view message;
  while (take_signalrcore_message(frame, message)) read(message, out);
}

void SignalRCoreDecoder::read(std::string_view message, Entries& out) {
  JsonCursor json(message);
  if (json.peek() != '{') return add_foreign(message, out);
  std::string_view key, type, target, arguments, error, ignored;
  bool is_empty = true;
  json.take('{');
  while (!json.has_failed() && json.next_member(key)) {
    is_empty = false;
    if (key == "result" && json.peek() == '{') {
      if (!build_.add_snapshot(json, std::nullopt, out)) return;
      continue;
    }
    json.take_value(key == "type"        ? type
                    : key == "target"    ? target
                    : key == "arguments" ? arguments
                    : key == "error"     ? error
                                         : ignored);
  }
  if (!json.has_failed()) json.take_end();
  if (json.has_failed()) return out.add_broken({}, message, json.error().message);
  if (is_empty || type == "7") out.add(Entry::Kind::connected);
  if (!error.empty()) out.add_broken({}, message, fmt::format("the server says: {}", error));
  if (type == "1" && target == R"("feed")") add_feed_arguments(arguments, build_, out);
}

}  // namespace slipstream::feed
