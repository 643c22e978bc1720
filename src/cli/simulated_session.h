// The options of `simulate` as what a simulated session is made from.
#pragma once

#include <filesystem>
#include <string>

#include "cli/commands.h"
#include "core/result.h"
#include "simulate/history.h"
#include "simulate/options.h"
#include "simulate/quirks.h"

namespace slipstream::cli {

struct SimulatedSession {
  simulate::Options options;
  simulate::Quirks quirks;
};

// Errors: malformed, with the option that is wrong.
Result<SimulatedSession> simulated_session(const SimulateOptions& given);

// A simulated session as an archive on the disk, gone with this.
class SimulatedArchive {
 public:
  struct Made {
    std::string folder;         // the session's
    simulate::History history;  // what really happened
  };
  ~SimulatedArchive();
  // Once. Errors: unavailable, the files cannot be written.
  Result<Made> make(const SimulatedSession& session);

 private:
  std::filesystem::path root_;
};

// simulate --serve: of `session` where no source is named. Returns the program's exit code.
int run_stand_in(const StandInServeOptions& options, const SimulateOptions& session);

}  // namespace slipstream::cli
