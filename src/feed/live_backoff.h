// How long to wait before the next try to connect: twice as long each time, up to a limit, and never the same
// for two clients, so that a server that comes back is not met by all of them at once.
//
// Pure: random by its seed. Thread rule: one thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace slipstream::feed {

struct BackoffOptions {
  std::chrono::milliseconds first = std::chrono::seconds(1);
  std::chrono::milliseconds longest = std::chrono::seconds(60);
  std::uint64_t seed = 0;
};

class LiveBackoff {
 public:
  explicit LiveBackoff(BackoffOptions options) : options_(options), random_(options.seed) {}

  // Between half of the step and the whole: of `first`, twice that, ..., `longest`.
  std::chrono::milliseconds next() {
    const auto step = std::min(options_.longest.count(), options_.first.count() << std::min(tries_, 20));
    ++tries_;
    const std::int64_t half = step / 2;
    return std::chrono::milliseconds(
        half + static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(step - half + 1)));
  }
  // A connection has held.
  void reset() { tries_ = 0; }
  int tries() const { return tries_; }

 private:
  // splitmix64
  std::uint64_t draw() {
    std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  const BackoffOptions options_;
  std::uint64_t random_;
  int tries_ = 0;
};

}  // namespace slipstream::feed
