#include "feed/signalr_line.h"

namespace slipstream::feed {
namespace {

constexpr std::string_view feed_method = "feed";

// The first key of an object and the character that its value begins with.
struct Front {
  std::string_view key;
  char value = 0;
};

Front front_of(std::string_view line) {
  JsonCursor json(line);
  Front front;
  if (!json.take('{') || !json.next_member(front.key)) return {};
  front.value = json.peek();
  return front;
}

bool is_string(std::string_view raw) { return raw.size() >= 2 && raw.front() == '"'; }
std::string_view unquoted(std::string_view raw) { return raw.substr(1, raw.size() - 2); }

// The members of a hub message or of undercut's own shape.
struct Call {
  std::string_view method, arguments;      // raw
  std::string_view topic, payload, stamp;  // raw
};

void add_call(const Call& call, EntryBuilder& build, Entries& out) {
  if (!call.arguments.empty()) {
    if (is_string(call.method) && unquoted(call.method) == feed_method)
      add_feed_arguments(call.arguments, build, out);
    return;
  }
  if (!is_string(call.topic)) return;
  const auto utc = parse_utc(is_string(call.stamp) ? unquoted(call.stamp) : std::string_view());
  if (!utc) return out.add_broken(unquoted(call.topic), {}, utc.error().message);
  if (call.payload.empty()) return out.add_broken(unquoted(call.topic), {}, "payload is empty");
  build.add_message(unquoted(call.topic), call.payload, *utc, out);
}

// Takes the value of a member that a call has; false for others, of which nothing is taken.
bool take_call_member(std::string_view key, JsonCursor& json, Call& call) {
  std::string_view* const member = key == "M"          ? &call.method
                                   : key == "A"        ? &call.arguments
                                   : key == "Type"     ? &call.topic
                                   : key == "Json"     ? &call.payload
                                   : key == "DateTime" ? &call.stamp
                                                       : nullptr;
  if (member == nullptr) return false;
  json.take_value(*member);
  return true;
}

}  // namespace

bool looks_like_signalr(std::string_view line) {
  const auto [key, value] = front_of(line);
  return (key == "C" && value == '"') || (key == "R" && value == '{') || (key == "M" && value == '[');
}

bool looks_like_undercut(std::string_view line) {
  const auto [key, value] = front_of(line);
  return (key == "H" || key == "Type") && value == '"';
}

void add_feed_arguments(std::string_view arguments, EntryBuilder& build, Entries& out) {
  JsonCursor json(arguments);
  std::string_view topic, payload, stamp;
  const bool is_read = json.take('[') && json.take_string(topic) && json.take(',') &&
                       json.take_value(payload) && json.take(',') && json.take_string(stamp);
  if (!is_read) return out.add_broken(topic, arguments, json.error().message);
  const auto utc = parse_utc(stamp);
  if (!utc) return out.add_broken(topic, arguments, utc.error().message);
  build.add_message(topic, payload, *utc, out);
}

void SignalRDecoder::read_hub_messages(JsonCursor& json, Entries& out) {
  json.take('[');
  while (!json.has_failed() && json.next_element()) {
    Call call;
    std::string_view key, ignored;
    json.take('{');
    while (!json.has_failed() && json.next_member(key)) {
      if (!take_call_member(key, json, call)) json.take_value(ignored);
    }
    if (!json.has_failed()) add_call(call, build_, out);
  }
}

void SignalRDecoder::decode(std::string_view line, Entries& out) {
  JsonCursor json(line);
  if (json.peek() != '{') return add_foreign(line, out);
  Call call;
  std::string_view key, ignored;
  json.take('{');
  while (!json.has_failed() && json.next_member(key)) {
    if (key == "M" && json.peek() == '[') read_hub_messages(json, out);
    else if (key == "R" && json.peek() == '{') {
      if (!build_.add_snapshot(json, std::nullopt, out)) return;
    } else if (!take_call_member(key, json, call)) {
      if (key == "S") out.add(Entry::Kind::connected);
      json.take_value(ignored);
    }
  }
  if (!json.has_failed()) json.take_end();
  if (json.has_failed()) return out.add_broken({}, {}, json.error().message);
  add_call(call, build_, out);
}

}  // namespace slipstream::feed
