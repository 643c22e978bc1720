// A recording as it grows: takes the bytes that a recorder appends and gives the messages that a load of the
// same file would, with the same times and offsets.
//
// Bytes are in the form of live_recorder.h. Pure, but for buffers. Thread rule: one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "feed/signalrcore_message.h"
#include "feed/source.h"
#include "feed/timeline.h"

namespace slipstream::feed {

class LiveDecoder {
 public:
  LiveDecoder();

  // Takes the next bytes, in pieces of any size.
  void push(std::string_view bytes);
  // Nothing more comes: what waits for a stamp or the end of its message goes out.
  void end();
  // The next item that is due; false: push more.
  bool take(SourceItem& item) { return timeline_.take(item); }
  std::int64_t bytes_taken() const { return offset_ + static_cast<std::int64_t>(partial_.size()); }

 private:
  void decode(std::string_view piece, bool is_terminated);

  SignalRCoreDecoder decoder_;
  Timeline timeline_;
  Entries entries_;
  std::string partial_;      // of a message that has not ended
  std::int64_t offset_ = 0;  // of partial_
};

}  // namespace slipstream::feed
