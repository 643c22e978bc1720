#include "simulate/feed_state.h"

#include "core/json_writer.h"
#include "feed/payload.h"

namespace slipstream::simulate {

void FeedState::apply(const feed::Message& message) {
  Topic& topic = topics_[message.feed_topic];
  if (feed::is_packed_topic(message.feed_topic)) {
    topic.packed = message.payload;
    return;
  }
  simdjson::dom::element payload;
  if (parser_.parse(message.payload.data(), message.payload.size()).get(payload) != simdjson::SUCCESS) return;
  if (message.is_snapshot) topic.tree = {};
  // What cannot be merged is left out, as in the engine.
  static_cast<void>(topic.tree.merge(payload));
}

std::string FeedState::topic(std::string_view feed_topic) const {
  std::string out;
  const auto found = topics_.find(feed_topic);
  if (found == topics_.end()) return out;
  if (!found->second.packed.empty()) return "\"" + feed::pack_payload(found->second.packed) + "\"";
  if (!found->second.tree.is_missing()) feed::append_json(out, found->second.tree);
  return out;
}

std::string FeedState::snapshot(const std::function<bool(std::string_view topic)>& takes) const {
  std::string out = "{";
  for (const auto& [name, ignored] : topics_) {
    if (!takes(name)) continue;
    const std::string value = topic(name);
    if (value.empty()) continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out.append(":").append(value);
  }
  return out += '}';
}

std::string wire_payload(const feed::Message& message) {
  if (!feed::is_packed_topic(message.feed_topic)) return message.payload;
  return "\"" + feed::pack_payload(message.payload) + "\"";
}

}  // namespace slipstream::simulate
