// Streams of random numbers: one a purpose and car, so that a draw more in one place changes no other.
// SplitMix64, whose bits are the same everywhere. A stream is a value; not shared between threads.
#pragma once

#include <cstdint>

namespace slipstream::simulate {

enum class Purpose : std::uint8_t {
  shape,
  marks,
  people,
  weather,
  pace,
  laps,
  launch,
  strategy,
  pits,
  duels,
  incidents,
  stewards,
  runs,
  radio,
  calendar,
  championship
};

class Random {
 public:
  Random() = default;
  Random(std::uint64_t seed, Purpose purpose, int number = 0)
      : state_(mix(mix(seed) + mix(static_cast<std::uint64_t>(purpose) * 4096 + number + 1))) {}

  std::uint64_t bits() { return mix(state_ += 0x9e3779b97f4a7c15u); }

  // In [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * (1.0 / 9007199254740992.0); }
  double between(double low, double high) { return low + (high - low) * uniform(); }
  // In [0, count).
  int below(int count) { return static_cast<int>(bits() % static_cast<std::uint64_t>(count)); }
  int between(int low, int high) { return low + below(high - low + 1); }
  bool chance(double probability) { return uniform() < probability; }
  // Mean 0, deviation 1, never beyond 6: the sum of twelve uniform numbers.
  double normal() {
    double sum = -6;
    for (int n = 0; n < 12; ++n) sum += uniform();
    return sum;
  }

 private:
  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::uint64_t state_ = 0;
};

}  // namespace slipstream::simulate
