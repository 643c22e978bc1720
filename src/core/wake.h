// Something to do, said by some threads to those who wait for it.
// Thread rule: any thread may call any function.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace slipstream {

class Wake {
 public:
  void announce() {
    {
      const std::scoped_lock lock(mutex_);
      ++count_;
    }
    changed_.notify_all();
  }

  // Returns when more was announced than `seen` says, after `at_most`, or when `stop` comes: how often it was
  // announced by then, to be handed in the next time. So nothing is missed that comes between two calls.
  std::uint64_t wait(std::uint64_t seen, std::chrono::milliseconds at_most,
                     const std::stop_token& stop) const {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, at_most, [&] { return count_ != seen; });
    return count_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::uint64_t count_ = 0;
};

}  // namespace slipstream
