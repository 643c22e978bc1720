// record and live: F1's live timing (or what stands in for it) into a raw recording, and on into log,
// database and page.
#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/circuit_source.h"
#include "cli/commands.h"
#include "cli/listen.h"
#include "cli/replay.h"
#include "cli/report.h"
#include "cli/stop_signal.h"
#include "feed/archive_fetch.h"
#include "feed/archive_index.h"
#include "feed/live_source.h"

namespace slipstream::cli {
namespace {

void note(const std::string& text) { print_error(fmt::format("live: {}\n", text)); }

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::max(0.0, seconds) * 1000));
}

feed::LiveSourceOptions source_options(const RecordOptions& options) {
  feed::LiveSourceOptions source;
  if (!options.url.empty()) source.client.url = options.url;
  source.client.token_file = options.token_file;
  source.client.ca_file = options.ca_file;
  source.client.ends_with_session = !options.keeps_going;
  // Another one for every client: it only spreads them.
  source.client.backoff.seed =
      static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  source.recorder.folder = options.out;
  source.client.end_grace = milliseconds_of(options.linger_seconds);
  source.recorder.sync_interval = milliseconds_of(options.sync_seconds);
  source.on_note = note;
  return source;
}

std::string summary(const feed::LiveStatus& status) {
  const feed::LiveCounts& counts = status.counts;
  return fmt::format("{} frames with {} messages in {} connections; {} bytes recorded\n", counts.frames,
                     counts.messages, counts.connections, status.recorded_bytes);
}

serve::FeedMeasurements measurements_of(const feed::LiveStatus& status) {
  const feed::LiveCounts& counts = status.counts;
  return {counts.frames,   counts.messages,       counts.connections,         counts.failed_tries,
          counts.silences, status.recorded_bytes, status.has_recording_failed};
}

// Behind the flag: waits until the archive has the session, and publishes it as the higher build.
Result<void> load_archive(Replay& running, const std::string& path, const feed::FetchOptions& options,
                          const std::stop_token& stop) {
  if (path.empty()) return fail(Errc::not_found, "the feed named no Path of the session");
  const auto flag = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    feed::ArchiveFetcher fetcher(options);
    const auto folder = fetcher.fetch_path(path, stop);
    if (folder) {
      auto source = feed::open_source(folder->string());
      if (!source) return tl::make_unexpected(source.error());
      note(fmt::format("archive {}: {} files, {} bytes", folder->string(), fetcher.counts().files,
                       fetcher.counts().bytes));
      return running.run_behind(std::move(*source), stop);
    }
    const auto since =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - flag);
    const auto pause = feed::archive_poll_pause(since);
    if (!pause) return tl::make_unexpected(folder.error());
    note(fmt::format("{}; asking again in {} s", folder.error().message, pause->count()));
    const auto until = std::chrono::steady_clock::now() + *pause;
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  return {};
}

Result<feed::FetchOptions> fetch_options(const std::string& root, const std::vector<std::string>& mirrors) {
  feed::FetchOptions options;
  if (!mirrors.empty()) options.mirrors = mirrors;
  for (std::string& mirror : options.mirrors) {
    if (!mirror.ends_with('/')) mirror += '/';
  }
  const auto usual = feed::archive_root();
  if (root.empty() && !usual) return fail(Errc::not_found, "no folder for the copy: set SLIPSTREAM_ARCHIVE");
  options.root = root.empty() ? *usual : std::filesystem::path(root);
  options.on_note = note;
  return options;
}

}  // namespace

int run_fetch(const FetchOptions& options) {
  const StopSignal stop;
  auto plan = fetch_options(options.out, options.mirrors);
  if (!plan) return report_failure(plan.error());
  plan->ca_file = options.ca_file;
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
  const feed::LiveSourceOptions source = source_options(options);
  feed::LiveRecorder recorder(source.recorder);
  feed::LiveClient client(
      source.client, {[&recorder](const feed::LiveClient::Frame& frame) {
                        if (frame.is_first) recorder.connect();
                        std::string appended;
                        std::optional<feed::LiveRecorder::Begin> begin;
                        recorder.take(frame.at, frame.text, frame.seen, frame.is_settled, appended, begin);
                        if (begin) note("recording " + begin->path.string());
                        const bool is_over = frame.seen.was_over && begin && begin->bytes_there > 0;
                        return !recorder.is_failed() && !is_over;
                      },
                      note});
  const auto done = client.run(stop.token());
  if (!done) return report_failure(done.error());
  if (!recorder.is_failed() && !stop.token().stop_requested()) recorder.close();
  if (recorder.is_failed()) return report_failure(*recorder.error());
  print(summary({client.counts(), recorder.bytes_written(), false}));
  return exit_done;
}

int run_live(const LiveOptions& options) {
  const StopSignal stop;
  ReplayPlan plan;
  plan.source = options.record.url.empty() ? std::string(feed::f1_live_url) : options.record.url;
  plan.is_live = true;
  plan.db = options.db;
  plan.bus = !options.bus.empty() || options.db.empty() ? options.bus : options.db + ".bus";
  if (options.serve) {
    const auto listen = parse_listen(*options.serve, options.allow_hosts);
    if (!listen) return report_usage("live: " + listen.error().message);
    plan.listen = *listen;
  }
  if (!options.circuit.empty()) {
    auto circuit = read_circuit(options.circuit);
    if (!circuit) return report_failure(circuit.error());
    plan.circuit = std::move(*circuit);
  }
  auto source = std::make_unique<feed::LiveSource>(source_options(options.record));
  feed::LiveSource& live = *source;
  plan.measure_feed = [&live] { return measurements_of(live.status()); };
  auto opened = Replay::open(plan, std::move(source));
  if (!opened) return report_failure(opened.error());
  Replay& running = **opened;
  if (plan.listen) print_error(fmt::format("page {}\n", page_address(*plan.listen, running.port())));
  const auto done = [&] {
    const std::stop_callback ends(stop.token(), [&live] { live.stop(); });
    return running.run(stop.token());
  }();
  if (!done) return report_failure(done.error());
  if (options.waits_for_archive && !stop.token().stop_requested()) {
    auto archive = fetch_options({}, options.archives);
    if (archive) archive->ca_file = options.record.ca_file;
    const auto loaded = archive ? load_archive(running, live.session_path(), *archive, stop.token())
                                : Result<void>(tl::make_unexpected(archive.error()));
    if (!loaded) report_warning("archive: " + loaded.error().message);
  }
  const auto pack = [&, is_done = !stop.token().stop_requested()] {
    const auto packed = is_done ? live.pack_recording() : Result<void>();
    if (!packed) report_warning(packed.error().message);
  };
  // The page stays; whoever starts the program again behind that wants the next session.
  if (plan.listen) pack();
  if (plan.listen && !stop.token().stop_requested()) stop.wait();
  const auto sink = running.finish_sink();
  if (!sink) return report_failure(sink.error());
  if (!plan.listen) pack();
  const PublishCounts counts = running.counts();
  print(summary(live.status()) +
        fmt::format("{} records published, {} were on the log already\n", counts.published, counts.skipped));
  return exit_done;
}

}  // namespace slipstream::cli
