#include "cli/live_feed.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "cli/circuit_source.h"
#include "cli/listen.h"
#include "cli/report.h"
#include "feed/archive_index.h"

namespace slipstream::cli {
namespace {

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::max(0.0, seconds) * 1000));
}

feed::LiveStatus sum_of(const feed::LiveStatus& a, const feed::LiveStatus& b) {
  feed::LiveStatus sum = b;
  sum.counts.frames += a.counts.frames;
  sum.counts.messages += a.counts.messages;
  sum.counts.bytes += a.counts.bytes;
  sum.counts.connections += a.counts.connections;
  sum.counts.failed_tries += a.counts.failed_tries;
  sum.counts.silences += a.counts.silences;
  sum.recorded_bytes += a.recorded_bytes;
  sum.has_recording_failed = a.has_recording_failed || b.has_recording_failed;
  return sum;
}

}  // namespace

void note_live(const std::string& text) { print_error(fmt::format("live: {}\n", text)); }

feed::LiveSourceOptions live_source_options(const RecordOptions& options) {
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
  source.on_note = note_live;
  return source;
}

Result<feed::FetchOptions> fetch_options(const std::string& root, const std::vector<std::string>& mirrors,
                                         const std::string& ca_file) {
  feed::FetchOptions options;
  if (!mirrors.empty()) options.mirrors = mirrors;
  for (std::string& mirror : options.mirrors) {
    if (!mirror.ends_with('/')) mirror += '/';
  }
  const auto usual = feed::archive_root();
  if (root.empty() && !usual) return fail(Errc::not_found, "no folder for the copy: set SLIPSTREAM_ARCHIVE");
  options.root = root.empty() ? *usual : std::filesystem::path(root);
  options.ca_file = ca_file;
  options.on_note = note_live;
  return options;
}

Result<ReplayPlan> live_plan(const LiveOptions& options) {
  ReplayPlan plan;
  plan.source = options.record.url.empty() ? std::string(feed::f1_live_url) : options.record.url;
  plan.is_live = true;
  plan.db = options.db;
  plan.bus = !options.bus.empty() || options.db.empty() ? options.bus : options.db + ".bus";
  plan.delay = milliseconds_of(options.delay_seconds);
  if (options.serve) {
    const auto listen = parse_listen(*options.serve, options.allow_hosts);
    if (!listen) return tl::make_unexpected(listen.error());
    plan.listen = *listen;
  }
  if (!options.circuit.empty()) {
    auto circuit = read_circuit(options.circuit);
    if (!circuit) return tl::make_unexpected(circuit.error());
    plan.circuit = std::move(*circuit);
  }
  return plan;
}

std::string live_summary(const feed::LiveStatus& status) {
  const feed::LiveCounts& counts = status.counts;
  return fmt::format("{} frames with {} messages in {} connections; {} bytes recorded\n", counts.frames,
                     counts.messages, counts.connections, status.recorded_bytes);
}

void LiveFeed::close() {
  const std::scoped_lock lock(mutex_);
  if (source_) ended_ = sum_of(ended_, source_->status());
  source_.reset();
  ended_.is_connected = false;
}

Result<void> LiveFeed::pack_recording() {
  const std::scoped_lock lock(mutex_);
  return source_ ? source_->pack_recording() : Result<void>();
}

feed::LiveSource& LiveFeed::open() {
  close();
  const std::scoped_lock lock(mutex_);
  source_ = std::make_unique<feed::LiveSource>(options_);
  if (is_stopped_) source_->stop();
  return *source_;
}

void LiveFeed::stop() {
  const std::scoped_lock lock(mutex_);
  is_stopped_ = true;
  if (source_) source_->stop();
}

feed::LiveStatus LiveFeed::status() const {
  const std::scoped_lock lock(mutex_);
  return source_ ? sum_of(ended_, source_->status()) : ended_;
}

serve::FeedMeasurements LiveFeed::measure() const {
  const feed::LiveStatus status = this->status();
  const feed::LiveCounts& counts = status.counts;
  return {counts.frames,   counts.messages,       counts.connections,         counts.failed_tries,
          counts.silences, status.recorded_bytes, status.has_recording_failed};
}

}  // namespace slipstream::cli
