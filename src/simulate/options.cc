#include "simulate/options.h"

#include <string>

namespace slipstream::simulate {

Result<void> check(const Options& options) {
  const auto out_of = [](std::string what) { return fail(Errc::unsupported, std::move(what)); };
  if (options.cars < 2 || options.cars > 30) return out_of("cars: not 2 to 30");
  if (options.laps && (*options.laps < 1 || *options.laps > 80)) return out_of("laps: not 1 to 80");
  if (options.year != 2025 && options.year != 2026) return out_of("year: rules are those of 2025 or 2026");
  return {};
}

}  // namespace slipstream::simulate
