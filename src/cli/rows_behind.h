// Rows that go into a session's columns on a thread of their own, a few laps of telemetry behind the fold.
//
// What SessionRows holds in the end is the same as without, in the same order: one thread puts everything in,
// in the order of take(). Thread rule: one thread at a time; the rows are this object's until finish().
#pragma once

#include <cstddef>
#include <thread>

#include "cli/session_rows.h"
#include "core/bounded_queue.h"
#include "session/output.h"

namespace slipstream::cli {

class RowsBehind {
 public:
  // `rows` must outlive this.
  explicit RowsBehind(SessionRows& rows);
  // What was not finished is dropped.
  ~RowsBehind();

  // Takes everything out of `output` as soon as it is worth a walk to the other thread; until then it gathers
  // there. Waits while that thread is too far behind.
  void take(session::Output& output);
  // Takes all, and returns when `rows` has it; nothing may be taken after that.
  void finish(session::Output& output);

 private:
  void hand_over(session::Output& output);

  // Outputs come back empty, so that their lists are used again.
  BoundedQueue<session::Output> filled_, emptied_;
  std::size_t gathered_ = 0;  // calls of take() since the last that handed over
  std::jthread thread_;
};

}  // namespace slipstream::cli
