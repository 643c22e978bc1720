// simulate: a session that never was, written as F1's archive has it, and what really happened in it.
#include <fmt/core.h>

#include <array>
#include <optional>
#include <string_view>

#include "cli/commands.h"
#include "cli/report.h"
#include "simulate/archive_files.h"
#include "simulate/drive.h"
#include "simulate/script.h"

namespace slipstream::cli {
namespace {

constexpr std::array<std::pair<std::string_view, simulate::Kind>, 5> kinds = {{
    {"practice", simulate::Kind::practice},
    {"qualifying", simulate::Kind::qualifying},
    {"sprint-qualifying", simulate::Kind::sprint_qualifying},
    {"sprint", simulate::Kind::sprint},
    {"race", simulate::Kind::race},
}};

Result<simulate::Options> session_options(const SimulateOptions& given) {
  simulate::Options options;
  options.seed = given.seed;
  options.year = given.year;
  options.laps = given.laps;
  options.cars = given.cars;
  for (const auto& [name, kind] : kinds) {
    if (name != given.kind) continue;
    options.kind = kind;
    SLIP_TRY(simulate::check(options));
    return options;
  }
  return fail(Errc::malformed, fmt::format("--kind takes race, sprint, qualifying, sprint-qualifying or "
                                           "practice, not \"{}\"",
                                           given.kind));
}

}  // namespace

int run_simulate(const SimulateOptions& given) {
  if (given.out.empty() && given.truth.empty()) return report_usage("say where to: --out DIR, --truth DIR");
  const auto options = session_options(given);
  if (!options) return report_usage(options.error().message);
  const auto quirks = simulate::parse_quirks(given.quirks);
  if (!quirks) return report_usage("--quirks: " + quirks.error().message);
  const auto history = simulate::drive(*options);
  if (!history) return report_failure(history.error());
  if (!given.truth.empty()) return report_usage("--truth is not there yet");
  const auto script = simulate::write_script(*history, *quirks);
  const auto folder = simulate::write_archive(*history, script, given.out);
  if (!folder) return report_failure(folder.error());
  fmt::print("{}\n", folder->string());
  return 0;
}

}  // namespace slipstream::cli
