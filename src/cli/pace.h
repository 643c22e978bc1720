// The clock of a replay: when a message of some session time is due, at some speed, from some place on.
//
// Thread rule: session_time() from any thread; the rest from one.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::cli {

// "10", "0.5", "max". Nothing: as fast as it goes. Errors: malformed.
Result<std::optional<double>> parse_speed(std::string_view text);

class Pace {
 public:
  // Messages before `from` are due at once; then `speed` seconds of session a second, or all at once.
  Pace(std::optional<double> speed, SessionTime from) : speed_(speed), from_(from), now_ms_(from.count()) {}

  // Another source begins.
  void restart();
  // Waits until `session_time` is due. False if `stop` came first.
  bool wait_for(SessionTime session_time, const std::stop_token& stop);
  // Whether `from` was reached.
  bool has_begun() const { return !speed_ || has_begun_; }
  // Session time that the replay has come to; between two messages it goes on with the clock.
  SessionTime session_time() const { return SessionTime(now_ms_.load()); }

 private:
  const std::optional<double> speed_;
  const SessionTime from_;
  std::optional<std::chrono::steady_clock::time_point> start_;  // when `from` was reached
  std::atomic<std::int64_t> now_ms_;
  std::atomic<bool> has_begun_{false};
};

}  // namespace slipstream::cli
