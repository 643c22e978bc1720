// replay: a recorded session, published again at some pace, stored and shown.
#include "cli/replay_command.h"

#include <fmt/core.h>

#include "cli/circuit_source.h"
#include "cli/listen.h"
#include "cli/report.h"
#include "cli/stop_signal.h"

namespace slipstream::cli {
namespace {

std::string summary(const std::string& name, const PublishTotals& totals, const ReplayPlan& plan,
                    const warehouse::SinkCounts& sink) {
  std::string text = fmt::format("{}: {} records published, {} were on the log already\n", name,
                                 totals.published.load(), totals.skipped.load());
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
  const auto source = feed::open_source(plan.source);
  if (!source) return report_failure(source.error());
  auto opened = Replay::open(plan);
  if (!opened) return report_failure(opened.error());
  Replay& running = **opened;
  const std::string name = (*source)->info().name;
  announce(running, plan, name);
  if (const auto done = running.run(**source, stop.token()); !done) return report_failure(done.error());
  if (const auto broken = running.totals().broken.load(); broken > 0) {
    report_warning(fmt::format("{}: {} pieces could not be read; see table rejected", plan.source, broken));
  }
  // The page goes on when the source has ended; the warehouse too, for `sql`.
  if (plan.listen && !stop.token().stop_requested()) stop.wait();
  const auto sink = running.finish_sink();
  if (!sink) return report_failure(sink.error());
  print(summary(name, running.totals(), plan, *sink));
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
  return run_plan(*plan, [](const Replay& running, const ReplayPlan& what, const std::string&) {
    if (what.listen) print_error(fmt::format("page {}\n", page_address(*what.listen, running.port())));
  });
}

}  // namespace slipstream::cli
