// replay: a recorded session, published again at some pace, stored and shown.
#include "cli/replay_command.h"

#include <fmt/core.h>

#include "cli/circuit_source.h"
#include "cli/listen.h"
#include "cli/report.h"
#include "cli/stop_signal.h"

namespace slipstream::cli {
namespace {

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

}  // namespace

Result<ReplayPlan> replay_plan(const ReplayOptions& options) {
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

int run_plan(const ReplayPlan& plan, const Announce& announce) {
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

int run_replay(const ReplayOptions& options) {
  auto plan = replay_plan(options);
  if (!plan) return report_usage("replay: " + plan.error().message);
  if (!options.circuit.empty()) {
    auto circuit = read_circuit(options.circuit);
    if (!circuit) return report_failure(circuit.error());
    plan->circuit = std::move(*circuit);
  }
  return run_plan(*plan, [](const Replay& running, const ReplayPlan& what) {
    if (what.listen) print_error(fmt::format("page {}\n", page_address(*what.listen, running.port())));
  });
}

}  // namespace slipstream::cli
