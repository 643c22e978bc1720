// replay and demo: a recorded session, published again at some pace, stored and shown.
#include <fmt/core.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "cli/circuit_source.h"
#include "cli/commands.h"
#include "cli/listen.h"
#include "cli/outlook.h"
#include "cli/replay.h"
#include "cli/report.h"
#include "cli/stop_signal.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;

// How far into a session a demo begins: cars have driven a few laps, so that there is something to see at
// once.
constexpr SessionTime demo_lead = std::chrono::minutes(6);
constexpr std::string_view demo_session =
    "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying";

Result<ReplayPlan> plan_of(const ReplayOptions& options) {
  ReplayPlan plan;
  plan.source = options.source;
  const auto speed = parse_speed(options.speed);
  if (!speed) return tl::make_unexpected(speed.error());
  plan.speed = *speed;
  if (!options.from.empty()) {
    const auto from = parse_session_time(options.from);
    if (!from) return fail(Errc::malformed, fmt::format("--from takes HH:MM:SS, not \"{}\"", options.from));
    plan.from = *from;
  }
  plan.db = options.db;
  plan.bus = !options.bus.empty() || options.db.empty() ? options.bus : options.db + ".bus";
  if (options.serve) {
    const auto listen = parse_listen(*options.serve, options.allow_hosts);
    if (!listen) return tl::make_unexpected(listen.error());
    plan.listen = *listen;
  }
  return plan;
}

std::string speed_text(const ReplayPlan& plan) {
  return plan.speed ? fmt::format("at {}x from {}", *plan.speed, format_session_time(plan.from))
                    : std::string("as fast as it goes");
}

std::string summary(const Replay& replay, const ReplayPlan& plan, const warehouse::SinkCounts& sink) {
  const PublishCounts counts = replay.counts();
  std::string text = fmt::format("{}: {} records published, {} were on the log already\n",
                                 replay.source_name(), counts.published, counts.skipped);
  if (!plan.db.empty()) {
    text += fmt::format("{}: {} records loaded in {} transactions, {} rejected\n", plan.db, sink.records,
                        sink.loads, sink.rejected);
  }
  return text;
}

using Announce = std::function<void(const Replay&, const ReplayPlan&)>;

int replay(const ReplayPlan& plan, const Announce& announce) {
  const StopSignal stop;
  auto opened = Replay::open(plan);
  if (!opened) return report_failure(opened.error());
  Replay& running = **opened;
  announce(running, plan);
  if (const auto done = running.run(stop.token()); !done) return report_failure(done.error());
  if (running.broken_count() > 0) {
    report_warning(fmt::format("{}: {} pieces could not be read; see table rejected", plan.source,
                               running.broken_count()));
  }
  // The page goes on when the source has ended; the warehouse too, for `sql`.
  if (plan.listen && !stop.token().stop_requested()) stop.wait();
  const auto sink = running.finish_sink();
  if (!sink) return report_failure(sink.error());
  print(summary(running, plan, *sink));
  return exit_done;
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

void announce_demo(const Replay& running, const ReplayPlan& plan) {
  const std::string address = page_address(*plan.listen, running.port());
  print(fmt::format(
      "page     {}\n"
      "source   {}, {}\n"
      "sql      slipstream sql \"select driver_code, min(lap_time_ms) as best_ms from staging.stg_laps "
      "group by all order by best_ms\" --db {}\n"
      "hint     drag the timeline; Ctrl-C ends the demo\n",
      address, running.source_name(), speed_text(plan), plan.db));
  open_browser(address);
}

}  // namespace

int run_replay(const ReplayOptions& options) {
  auto plan = plan_of(options);
  if (!plan) return report_usage("replay: " + plan.error().message);
  if (!options.circuit.empty()) {
    auto circuit = read_circuit(options.circuit);
    if (!circuit) return report_failure(circuit.error());
    plan->circuit = std::move(*circuit);
  }
  return replay(*plan, [](const Replay& running, const ReplayPlan& what) {
    if (what.listen) print_error(fmt::format("page {}\n", page_address(*what.listen, running.port())));
  });
}

int run_demo(const DemoOptions& options) {
  ReplayOptions replay_options{options.source, options.speed, options.from, {}, {}, options.listen, {}};
  if (options.source.empty()) {
    const char* data = std::getenv("SLIPSTREAM_DATA");
    replay_options.source = (fs::path(data && *data ? data : "../shared/data") / demo_session).string();
    if (!fs::exists(replay_options.source)) {
      return report_failure(
          {Errc::not_found, fmt::format("{}: no such session; set SLIPSTREAM_DATA, or name a "
                                        "recording with --source",
                                        replay_options.source)});
    }
  }
  auto plan = plan_of(replay_options);
  if (!plan) return report_usage("demo: " + plan.error().message);
  const auto outlook = look_ahead(plan->source);
  if (!outlook) return report_failure(outlook.error());
  if (options.from.empty() && outlook->started && *outlook->started + demo_lead < outlook->length) {
    plan->from = *outlook->started + demo_lead;
  }
  const auto folder = demo_folder(plan->listen->port);
  if (!folder) return report_failure(folder.error());
  plan->db = (*folder / "f1.duckdb").string();
  plan->bus = (*folder / "bus").string();
  return replay(*plan, announce_demo);
}

}  // namespace slipstream::cli
