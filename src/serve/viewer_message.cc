#include "serve/viewer_message.h"

#include <simdjson.h>
#include <cmath>

namespace slipstream::serve {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

Result<std::optional<std::int64_t>> optional_integer(const object& message, std::string_view name) {
  element member;
  if (message.at_key(name).get(member) != simdjson::SUCCESS || member.is_null()) return std::nullopt;
  std::int64_t value = 0;
  if (member.get(value) == simdjson::SUCCESS) return value;
  // JavaScript has one kind of number: 1129441.5 is a place too.
  double real = 0;
  if (member.get(real) != simdjson::SUCCESS || std::abs(real) > 9e15) {
    return fail(Errc::malformed, std::string(name) + " has to be a whole number");
  }
  return std::llround(real);
}

Result<ViewerMessage> parse_hello(const object& message) {
  Hello hello;
  const auto session_key = optional_integer(message, "session_key");
  if (!session_key) return tl::make_unexpected(session_key.error());
  if (*session_key) hello.session_key = SessionKey(**session_key);
  element resume;
  if (message.at_key("resume").get(resume) != simdjson::SUCCESS || resume.is_null()) return hello;
  object members;
  std::string_view stream;
  const bool has_stream =
      resume.get(members) == simdjson::SUCCESS && members.at_key("stream").get(stream) == simdjson::SUCCESS;
  if (!has_stream) return fail(Errc::malformed, "resume has to name a stream and a number");
  const auto number = optional_integer(members, "number");
  if (!number || !*number) return fail(Errc::malformed, "resume has to name a stream and a number");
  hello.resume = {std::string(stream), **number};
  return hello;
}

Result<ViewerMessage> parse_seek(const object& message) {
  const auto session_time_ms = optional_integer(message, "session_time_ms");
  if (!session_time_ms) return tl::make_unexpected(session_time_ms.error());
  if (!*session_time_ms) return fail(Errc::malformed, "seek needs session_time_ms");
  return Seek{**session_time_ms};
}

Result<ViewerMessage> parse_speed(const object& message) {
  double speed = 0;
  const bool is_number = message.at_key("speed").get(speed) == simdjson::SUCCESS;
  if (!is_number || !(speed >= speed_min && speed <= speed_max)) {
    return fail(Errc::malformed, "speed has to be a number from 0.25 to 60");
  }
  return SetSpeed{speed};
}

}  // namespace

Result<ViewerMessage> parse_viewer_message(std::string_view text) {
  simdjson::dom::parser parser;
  object message;
  std::string_view type;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(message) != simdjson::SUCCESS) {
    return fail(Errc::malformed, "a message has to be a JSON object");
  }
  if (message.at_key("type").get(type) != simdjson::SUCCESS)
    return fail(Errc::malformed, "a message needs a type");
  if (type == "hello") return parse_hello(message);
  if (type == "seek") return parse_seek(message);
  if (type == "play") return Play{};
  if (type == "pause") return Pause{};
  if (type == "speed") return parse_speed(message);
  if (type == "live") return GoLive{};
  return fail(Errc::malformed, "unknown type of message");
}

}  // namespace slipstream::serve
