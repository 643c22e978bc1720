// Which topics a source is asked for. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipstream::feed {

class TopicFilter {
 public:
  // Names as the feed has them ("CarData.z"); none: every topic.
  explicit TopicFilter(std::vector<std::string> topics = {}) : topics_(std::move(topics)) {}

  bool takes(std::string_view feed_topic) const {
    return topics_.empty() || std::find(topics_.begin(), topics_.end(), feed_topic) != topics_.end();
  }

 private:
  std::vector<std::string> topics_;
};

}  // namespace slipstream::feed
