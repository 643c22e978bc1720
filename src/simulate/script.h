// A session's history as F1's feed tells it: the messages of every topic, in order of their time.
//
// Without quirks a message is sent in the millisecond of what it tells of; with them it lags, repeats and
// errs as the real feed does (quirks.h). Shapes and names of members are those of recordings of 2025 and 2026
// (docs/feed.md). Pure: the same history and quirks give the same bytes. Safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulate/history.h"
#include "simulate/quirks.h"

namespace slipstream::simulate {

struct FeedMessage {
  std::int32_t session_time_ms = 0;
  std::string topic;    // "TimingData", "CarData.z"
  std::string payload;  // JSON; of a .z topic base64 in quotes
};

struct Keyframe {
  std::string topic;
  std::string payload;
};

struct Script {
  UtcTime zero;                       // the instant of session time 0
  std::vector<FeedMessage> messages;  // by time, of one time by topic
  std::vector<Keyframe> keyframes;    // what each topic stands at in the end, by topic
};

Script write_script(const History& history, const Quirks& quirks = {});

}  // namespace slipstream::simulate
