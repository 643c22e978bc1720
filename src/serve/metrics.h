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

struct Measurements {
  HubCounters hub;
  std::vector<SessionSummary> sessions;
  std::optional<TailerCounters> tailer;  // empty: no bus is being read
  net::ServerCounters server;
  double uptime_s = 0;
  std::int64_t memory_bytes = 0;  // resident
};

std::string encode_metrics(const Measurements& measured);

// Resident memory of this process; 0 where the system does not tell.
std::int64_t process_memory_bytes();

}  // namespace slipstream::serve
