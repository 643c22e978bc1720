#include "cli/simulated_session.h"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

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

}  // namespace

Result<SimulatedSession> simulated_session(const SimulateOptions& given) {
  SimulatedSession session;
  simulate::Options& options = session.options;
  options.seed = given.seed;
  options.year = given.year;
  options.laps = given.laps;
  options.cars = given.cars;
  const auto quirks = simulate::parse_quirks(given.quirks);
  if (!quirks) return tl::make_unexpected(with_context(quirks.error(), "--quirks"));
  session.quirks = *quirks;
  for (const auto& [name, kind] : kinds) {
    if (name != given.kind) continue;
    options.kind = kind;
    SLIP_TRY(simulate::check(options));
    return session;
  }
  return fail(Errc::malformed, fmt::format("--kind takes race, sprint, qualifying, sprint-qualifying or "
                                           "practice, not \"{}\"",
                                           given.kind));
}

SimulatedArchive::~SimulatedArchive() {
  std::error_code ignored;
  if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
}

Result<SimulatedArchive::Made> SimulatedArchive::make(const SimulatedSession& session) {
  auto history = simulate::drive(session.options);
  if (!history) return tl::make_unexpected(history.error());
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "slipstream_XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr)
    return fail(Errc::unavailable, fmt::format("{}: no folder can be made for the session", name));
  root_ = name;
  const auto script = simulate::write_script(*history, session.quirks);
  const auto folder = simulate::write_archive(*history, script, root_);
  if (!folder) return tl::make_unexpected(folder.error());
  return Made{folder->string(), std::move(*history)};
}

}  // namespace slipstream::cli
