#include "cli/simulated_session.h"

#include <fmt/core.h>

#include <array>
#include <string_view>

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

}  // namespace slipstream::cli
