// simulate: a session that never was, written as F1's archive has it, and what really happened in it.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "cli/simulated_session.h"
#include "simulate/archive_files.h"
#include "simulate/drive.h"
#include "simulate/script.h"
#include "simulate/truth.h"

namespace slipstream::cli {
namespace {

int write_files(const SimulateOptions& given) {
  if (given.out.empty() && given.truth.empty())
    return report_usage("simulate: say where to: --out DIR, --truth DIR or --serve");
  const auto session = simulated_session(given);
  if (!session) return report_usage("simulate: " + session.error().message);
  const auto history = simulate::drive(session->options);
  if (!history) return report_failure(history.error());
  if (!given.truth.empty()) {
    const auto written = simulate::write_truth(*history, given.truth);
    if (!written) return report_failure(written.error());
  }
  if (given.out.empty()) return exit_done;
  const auto script = simulate::write_script(*history, session->quirks);
  const auto folder = simulate::write_archive(*history, script, given.out);
  if (!folder) return report_failure(folder.error());
  print(folder->string() + "\n");
  return exit_done;
}

}  // namespace

int run_simulate(const SimulateOptions& session, const StandInServeOptions& stand_in) {
  if (stand_in.serve) return run_stand_in(stand_in, session);
  if (!stand_in.sources.empty()) return report_usage("simulate: a SOURCE is for --serve");
  return write_files(session);
}

}  // namespace slipstream::cli
