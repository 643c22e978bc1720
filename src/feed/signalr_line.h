// Classic SignalR, a line a frame, as F1's endpoint spoke it until 2025:
//
//   {"C":"d-90A0","M":[{"H":"Streaming","M":"feed","A":["TimingData",{...},"2023-05-26T15:37:02.48Z"]}, ...]}
//   {"R":{"Heartbeat":{...},"CarData.z":"...", ...},"I":"1"}     the snapshot that Subscribe answers with
//   {"C":"d-90A0,1","S":1,"M":[]}                                a connection begins
//   {}                                                           keep-alive
//
// and the two shapes of a line in undercut's live.txt: a hub message alone, {"H":..,"M":"feed","A":[..]}, and
// {"Type":"TimingData","Json":{...},"DateTime":"2024-07-05T11:50:44.449+00:00"}. Pure, but for buffers.
// Thread rule: one thread at a time.
#pragma once

#include <string_view>
#include <utility>

#include "feed/entry.h"

namespace slipstream::feed {

// Whether `line` begins like a frame; like a line of undercut's. What follows may still be broken.
bool looks_like_signalr(std::string_view line);
bool looks_like_undercut(std::string_view line);

class SignalRDecoder final : public LineDecoder {
 public:
  explicit SignalRDecoder(TopicFilter filter) : build_(std::move(filter)) {}
  void decode(std::string_view line, Entries& out) override;

 private:
  void read_hub_messages(JsonCursor& json, Entries& out);

  EntryBuilder build_;
};

// [topic, payload, stamp], the arguments of a call of `feed` in both generations of SignalR.
void add_feed_arguments(std::string_view arguments, EntryBuilder& build, Entries& out);

}  // namespace slipstream::feed
