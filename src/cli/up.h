// The whole live system in one process: waits for a session, records, publishes, stores and shows it; when it
// is over, loads its archive as the higher build and waits for the next one.
#pragma once

#include <stop_token>

#include "cli/commands.h"

namespace slipstream::cli {

// Until the stop. Returns the program's exit code.
int follow_sessions(const LiveOptions& options, const std::stop_token& stop);

}  // namespace slipstream::cli
