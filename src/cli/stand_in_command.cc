// simulate --serve: a stand-in for F1's servers.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/listen.h"
#include "cli/pace.h"
#include "cli/report.h"
#include "cli/simulated_session.h"
#include "cli/stop_signal.h"
#include "simulate/stand_in.h"

namespace slipstream::cli {
namespace {

constexpr std::string_view default_listen = "127.0.0.1:8089";

Result<simulate::StandInOptions> stand_in_options(const StandInServeOptions& options, std::uint64_t seed) {
  simulate::StandInOptions plan;
  plan.sources = options.sources;
  const bool is_default = !options.serve || options.serve->empty();
  const auto listen = parse_listen(is_default ? default_listen : *options.serve, options.allow_hosts);
  if (!listen) return tl::make_unexpected(listen.error());
  plan.listen = *listen;
  const auto speed = parse_speed(options.speed);
  if (!speed) return tl::make_unexpected(speed.error());
  plan.speed = *speed;
  if (!options.from.empty()) {
    const auto from = parse_session_time(options.from);
    if (!from) return fail(Errc::malformed, fmt::format("--from takes HH:MM:SS, not \"{}\"", options.from));
    plan.from = *from;
  }
  const auto faults = simulate::parse_faults(options.faults, seed);
  if (!faults) return tl::make_unexpected(faults.error());
  plan.faults = *faults;
  plan.waits_for_clients = options.waits_for_clients;
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return fail(Errc::malformed, "--tls-cert and --tls-key come together");
  }
  if (!options.tls_key.empty()) plan.listen.tls = net::TlsFiles{options.tls_certificate, options.tls_key};
  return plan;
}

}  // namespace

int run_stand_in(const StandInServeOptions& options, const SimulateOptions& simulated) {
  const StopSignal stop;
  auto plan = stand_in_options(options, simulated.seed);
  if (!plan) return report_usage("simulate: " + plan.error().message);
  SimulatedArchive archive;
  if (plan->sources.empty()) {
    const auto session = simulated_session(simulated);
    if (!session) return report_usage("simulate: " + session.error().message);
    const auto made = archive.make(*session);
    if (!made) return report_failure(made.error());
    plan->sources.push_back(made->folder);
  }
  const net::ServerOptions listen = plan->listen;
  auto started = simulate::StandIn::start(std::move(*plan));
  if (!started) return report_failure(started.error());
  std::string address = page_address(listen, (*started)->port());
  if (listen.tls) address.replace(0, 4, "https");
  print_error(fmt::format("live     {0}/signalrcore\narchive  {0}/static/\n", address));
  stop.wait();
  if (const auto error = (*started)->error()) return report_failure(*error);
  print(fmt::format("{} messages played, {} frames sent\n", (*started)->messages_played(),
                    (*started)->frames_sent()));
  return exit_done;
}

}  // namespace slipstream::cli
