// What every source yields: one message of F1's live-timing feed, decoded from its wire form, not
// interpreted.
//
// Sample, from TimingData.jsonStream: feed_topic "TimingData", session_time 00:17:32.294, payload
// {"Lines":{"4":{"LastLapTime":{"Value":"1:17.147"}}}}. `.z` topics arrive inflated and under their name with
// the suffix ("CarData.z"), so that a payload is always JSON text (UTF-8, no BOM). Python literals arrive as
// JSON. Values; one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace slipstream::feed {

struct Message {
  std::string feed_topic;
  // Offset that F1 wrote (archive, dump), else since the recording's first message (timeline.h).
  SessionTime session_time{};
  // Instant of receipt as the source says, of a snapshot that of the message behind it; archives have none.
  std::optional<UtcTime> utc;
  // JSON text, followed by at least simdjson::SIMDJSON_PADDING bytes of capacity. Known to be UTF-8 and to
  // begin and end like an object or a list; whether it is JSON in between shows when it is parsed.
  std::string payload;
  // True: the whole state of the topic (a Subscribe reply), not a change.
  bool is_snapshot = false;
  // Byte of the message's line in its (uncompressed) file, for `rejected` and error messages.
  std::int64_t source_offset = 0;
};

// A line or entry that could not be decoded; the source goes on behind it.
struct BrokenInput {
  std::int64_t source_offset = 0;
  std::optional<std::string> feed_topic;
  std::optional<SessionTime> session_time;
  std::string reason;
  std::string raw;  // at most limits::rejected_raw_bytes_max
};

}  // namespace slipstream::feed
