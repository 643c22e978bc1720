// One line of a recording with receive times in nanoseconds since 1970:
//
//   1754142474596901782:Heartbeat:{"Utc":"2025-08-02T13:47:54.5563383Z","_kf":true}
//   1754142463842386497:init:{"SessionInfo":{...}, ...}     the snapshot
//
// Times are cut to milliseconds. Pure, but for buffers. Thread rule: one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

// Whether `line` begins like a message of this format; what follows may still be broken.
bool looks_like_ns(std::string_view line);

class NsDecoder final : public LineDecoder {
 public:
  explicit NsDecoder(TopicFilter filter) : build_(std::move(filter)) {}
  void decode(std::string_view line, Entries& out) override;

 private:
  EntryBuilder build_;
};

}  // namespace slipstream::feed
