// One line of a FastF1 recording, a Python list: ['TimingData', {'Lines': ...}, '2025-09-07T12:57:33.210Z']
// (T9).
//
// The payload is a dict, or base64 in a string for `.z` topics. In recordings of its SignalR Core client the
// first lines are the snapshot: the payload is JSON in a string and the time stamp is empty. Pure, but for
// the buffers that FastF1Decoder keeps. Thread rule: one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

// Whether `line` begins like a message of this format; what follows may still be broken.
bool looks_like_fastf1(std::string_view line);
// Whether it is one of a snapshot, which only the SignalR Core client writes.
bool looks_like_fastf1_snapshot(std::string_view line);

class FastF1Decoder final : public LineDecoder {
 public:
  explicit FastF1Decoder(TopicFilter filter) : filter_(std::move(filter)) {}
  void decode(std::string_view line, Entries& out) override;

 private:
  Result<void> read(std::string_view line, Entry& entry);
  Result<void> take_text_payload(std::string_view text, Message& message);

  TopicFilter filter_;
  Unpacker unpacker_;
  std::string text_;  // the string payload, then the time stamp
};

}  // namespace slipstream::feed
