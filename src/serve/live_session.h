// One session as the hub has it: its log with keyframes, how far it has come, and the stream of its edge.
// Thread rule: one thread at a time (the hub's lock).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "record/codec.h"
#include "serve/keyframes.h"
#include "serve/outline.h"
#include "serve/sections.h"
#include "serve/session_log.h"
#include "serve/stream.h"

namespace slipstream::serve {

class LiveSession {
 public:
  LiveSession(SessionKey key, std::string stream_name);

  SessionKey key() const { return log_.session_key(); }
  bool add(const record::DecodedRecord& record, std::int64_t session_time_ms);
  // Sorts in what was added, brings the outline up to date. Before anything is drawn.
  void refresh();

  void set_edge(std::int64_t session_time_ms, Mode mode, double speed);
  void set_length(std::int64_t length_ms) { length_ms_ = length_ms; }
  void set_delay(std::int64_t delay_ms) { delay_ms_ = delay_ms; }

  Mode mode() const { return mode_; }
  double speed() const { return speed_; }
  // How far viewers may see: what was set; of an archive the end of the log.
  std::int64_t edge_ms() const;
  // Where the log begins, and where a finished session is opened: when it was started, else at its beginning.
  std::int64_t begin_ms() const;
  std::int64_t start_ms() const;

  FrameContext context(std::int64_t cursor_ms, const Player& player) const;
  FrameContext edge_context() const;

  // The session's row as it was last published; nullptr before there is one.
  const record::Session* row() const { return row_ ? &*row_ : nullptr; }

  const SessionLog& log() const { return log_; }
  Keyframes& keyframes() { return keyframes_; }
  Stream& shared() { return shared_; }
  // Clock times of the shared stream: of its last frame, and of the next one if frames came evenly.
  std::int64_t shared_step_ms = 0, shared_next_ms = 0;
  // Counts up over all sessions when publishing of one begins: the highest is what is on now.
  std::int64_t published_rank = 0;

 private:
  SessionLog log_;
  Keyframes keyframes_;
  Outline outline_;
  Stream shared_;
  Mode mode_ = Mode::archive;
  double speed_ = 1;
  std::int64_t edge_ms_ = 0;
  std::int64_t length_ms_ = 0, delay_ms_ = 0;
  std::optional<std::int64_t> started_ms_;
  std::optional<record::Session> row_;
  std::string row_build_;
  std::int32_t row_revision_ = 0;
};

}  // namespace slipstream::serve
