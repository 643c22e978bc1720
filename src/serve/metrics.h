// The numbers of a running server in Prometheus' text format (GET /metrics).
// Pure but for process_memory_bytes(); safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/server.h"
#include "serve/hub.h"
#include "serve/tailer.h"

namespace slipstream::serve {

// Of a connection to the live feed.
struct FeedMeasurements {
  std::int64_t frames = 0, messages = 0, connections = 0, failed_tries = 0, silences = 0, recorded_bytes = 0;
  bool has_recording_failed = false;
};

struct Measurements {
  HubCounters hub;
  std::vector<SessionSummary> sessions;
  std::optional<TailerCounters> tailer;  // empty: no bus is being read
  net::ServerCounters server;
  std::optional<FeedMeasurements> feed = {};  // empty: nothing is live
  double uptime_s = 0;
  std::int64_t memory_bytes = 0;  // resident
};

std::string encode_metrics(const Measurements& measured);

// Resident memory of this process; 0 where the system does not tell.
std::int64_t process_memory_bytes();

}  // namespace slipstream::serve
