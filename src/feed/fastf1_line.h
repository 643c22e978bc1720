// One line of a FastF1 recording, a Python list: ['TimingData', {'Lines': ...}, '2025-09-07T12:57:33.210Z']
// (T9).
//
// The payload is a dict, or base64 in a string for `.z` topics. In recordings of its SignalR Core client the
// first lines are the snapshot: the payload is JSON in a string and the time stamp is empty. Pure, but for
// the buffers that FastF1Decoder keeps. Thread rule: one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/time.h"
#include "feed/payload.h"
#include "feed/topic_filter.h"

namespace slipstream::feed {

struct FastF1Line {
  std::string feed_topic;      // also known for most broken lines; empty if not
  std::string payload;         // JSON
  std::optional<UtcTime> utc;  // empty: part of a snapshot
  bool is_skipped = false;     // not asked for: no payload
};

// Whether `line` begins like a message of this format; what follows may still be broken.
bool looks_like_fastf1(std::string_view line);

class FastF1Decoder {
 public:
  explicit FastF1Decoder(TopicFilter filter = TopicFilter()) : filter_(std::move(filter)) {}

  // Replaces what is in `out`, whose buffers are reused. Of a topic that is not asked for only topic and
  // stamp are read. Errors: malformed, with the reason.
  Result<void> decode(std::string_view line, FastF1Line& out);

 private:
  Result<void> take_text_payload(std::string_view text, FastF1Line& out);

  TopicFilter filter_;
  Unpacker unpacker_;
  std::string text_;  // the string payload, then the time stamp
};

}  // namespace slipstream::feed
