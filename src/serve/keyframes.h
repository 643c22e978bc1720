// Folds a session's log to any cursor, fast: a copy of the view is kept for each minute that was passed once.
//
// advance() brings a fold to a cursor, forwards from where it is, else from the nearest keyframe before the
// cursor; at most a minute of records is folded once the keyframes are there. Records that came late
// (SessionLog::disorders) make the keyframes and folds behind them stale; they are then made again.
// Thread rule: one thread at a time. The log must outlive it and its folds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "serve/session_log.h"
#include "serve/view.h"

namespace slipstream::serve {

// A view with its place on the log.
struct Fold {
  View view;
  std::int64_t cursor_ms = -1;  // every entry known up to here is in the view
  std::size_t next_row = 0, next_sample = 0;
  std::size_t disorders_seen = 0;

  // Whether the log has entries for this cursor that are not in the view.
  bool is_behind(const SessionLog& log, std::int64_t at_ms) const;
};

class Keyframes {
 public:
  static constexpr std::int64_t step_ms = 60'000;

  explicit Keyframes(const SessionLog& log) : log_(log) {}

  // Brings `fold` to `cursor_ms` (any, also back). The log must be settled.
  void advance(Fold& fold, std::int64_t cursor_ms);

  std::size_t count() const { return keyframes_.size(); }

 private:
  bool is_stale(Fold& fold) const;
  void forget_stale();
  void fold_to(Fold& fold, std::int64_t cursor_ms) const;

  const SessionLog& log_;
  std::map<std::int64_t, Fold> keyframes_;  // by cursor_ms, multiples of step_ms
  std::size_t disorders_seen_ = 0;
};

}  // namespace slipstream::serve
