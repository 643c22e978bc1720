// What replay and demo share: from options to a plan, and the run of one.
#pragma once

#include <functional>

#include "cli/commands.h"
#include "cli/replay.h"

namespace slipstream::cli {

// Errors: malformed, with the option that is wrong.
Result<ReplayPlan> replay_plan(const ReplayOptions& options);

// Runs it to its end, with a page until Ctrl-C; `announce` is called once all is ready, with the source's
// name. Returns the exit code.
using Announce = std::function<void(const Replay&, const ReplayPlan&, const std::string&)>;
int run_plan(const ReplayPlan& plan, const Announce& announce);

}  // namespace slipstream::cli
