// The F1TV subscription token: without it F1 sends only a part of the topics (T1).
//
// A JSON Web Token, three parts of base64url, of which the middle says when it ends; who signed it only F1
// can check. It comes from a file or the environment, never from an argument, and is never printed: no
// message of this file quotes it. Thread rule: values; TokenFile one thread at a time.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::feed {

struct LiveToken {
  std::string text;
  UtcTime expires{};

  bool is_expired(UtcTime now) const { return now >= expires; }
};

// White space around it is cut. Errors: not_found, nothing but white space; malformed, no such token.
Result<LiveToken> parse_live_token(std::string_view text);

// What comes only with a token (docs/live-client.md).
inline constexpr std::array<std::string_view, 6> token_topics = {
    "CarData.z", "Position.z", "ChampionshipPrediction", "PitLaneTimeCollection", "PitStop", "PitStopSeries"};
bool needs_token(std::string_view feed_topic);

// "expires in 3 days 4 hours", "expired 2 hours ago".
std::string expiry_text(UtcTime expires, UtcTime now);

}  // namespace slipstream::feed
