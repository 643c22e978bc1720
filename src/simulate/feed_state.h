// The state of all topics as a source has told it so far: what Subscribe is answered with. Pure, but for
// buffers. Thread rule: one thread at a time.
#pragma once

#include <simdjson.h>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "feed/json_tree.h"
#include "feed/message.h"

namespace slipstream::simulate {

class FeedState {
 public:
  // Merges a change, or takes a snapshot. What is no JSON is left out.
  void apply(const feed::Message& message);
  // {"Heartbeat":{...},"CarData.z":"..."} of the topics that `takes` takes.
  std::string snapshot(const std::function<bool(std::string_view topic)>& takes) const;
  // The state of one topic as JSON text; empty if nothing came.
  std::string topic(std::string_view feed_topic) const;
  void clear() { topics_.clear(); }

 private:
  struct Topic {
    feed::JsonTree tree;
    std::string packed;  // of a `.z` topic the last message, which is all that F1 has of it
  };

  simdjson::dom::parser parser_;
  std::map<std::string, Topic, std::less<>> topics_;
};

// A message's payload as it stands in a frame: JSON, of `.z` topics a string of base64.
std::string wire_payload(const feed::Message& message);

}  // namespace slipstream::simulate
