// A snapshot alone, as a JSON document of any layout: {"Heartbeat": {...}, "CarData.z": "...", ...}. So it is
// in undercut's subscribe.txt and where somebody kept what Subscribe answered. Pure, but for buffers. Thread
// rule: one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

// Whether `text` begins like a snapshot: an object with a topic of the feed among its first keys.
bool looks_like_snapshot(std::string_view text);

// decode() takes the whole document.
class SnapshotDecoder final : public LineDecoder {
 public:
  explicit SnapshotDecoder(TopicFilter filter) : build_(std::move(filter)) {}
  void decode(std::string_view document, Entries& out) override;

 private:
  EntryBuilder build_;
};

}  // namespace slipstream::feed
