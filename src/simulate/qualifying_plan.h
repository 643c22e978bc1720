// The parts of a session against the clock: how long, and how many cars take part. Pure; any thread.
#pragma once

#include <vector>

#include "simulate/options.h"

namespace slipstream::simulate {

struct PartPlan {
  std::int32_t length_ms = 0;
  int cars = 0;
};

// Practice has one part; of qualifying the last has ten cars, and what is more drops out by halves: of 20
// cars five and five, of 22 six and six.
std::vector<PartPlan> plan_parts(const Options& options);

}  // namespace slipstream::simulate
