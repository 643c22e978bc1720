// What can go wrong on the way from F1 to us, on request and by seed: which messages it hits depends on the
// seed and the message's number alone. Pure; values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace slipstream::simulate {

struct Faults {
  // Share of the messages that it happens at.
  double drop = 0;       // every connection is cut in front of the message
  double cut = 0;        // every connection is cut in the middle of its frame
  double lose = 0;       // the message is left out
  double duplicate = 0;  // the message comes twice
  double reorder = 0;    // the message comes behind up to three later ones
  double stall = 0;      // nothing is sent, not even pings, for stall_time
  std::chrono::milliseconds stall_time = std::chrono::seconds(1);
  bool is_slow = false;           // frames come in pieces of some bytes
  bool is_token_expired = false;  // every token counts as expired
  bool closes_at_end = false;     // a close message and a close frame behind the last session
  // So many requests are refused first.
  int refuse_401 = 0, refuse_503 = 0, refuse_429 = 0;
  // /static has a session only so long after its last message.
  std::chrono::milliseconds late_archive{};
  std::uint64_t seed = 0;

  enum class Kind : std::uint64_t { drop = 1, cut, lose, duplicate, reorder, stall };
  bool strikes(Kind kind, double rate, std::int64_t message_number) const;
  // A number below `bound` that belongs to this message.
  std::uint64_t pick(Kind kind, std::int64_t message_number, std::uint64_t bound) const;
};

// "drop,stall=0.001,503=2,slow": names, each with a value where its default is not wanted. Shares are between
// 0 and 1, counts are of requests, `late-archive` and `stall-time` are seconds. Errors: malformed, with the
// names there are.
Result<Faults> parse_faults(std::string_view text, std::uint64_t seed);

}  // namespace slipstream::simulate
