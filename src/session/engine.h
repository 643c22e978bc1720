// The session engine: one incremental fold of feed messages into records.
//
// apply() folds one message and publishes what became known by it; a row that is corrected later is published
// again under the same key with the next revision, a row that turns out not to be is withdrawn. Which rows
// come when, and with which revision, depends on the messages alone, never on chunks, clocks or threads: so a
// restarted engine derives the same records again, and live and batch end in the same tables.
//
// Laps are a pure function of the logs (session/laps.h), built anew at fixed points of the log: when a car's
// lap ends, six seconds later when its late values are in (by is_clock_topic's messages), when a message
// changes its tyres or deletes a lap, and at the end. Records that come before the session key is known wait
// for it. Pure: no clock, no I/O. One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "feed/message.h"
#include "feed/source.h"
#include "session/feed_topics.h"
#include "session/lap_estimate.h"
#include "session/output.h"

namespace slipstream::session {

// Raised whenever the records made from the same bytes change.
inline constexpr int engine_version = 9;

struct EngineOptions {
  std::string source_name;
  feed::SourceKind source_kind = feed::SourceKind::archive;
  Needs needs = {};  // what is not needed is not published; the topics are the source's business
  // True where only the last revision counts: laps and stints are built once, at the end, and published as
  // revision 0. Tables end the same, revisions apart.
  bool is_batch = false;
  // Where cars are placed whose positions do not come (session/estimates.h); nullptr: nowhere.
  std::shared_ptr<const KnownCircuit> circuit = nullptr;
};

class Engine {
 public:
  explicit Engine(EngineOptions options);
  ~Engine();

  // Appends to `output`, in order of publication.
  void apply(const feed::Message& message, Output& output);
  // A piece of input that could not be decoded: a `rejected` row.
  void reject(const feed::BrokenInput& broken, Output& output);
  // The source has ended: publishes what was held back, what came of every feed topic (`completeness`), and
  // at the very end the build's manifest.
  void finish(Output& output);
  // The same in pieces, for who would rather read and clear `output` in between: true if there is more.
  bool finish_some(Output& output);

  // Set once records have been published: SessionInfo's key, or a negative number made from the source's
  // first timed message (tables.md); and "<rank>.<engine>.<UTC of session time 0>".
  SessionKey session_key() const;
  const std::string& build() const;
  // The car's key on the bus: its driver code if that was known when this was asked first, else its number.
  const std::string& driver_key(Int driver_number);
  // Session time of the last message.
  SessionTime session_time() const;
  // UTC of session time 0 as far as it is known.
  std::optional<UtcTime> zero_date() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace slipstream::session
