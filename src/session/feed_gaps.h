// When a connection was down: a snapshot behind changes says that it began anew, and what came in between is
// in no change. Pure; one thread at a time.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "feed/message.h"
#include "session/output.h"

namespace slipstream::session {

class FeedGapLog {
 public:
  // A gap that ends with this message, which is the first behind it.
  std::optional<record::FeedGap> note(const feed::Message& message) {
    if (!message.is_snapshot) {
      is_in_snapshot_ = false;
      if (message.utc) last_change_ = message.utc;
      return std::nullopt;
    }
    if (std::exchange(is_in_snapshot_, true) || !last_change_ || !message.utc) return std::nullopt;
    const UtcTime from = std::min(*last_change_, *message.utc);  // stamps step back now and then
    return record::FeedGap{{}, ++count_, from, *message.utc, "reconnect"};
  }

 private:
  std::optional<UtcTime> last_change_;  // receipt of the last message that was no snapshot
  bool is_in_snapshot_ = false;
  Int count_ = 0;
};

}  // namespace slipstream::session
