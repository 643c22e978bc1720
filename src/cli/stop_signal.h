// SIGINT and SIGTERM as a stop token: whoever works looks at it, and ends in order.
//
// Make one first thing in a command, before any thread: signals are blocked from then on in all of them, and
// one thread waits for them. A second signal ends the program at once.
#pragma once

#include <stop_token>
#include <thread>

namespace slipstream::cli {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  std::stop_token token() const { return source_.get_token(); }
  // Waits for a signal.
  void wait() const;

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace slipstream::cli
