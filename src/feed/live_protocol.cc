#include "feed/live_protocol.h"

#include <fmt/core.h>
#include <algorithm>

#include "core/json_writer.h"
#include "core/limits.h"
#include "feed/json_cursor.h"
#include "feed/signalrcore_message.h"

namespace slipstream::feed {
namespace {

constexpr std::string_view handshake = "{\"protocol\":\"json\",\"version\":1}\x1e";

// The members of a message that count; what is not there is empty.
struct Parts {
  std::string_view type, target, arguments, result, error, allow_reconnect;
  bool is_object = false;
};

Parts parts_of(std::string_view message) {
  Parts parts;
  JsonCursor json(message);
  std::string_view key, ignored;
  if (json.peek() != '{' || !json.take('{')) return parts;
  while (!json.has_failed() && json.next_member(key)) {
    json.take_value(key == "type"             ? parts.type
                    : key == "target"         ? parts.target
                    : key == "arguments"      ? parts.arguments
                    : key == "result"         ? parts.result
                    : key == "error"          ? parts.error
                    : key == "allowReconnect" ? parts.allow_reconnect
                                              : ignored);
  }
  parts.is_object = !json.has_failed();
  return parts;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// The member of that name of an object; empty if there is none.
std::string_view member_of(std::string_view object, std::string_view name) {
  JsonCursor json(object);
  std::string_view key, value;
  if (json.peek() != '{' || !json.take('{')) return {};
  while (json.next_member(key) && json.take_value(value)) {
    if (key == name) return value;
  }
  return {};
}

bool is_end(std::string_view status) { return status == "\"Finalised\"" || status == "\"Ends\""; }

}  // namespace

const std::vector<std::string>& live_topics() {
  static const std::vector<std::string> topics = {"Heartbeat",
                                                  "CarData.z",
                                                  "Position.z",
                                                  "ExtrapolatedClock",
                                                  "TopThree",
                                                  "TimingStats",
                                                  "TimingAppData",
                                                  "TimingData",
                                                  "TimingDataF1",
                                                  "TyreStintSeries",
                                                  "LapSeries",
                                                  "LapCount",
                                                  "WeatherData",
                                                  "WeatherDataSeries",
                                                  "TrackStatus",
                                                  "SessionStatus",
                                                  "SessionInfo",
                                                  "SessionData",
                                                  "DriverList",
                                                  "DriverRaceInfo",
                                                  "RaceControlMessages",
                                                  "RcmSeries",
                                                  "TeamRadio",
                                                  "AudioStreams",
                                                  "ContentStreams",
                                                  "ChampionshipPrediction",
                                                  "PitLaneTimeCollection",
                                                  "PitStop",
                                                  "PitStopSeries",
                                                  "ArchiveStatus",
                                                  "Index"};
  return topics;
}

bool tells_end(std::string_view feed_topic, std::string_view payload) {
  if (feed_topic == "SessionStatus") return is_end(member_of(payload, "Status"));
  return feed_topic == "SessionInfo" && is_end(member_of(payload, "SessionStatus"));
}

std::string LiveProtocol::open() {
  state_ = State::handshake;
  return std::string(handshake);
}

Result<LiveProtocol::Seen> LiveProtocol::take(std::string_view frame, std::string& send) {
  Seen seen;
  std::string joined;
  if (!partial_.empty()) {
    joined = std::exchange(partial_, {}).append(frame);
    frame = joined;
  }
  while (!frame.empty()) {
    const auto end = frame.find(signalrcore_message_end);
    if (end == std::string_view::npos) {
      if (frame.size() > limits::message_bytes_max) return fail(Errc::malformed, "a message without an end");
      partial_ = frame;
      break;
    }
    SLIP_TRY(take_message(frame.substr(0, end), send, seen));
    frame.remove_prefix(end + 1);
  }
  return seen;
}

Result<void> LiveProtocol::take_message(std::string_view message, std::string& send, Seen& seen) {
  if (message.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  if (state_ == State::handshake) return take_handshake(message, send);
  const Parts parts = parts_of(message);
  // Not ours to judge: the recording has it, and the decoder sets it aside with its reason.
  if (!parts.is_object) return {};
  if (parts.type == "6") seen.has_ping = true;
  if (parts.type == "3") return take_answer(parts.result, parts.error, seen);
  if (parts.type == "7") {
    state_ = State::ended;
    seen.must_close = parts.allow_reconnect == "true";
  }
  if (parts.type != "1" || parts.target != R"("feed")") return {};
  ++seen.feed_messages;
  JsonCursor json(parts.arguments);
  std::string_view feed_topic, payload;
  if (json.peek() != '[' || !json.take('[') || !json.next_element() || !json.take_string(feed_topic))
    return {};
  if (json.next_element() && json.take_value(payload)) {
    note_topic(feed_topic, payload, seen);
    seen.has_ended = seen.has_ended || tells_end(feed_topic, payload);
  }
  return {};
}

Result<void> LiveProtocol::take_handshake(std::string_view message, std::string& send) {
  const Parts parts = parts_of(message);
  if (!parts.is_object)
    return fail(Errc::malformed, "the server's answer to the handshake is no JSON object");
  if (!parts.error.empty()) {
    return fail(Errc::unsupported, fmt::format("the server refuses the protocol: {}", unquoted(parts.error)));
  }
  state_ = State::subscribing;
  JsonWriter json(send);
  json.begin_object().field("type", 1).field("invocationId", "0").field("target", "Subscribe");
  json.key("arguments").begin_array().begin_array();
  for (const std::string& topic : topics_) json.value(topic);
  json.end_array().end_array().end_object();
  send += signalrcore_message_end;
  return {};
}

Result<void> LiveProtocol::take_answer(std::string_view result, std::string_view error, Seen& seen) {
  if (!error.empty()) {
    return fail(Errc::unsupported, fmt::format("the server refuses Subscribe: {}", unquoted(error)));
  }
  state_ = State::live;
  seen.is_answered = true;
  std::vector<std::string_view> came;
  JsonCursor json(result);
  std::string_view topic, payload;
  if (json.peek() == '{' && json.take('{')) {
    while (json.next_member(topic) && json.take_value(payload)) {
      if (payload == "null") continue;
      came.push_back(topic);
      note_topic(topic, payload, seen);
      seen.was_over = seen.was_over || tells_end(topic, payload);
    }
  }
  missing_topics_.clear();
  for (const std::string& wanted : topics_) {
    if (std::find(came.begin(), came.end(), wanted) == came.end()) missing_topics_.push_back(wanted);
  }
  return {};
}

void LiveProtocol::note_topic(std::string_view feed_topic, std::string_view payload, Seen& seen) const {
  if (feed_topic != "SessionInfo") return;
  seen.has_session_info = true;
  seen.session_info = std::string(payload);
}

}  // namespace slipstream::feed
