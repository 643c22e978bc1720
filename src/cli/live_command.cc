// record and live: F1's live timing (or what stands in for it) into a raw recording, and on into log,
// database and page.
#include <fmt/core.h>

#include "cli/archive_loads.h"
#include "cli/commands.h"
#include "cli/listen.h"
#include "cli/live_feed.h"
#include "cli/replay.h"
#include "cli/report.h"
#include "cli/stop_signal.h"
#include "feed/session_name.h"

namespace slipstream::cli {
namespace {

void load_archive(Replay& running, const std::string& path, const feed::FetchOptions& options,
                  const std::stop_token& stop) {
  ArchiveLoads loads(options, [&running](feed::Source& source, const std::stop_token& ended) {
    return running.publish(source, ended);
  });
  loads.add(path);
  loads.wait(stop);
}

}  // namespace

int run_fetch(const FetchOptions& options) {
  const StopSignal stop;
  const auto plan = fetch_options(options.out, options.mirrors, options.ca_file);
  if (!plan) return report_failure(plan.error());
  feed::ArchiveFetcher fetcher(*plan);
  const auto name = feed::split_session_name(options.source);
  const bool is_path = !name || options.source.find('_') != std::string::npos;
  const auto folder =
      is_path ? fetcher.fetch_path(options.source, stop.token()) : fetcher.fetch(*name, stop.token());
  if (!folder) return report_failure(folder.error());
  const feed::FetchCounts counts = fetcher.counts();
  print(fmt::format("{}: {} files fetched, {} were there already, {} bytes\n", folder->string(), counts.files,
                    counts.files_kept, counts.bytes));
  return exit_done;
}

int run_record(const RecordOptions& options) {
  const StopSignal stop;
  const feed::LiveSourceOptions source = live_source_options(options);
  feed::LiveRecorder recorder(source.recorder);
  feed::LiveClient client(
      source.client, {[&recorder](const feed::LiveClient::Frame& frame) {
                        if (frame.is_first) recorder.connect();
                        std::string appended;
                        std::optional<feed::LiveRecorder::Begin> begin;
                        recorder.take(frame.at, frame.text, frame.seen, frame.is_settled, appended, begin);
                        if (begin) note_live("recording " + begin->path.string());
                        const bool is_over = frame.seen.was_over && begin && begin->bytes_there > 0;
                        return !recorder.is_failed() && !is_over;
                      },
                      note_live});
  const auto done = client.run(stop.token());
  if (!done) return report_failure(done.error());
  if (!recorder.is_failed() && !stop.token().stop_requested()) recorder.close();
  if (recorder.is_failed()) return report_failure(*recorder.error());
  print(live_summary({client.counts(), recorder.bytes_written()}));
  return exit_done;
}

int run_live(const LiveOptions& options) {
  const StopSignal stop;
  auto plan = live_plan(options);
  if (!plan) return report_usage("live: " + plan.error().message);
  feed::LiveSourceOptions source = live_source_options(options.record);
  std::string over;
  source.on_over = [&over](const std::string& path) { over = path; };
  LiveFeed live(std::move(source));
  plan->reports.feed = [&live] { return live.measure(); };
  auto opened = Replay::open(*plan);
  if (!opened) return report_failure(opened.error());
  Replay& running = **opened;
  if (plan->listen) print_error(fmt::format("page {}\n", page_address(*plan->listen, running.port())));
  const auto done = [&] {
    const std::stop_callback ends(stop.token(), [&live] { live.stop(); });
    return running.run(live.open(), stop.token());
  }();
  if (!done) return report_failure(done.error());
  if (options.waits_for_archive && !stop.token().stop_requested()) {
    const auto archive = fetch_options(options.archive_root, options.archives, options.record.ca_file);
    if (!archive) report_warning("archive: " + archive.error().message);
    else if (over.empty()) report_warning("archive: the feed named no Path of the session");
    else load_archive(running, over, *archive, stop.token());
  }
  const auto pack = [&, is_done = !stop.token().stop_requested()] {
    const auto packed = is_done ? live.pack_recording() : Result<void>();
    if (!packed) report_warning(packed.error().message);
  };
  // The page stays; whoever starts the program again behind that wants the next session.
  if (plan->listen) pack();
  if (plan->listen && !stop.token().stop_requested()) stop.wait();
  const auto sink = running.finish_sink();
  if (!sink) return report_failure(sink.error());
  if (!plan->listen) pack();
  const PublishTotals& totals = running.totals();
  print(live_summary(live.status()) + fmt::format("{} records published, {} were on the log already\n",
                                                  totals.published.load(), totals.skipped.load()));
  return exit_done;
}

}  // namespace slipstream::cli
