#include "simulate/qualifying_plan.h"

#include <algorithm>

namespace slipstream::simulate {

std::vector<PartPlan> plan_parts(const Options& options) {
  constexpr std::int32_t minute_ms = 60'000;
  if (options.kind == Kind::practice) return {{60 * minute_ms, options.cars}};
  const int dropped = std::max(0, options.cars - 10), first = (dropped + 1) / 2;
  const bool is_sprint = options.kind == Kind::sprint_qualifying;
  return {{(is_sprint ? 12 : 18) * minute_ms, options.cars},
          {(is_sprint ? 10 : 15) * minute_ms, options.cars - first},
          {(is_sprint ? 8 : 12) * minute_ms, options.cars - dropped}};
}

}  // namespace slipstream::simulate
