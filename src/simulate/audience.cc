#include "simulate/audience.h"

#include <fmt/core.h>
#include <algorithm>
#include <utility>

#include "core/json_writer.h"
#include "feed/json_cursor.h"
#include "feed/live_token.h"
#include "feed/signalrcore_message.h"
#include "net/websocket_frame.h"

namespace slipstream::simulate {
namespace {

using Text = std::shared_ptr<const std::string>;

constexpr std::size_t slow_bytes = 7;
// Frames in small pieces fill the queue; beyond so many the rest goes in one.
constexpr std::size_t slow_pieces_max = 16;

Text message_text(std::string text) {
  text += feed::signalrcore_message_end;
  return std::make_shared<const std::string>(std::move(text));
}

struct Call {
  std::string_view type, target, arguments, id, protocol, version;
};

Call call_of(std::string_view message) {
  Call call;
  feed::JsonCursor json(message);
  std::string_view key, ignored;
  if (json.peek() != '{' || !json.take('{')) return call;
  while (json.next_member(key)) {
    const bool is_read = json.take_value(key == "type"           ? call.type
                                         : key == "target"       ? call.target
                                         : key == "arguments"    ? call.arguments
                                         : key == "invocationId" ? call.id
                                         : key == "protocol"     ? call.protocol
                                         : key == "version"      ? call.version
                                                                 : ignored);
    if (!is_read) break;
  }
  return call;
}

// The list of topics that is the first argument.
std::set<std::string, std::less<>> topics_in(std::string_view arguments) {
  std::set<std::string, std::less<>> topics;
  feed::JsonCursor json(arguments);
  std::string_view list, topic;
  if (json.peek() != '[' || !json.take('[') || !json.next_element() || !json.take_value(list)) return topics;
  feed::JsonCursor names(list);
  if (names.peek() != '[' || !names.take('[')) return topics;
  while (names.next_element() && names.take_string(topic)) topics.emplace(topic);
  return topics;
}

}  // namespace

bool Audience::Member::takes(std::string_view feed_topic) const {
  return topics.contains(feed_topic) && (has_token || !feed::needs_token(feed_topic));
}

void Audience::enter(std::shared_ptr<net::WebSocketPeer> peer, bool has_token) {
  const std::scoped_lock lock(mutex_);
  const auto id = peer->id();
  members_[id] = Member{std::move(peer), has_token, false, {}};
}

void Audience::leave(const net::WebSocketPeer& peer) {
  const std::scoped_lock lock(mutex_);
  members_.erase(peer.id());
}

void Audience::hear(net::WebSocketPeer& peer, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  const auto member = members_.find(peer.id());
  if (member == members_.end()) return;
  std::string_view message;
  while (feed::take_signalrcore_message(text, message)) take_message(member->second, message);
}

void Audience::take_message(Member& member, std::string_view message) {
  if (!member.is_shaken) return shake(member, message);
  const Call said = call_of(message);
  if (said.type == "1") return call(member, said.target, said.arguments, said.id);
  if (said.type == "7") member.peer->close();
}

// Clients say version 1; one says 0 and means the same.
void Audience::shake(Member& member, std::string_view message) {
  const Call said = call_of(message);
  if (said.protocol == "\"json\"" && (said.version == "0" || said.version == "1")) {
    member.is_shaken = true;
    return send(member, message_text("{}"));
  }
  std::string refusal;
  const auto text = fmt::format("The protocol '{}' is not supported.", said.protocol);
  JsonWriter(refusal).begin_object().field("error", text).end_object();
  send(member, message_text(std::move(refusal)));
  member.peer->close();
}

void Audience::call(Member& member, std::string_view target, std::string_view arguments,
                    std::string_view id) {
  std::string answer = fmt::format("{{\"type\":3,\"invocationId\":{},", id);
  if (target == "\"Subscribe\"") {
    for (auto topics = topics_in(arguments); const auto& topic : topics) member.topics.insert(topic);
    answer += "\"result\":" +
              state_.snapshot([&member](std::string_view feed_topic) { return member.takes(feed_topic); });
  } else if (target == "\"Unsubscribe\"") {
    for (auto topics = topics_in(arguments); const auto& topic : topics) member.topics.erase(topic);
    answer += "\"result\":null";
  } else {
    answer += "\"error\":";
    append_json_string(answer, fmt::format("Method does not exist: {}", target));
  }
  if (!id.empty()) send(member, message_text(answer + "}"));
}

void Audience::learn(const feed::Message& message) {
  const std::scoped_lock lock(mutex_);
  state_.apply(message);
}

void Audience::play(const feed::Message& message, UtcTime stamp, std::int64_t number) {
  using Kind = Faults::Kind;
  std::string call = R"({"type":1,"target":"feed","arguments":[)";
  append_json_string(call, message.feed_topic);
  call += fmt::format(",{},\"{}\"]}}", wire_payload(message), format_utc(stamp));
  const Text text = message_text(std::move(call));
  const std::scoped_lock lock(mutex_);
  state_.apply(message);
  const bool is_twice = faults_.strikes(Kind::duplicate, faults_.duplicate, number);
  const bool is_cut = faults_.strikes(Kind::cut, faults_.cut, number);
  for (auto& [id, member] : members_) {
    if (!member.takes(message.feed_topic)) continue;
    if (is_cut) {
      cut(member, *text);
      continue;
    }
    send(member, text);
    if (is_twice) send(member, text);
  }
}

void Audience::send(Member& member, const Text& text) {
  if (faults_.is_slow) send_slowly(member, *text);
  else member.peer->send(text);
  ++frames_sent_;
}

void Audience::send_slowly(Member& member, const std::string& text) {
  const std::string frame = net::frame_head(net::Opcode::text, text.size(), false) + text;
  std::string_view rest = frame;
  for (std::size_t piece = 0; !rest.empty(); ++piece) {
    const auto count = piece < slow_pieces_max ? std::min(slow_bytes, rest.size()) : rest.size();
    member.peer->send_raw(std::string(rest.substr(0, count)));
    rest.remove_prefix(count);
  }
}

void Audience::cut(Member& member, const std::string& text) {
  const std::string frame = net::frame_head(net::Opcode::text, text.size(), false) + text;
  member.peer->send_raw(frame.substr(0, frame.size() / 2));
  member.peer->hang_up();
  member.topics.clear();
}

void Audience::forget() {
  const std::scoped_lock lock(mutex_);
  state_.clear();
}

void Audience::ping() {
  static const Text text = message_text(R"({"type":6})");
  const std::scoped_lock lock(mutex_);
  for (auto& [id, member] : members_) {
    if (member.is_shaken) send(member, text);
  }
}

void Audience::hang_up_all() {
  const std::scoped_lock lock(mutex_);
  for (auto& [id, member] : members_) {
    member.peer->hang_up();
    member.topics.clear();
  }
}

void Audience::close_all() {
  static const Text text = message_text(R"({"type":7})");
  const std::scoped_lock lock(mutex_);
  for (auto& [id, member] : members_) {
    if (member.is_shaken) send(member, text);
    member.peer->close();
    member.topics.clear();
  }
}

std::size_t Audience::subscriber_count() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      members_.begin(), members_.end(), [](const auto& entry) { return !entry.second.topics.empty(); }));
}

std::size_t Audience::frames_waiting() const {
  const std::scoped_lock lock(mutex_);
  std::size_t most = 0;
  for (const auto& [id, member] : members_) most = std::max(most, member.peer->queued_frames());
  return most;
}

void Audience::drop_stuck(std::size_t frames) {
  const std::scoped_lock lock(mutex_);
  for (auto& [id, member] : members_) {
    if (member.peer->queued_frames() < frames) continue;
    member.peer->hang_up();
    member.topics.clear();
  }
}

}  // namespace slipstream::simulate
