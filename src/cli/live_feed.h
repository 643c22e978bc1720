// What record, live and up share: from their options to live sources, and what is said of those.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "cli/commands.h"
#include "cli/replay.h"
#include "core/result.h"
#include "feed/archive_fetch.h"
#include "feed/live_source.h"

namespace slipstream::cli {

// "live: <text>" on stderr.
void note_live(const std::string& text);

feed::LiveSourceOptions live_source_options(const RecordOptions& options);

// Where the archive is fetched from and to. `root` empty: archive_root(). Errors: not_found, there is no
// root.
Result<feed::FetchOptions> fetch_options(const std::string& root, const std::vector<std::string>& mirrors,
                                         const std::string& ca_file);

// Without its reports. Errors: malformed, the address to listen on; those of read_circuit.
Result<ReplayPlan> live_plan(const LiveOptions& options);

// "12 frames with 34 messages in 1 connections; 5678 bytes recorded\n"
std::string live_summary(const feed::LiveStatus& status);

// The live sources of a program, one after the other, measured as one. Thread rule: open() on one thread, the
// rest from any.
class LiveFeed {
 public:
  explicit LiveFeed(feed::LiveSourceOptions options) : options_(std::move(options)) {}

  // Ends the source before, and starts the next.
  feed::LiveSource& open();
  // The source that runs; what is opened later ends at once.
  void stop();
  // Packs the recording of the source that runs, whose session is over and has been read. Errors: those of
  // LiveSource::pack_recording().
  Result<void> pack_recording();
  // Behind stop(): nothing is called back any more.
  void close();

  feed::LiveStatus status() const;
  serve::FeedMeasurements measure() const;

 private:
  const feed::LiveSourceOptions options_;
  mutable std::mutex mutex_;
  feed::LiveStatus ended_;  // of the sources before
  std::unique_ptr<feed::LiveSource> source_;
  bool is_stopped_ = false;
};

}  // namespace slipstream::cli
