// When a source's session time 0 was: what the stamps of its messages are counted from. Thread rule: any
// thread.
#pragma once

#include <string>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::simulate {

// By the first message's instant of receipt, where there is one; else as the engine finds an archive's, by
// the latest that telemetry tells, then the session's clock, then Heartbeat; else the first day of 2025.
// Reads the source. Errors: those of open_source and Source::next.
Result<UtcTime> find_zero(const std::string& path);

}  // namespace slipstream::simulate
