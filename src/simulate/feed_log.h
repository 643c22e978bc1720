// Where the writers of topics put their messages. Included by simulate/ only. One thread at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "simulate/document.h"
#include "simulate/script.h"

namespace slipstream::simulate {

// One topic: its state, and the messages that made it.
class TopicLog {
 public:
  TopicLog(Script& script, std::string topic) : script_(script), topic_(std::move(topic)) {}
  TopicLog(const TopicLog&) = delete;
  TopicLog& operator=(const TopicLog&) = delete;
  ~TopicLog() { script_.keyframes.push_back({topic_, document.keyframe()}); }

  // What has changed, if anything has.
  void send(std::int32_t at_ms) {
    if (document.has_changed()) script_.messages.push_back({at_ms, topic_, document.take_patch()});
  }

  Document document;

 private:
  Script& script_;
  std::string topic_;
};

// Things to do at times. Those of one millisecond go by rank, then in the order in which they were planned.
// What is done may plan more, not before it.
class Agenda {
 public:
  void at(std::int32_t at_ms, int rank, std::function<void()> what) {
    items_.emplace(std::pair(at_ms, rank), std::move(what));
  }
  // Runs all; after(at_ms) follows those of one millisecond.
  template <class After>
  void run(After after) {
    while (!items_.empty()) {
      const auto item = items_.extract(items_.begin());
      item.mapped()();
      const std::int32_t at_ms = item.key().first;
      if (items_.empty() || items_.begin()->first.first != at_ms) after(at_ms);
    }
  }

 private:
  std::multimap<std::pair<std::int32_t, int>, std::function<void()>> items_;
};

}  // namespace slipstream::simulate
