#include "cli/up.h"

#include <fmt/core.h>
#include <optional>

#include "cli/archive_loads.h"
#include "cli/config.h"
#include "cli/listen.h"
#include "cli/live_feed.h"
#include "cli/replay.h"
#include "cli/report.h"
#include "cli/schedule_watch.h"
#include "cli/stop_signal.h"

namespace slipstream::cli {
namespace {

// Follows one session after the other.
Result<void> follow(Replay& running, LiveFeed& live, const std::stop_token& stop) {
  const std::stop_callback ends(stop, [&live] { live.stop(); });
  while (!stop.stop_requested()) {
    SLIP_TRY(running.run(live.open(), stop));
    if (stop.stop_requested()) break;
    if (const auto packed = live.pack_recording(); !packed) report_warning(packed.error().message);
    note_live("the session is over; waiting for the next");
  }
  return {};
}

}  // namespace

int follow_sessions(const LiveOptions& options, const std::stop_token& stop) {
  auto plan = live_plan(options);
  if (!plan) return report_usage("up: " + plan.error().message);
  const auto archive = fetch_options(options.archive_root, options.archives, options.record.ca_file);
  if (!archive) return report_failure(archive.error());
  std::optional<ArchiveLoads> loads;
  feed::LiveSourceOptions source = live_source_options(options.record);
  source.waits_for_session = true;
  if (options.waits_for_archive) {
    source.on_over = [&loads](const std::string& path) { loads->add(path); };
  }
  LiveFeed live(std::move(source));
  const ScheduleWatch schedule(*archive);
  plan->reports.feed = [&live] { return live.measure(); };
  plan->reports.next_session = [&live, &schedule] {
    serve::NextSession next = schedule.next();
    next.is_feed_connected = live.status().is_connected;
    return next;
  };
  auto opened = Replay::open(*plan);
  if (!opened) return report_failure(opened.error());
  Replay& running = **opened;
  loads.emplace(*archive, [&running](feed::Source& found, const std::stop_token& ended) {
    return running.publish(found, ended);
  });
  if (plan->listen) print(fmt::format("page {}\n", page_address(*plan->listen, running.port())));
  const auto followed = follow(running, live, stop);
  live.close();
  loads.reset();
  const auto sink = running.finish_sink();
  if (!followed) return report_failure(followed.error());
  if (!sink) return report_failure(sink.error());
  const PublishTotals& totals = running.totals();
  print(live_summary(live.status()) + fmt::format("{} records published, {} were on the log already\n",
                                                  totals.published.load(), totals.skipped.load()));
  return exit_done;
}

int run_up(const UpOptions& options) {
  const StopSignal stop;
  auto config = read_config(options.config);
  if (!config) return report_usage("up: " + config.error().message);
  LiveOptions& live = config->live;
  if (live.serve->empty()) live.serve.reset();
  return follow_sessions(live, stop.token());
}

}  // namespace slipstream::cli
