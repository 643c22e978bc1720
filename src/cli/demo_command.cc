// demo: a race to look at, simulated or recorded, into log, database and page.
#include <fmt/core.h>
#include <unistd.h>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "cli/demo_seeds.h"
#include "cli/listen.h"
#include "cli/outlook.h"
#include "cli/replay_command.h"
#include "cli/report.h"
#include "cli/simulated_session.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;

// How far into a session a demo begins: cars have driven a few laps, so that there is something to see at
// once.
constexpr SessionTime demo_lead = std::chrono::minutes(6);
constexpr int simulated_laps = 12, simulated_from_lap = 5;

std::string speed_text(const ReplayPlan& plan) {
  return plan.speed ? fmt::format("at {}x from {}", *plan.speed, format_session_time(plan.from))
                    : std::string("as fast as it goes");
}

// Where the demo keeps its log and database; made anew for every run.
Result<fs::path> demo_folder(std::uint16_t port) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = cache && *cache ? fs::path(cache)
                        : home && *home ? fs::path(home) / ".cache"
                                        : fs::temp_directory_path();
  const fs::path folder = base / "slipstream" / fmt::format("demo-{}", port);
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  if (error) return fail(Errc::unavailable, fmt::format("{}: {}", folder.string(), error.message()));
  return folder;
}

void open_browser(const std::string& address) {
  const bool has_display = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
  if (!has_display || ::access("/usr/bin/xdg-open", X_OK) != 0) return;
  if (::fork() == 0) {
    ::execl("/usr/bin/xdg-open", "xdg-open", address.c_str(), static_cast<char*>(nullptr));
    ::_exit(1);
  }
}

void announce_demo(const Replay& running, const ReplayPlan& plan, const std::string& source) {
  const std::string address = page_address(*plan.listen, running.port());
  print(fmt::format(
      "page     {}\n"
      "source   {}, {}\n"
      "sql      slipstream sql \"select driver_code, min(lap_time_ms) as best_ms from staging.stg_laps "
      "group by all order by best_ms\" --db {}\n"
      "hint     drag the timeline; Ctrl-C ends the demo\n",
      address, source, speed_text(plan), plan.db));
  open_browser(address);
}

// Another race each day.
std::uint64_t seed_of_today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto count = static_cast<std::uint64_t>(days.time_since_epoch().count());
  return demo_seeds[count % demo_seeds.size()];
}

SimulateOptions race_of(std::uint64_t seed) {
  SimulateOptions race;
  race.seed = seed;
  race.laps = simulated_laps;
  return race;
}

// When the leader begins that lap.
SessionTime start_of_lap(const simulate::History& history, int lap) {
  for (const record::LapCount& row : history.lap_count) {
    if (row.current_lap == lap) return SessionTime(row.session_time_ms);
  }
  return {};
}

// Where a demo of a recorded session begins.
Result<SessionTime> start_in(const std::string& source) {
  const auto outlook = look_ahead(source);
  if (!outlook) return tl::make_unexpected(outlook.error());
  const bool is_long_enough = outlook->started && *outlook->started + demo_lead < outlook->length;
  return is_long_enough ? *outlook->started + demo_lead : SessionTime{};
}

}  // namespace

int run_demo(const DemoOptions& options) {
  ReplayOptions wanted{options.source, options.speed, options.from, {}, {}, options.listen, {}};
  SimulatedArchive archive;
  std::vector<record::Lap> truth;
  SessionTime from{};
  if (options.source.empty()) {
    const std::uint64_t seed = options.seed.value_or(seed_of_today());
    const auto session = simulated_session(race_of(seed));
    if (!session) return report_failure(session.error());
    const auto made = archive.make(*session);
    if (!made) return report_failure(made.error());
    print_error(fmt::format("demo: a race of {} laps that never was, --seed {}\n", simulated_laps, seed));
    wanted.source = made->folder;
    from = start_of_lap(made->history, simulated_from_lap);
    truth = made->history.laps;
  }
  if (wanted.speed.empty()) wanted.speed = options.source.empty() ? "4" : "10";
  auto plan = replay_plan(wanted);
  if (!plan) return report_usage("demo: " + plan.error().message);
  if (!options.source.empty()) {
    const auto start = start_in(plan->source);
    if (!start) return report_failure(start.error());
    from = *start;
  }
  if (options.from.empty()) plan->from = from;
  const auto folder = demo_folder(plan->listen->port);
  if (!folder) return report_failure(folder.error());
  plan->db = (*folder / "f1.duckdb").string();
  plan->bus = (*folder / "bus").string();
  plan->truth = std::move(truth);
  return run_plan(*plan, announce_demo);
}

}  // namespace slipstream::cli
