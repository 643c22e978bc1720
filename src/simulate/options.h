// What a simulated session is made from. The same options give the same bytes, on every machine and at any
// number of threads; another seed gives another session. Values; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/result.h"

namespace slipstream::simulate {

enum class Kind : std::uint8_t { practice, qualifying, sprint_qualifying, sprint, race };

struct OutlinePoint {
  double x_m = 0, y_m = 0, z_m = 0;
};

struct Options {
  std::uint64_t seed = 1;
  Kind kind = Kind::race;
  int year = 2026;          // rules: 2025 has DRS and channel 45, 2026 overtake mode and neither
  std::optional<int> laps;  // race: its length (57; sprint 19); else the most a car drives. 1 to 80
  int cars = 20;            // 2 to 30
  // Centre line in driving order from the start line on, closed; empty: a circuit made from the seed.
  std::vector<OutlinePoint> outline;
};

// Errors: usage, with what is out of its range.
Result<void> check(const Options& options);

}  // namespace slipstream::simulate
