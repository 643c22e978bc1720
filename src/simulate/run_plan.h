// A car's runs in a session against the clock: when it leaves its garage, on what, for how many laps.
#pragma once

#include <vector>

#include "simulate/world.h"

namespace slipstream::simulate {

struct Run {
  std::int32_t start_ms = 0;  // of the session's or part's own time
  int push_laps = 1;
  bool is_long = false;      // one push lap after the other, at a race's pace
  bool keeps_tyres = false;  // the set of the run before
  TyreSet tyres;
};

std::vector<Run> plan_runs(const World& world, const Car& car, std::int32_t length_ms, int part);

}  // namespace slipstream::simulate
