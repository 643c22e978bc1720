// The options of `simulate` as what a simulated session is made from.
#pragma once

#include "cli/commands.h"
#include "core/result.h"
#include "simulate/options.h"
#include "simulate/quirks.h"

namespace slipstream::cli {

struct SimulatedSession {
  simulate::Options options;
  simulate::Quirks quirks;
};

// Errors: malformed, with the option that is wrong.
Result<SimulatedSession> simulated_session(const SimulateOptions& given);

// simulate --serve: of `session` where no source is named. Returns the program's exit code.
int run_stand_in(const StandInServeOptions& options, const SimulateOptions& session);

}  // namespace slipstream::cli
