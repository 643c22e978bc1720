// SignalR Core's JSON protocol, F1's endpoint since 2025: messages that end in 0x1E, several in a frame (T3).
//
//   {"type":1,"target":"feed","arguments":["TimingData",{...},"2026-03-29T06:46:37.909Z"]}
//   {"type":3,"invocationId":"0","result":{"Heartbeat":{...}, ...}}   the snapshot that Subscribe answers
//   with
//   {"type":6}  ping      {"type":7}  close      {}  handshake accepted: a connection begins
//
// Pure, but for buffers. Thread rule: one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

inline constexpr char signalrcore_message_end = '\x1e';

// The first message of `frame`, which goes on behind it; false if none is left. Lines and white space between
// messages, as recorders leave them, are not part of any. The last one may lack its end.
bool take_signalrcore_message(std::string_view& frame, std::string_view& message);

// Whether `line` begins like such a message; what follows may still be broken.
bool looks_like_signalrcore(std::string_view line);

// decode() takes a frame, or a part of one that ends with a message.
class SignalRCoreDecoder final : public LineDecoder {
 public:
  explicit SignalRCoreDecoder(TopicFilter filter) : build_(std::move(filter)) {}
  void decode(std::string_view frame, Entries& out) override;

 private:
  void read(std::string_view message, Entries& out);

  EntryBuilder build_;
};

}  // namespace slipstream::feed
