#include "simulate/run_plan.h"

#include <algorithm>

namespace slipstream::simulate {
namespace {

std::vector<Run> practice_runs(const World& world, Random& random) {
  const double lap_ms = world.profile.lap_time_s() * 1000;
  std::vector<Run> runs;
  double at = random.between(5'000.0, 200'000.0);
  const int count = random.between(3, 4);
  for (int n = 0; n < count; ++n) {
    Run run;
    run.start_ms = static_cast<std::int32_t>(at);
    run.is_long = n + 1 == count && random.chance(0.8);
    run.push_laps = run.is_long ? random.between(6, 12) : random.between(1, 3);
    const bool is_qualifying_run = n + 2 >= count && !run.is_long;
    run.tyres.compound = is_qualifying_run    ? Compound::soft
                         : random.chance(0.6) ? Compound::medium
                                              : Compound::hard;
    if (run.is_long) run.tyres.compound = random.chance(0.5) ? Compound::medium : Compound::soft;
    runs.push_back(run);
    const double laps = 2.4 + (run.is_long ? 1.0 : 2.4) * run.push_laps;
    at += laps * lap_ms + random.between(240'000.0, 540'000.0);
  }
  return runs;
}

std::vector<Run> qualifying_runs(const World& world, Random& random, std::int32_t length_ms, int part) {
  const double lap_ms = world.profile.lap_time_s() * 1000;
  const double out_ms = 1.25 * lap_ms + 30'000;
  std::vector<Run> runs(2);
  runs[0].start_ms = static_cast<std::int32_t>(random.between(0.01, 0.26) * length_ms);
  if (part == 2) runs[0].start_ms = random.between(5'000, 60'000);
  runs[0].push_laps = part == 0 && random.chance(0.3) ? 2 : 1;
  const double late = length_ms - out_ms - random.between(6'000.0, 95'000.0);
  runs[1].start_ms = static_cast<std::int32_t>(late);
  for (Run& run : runs) {
    run.tyres.compound = Compound::soft;
    run.tyres.is_fresh = !random.chance(part == 0 ? 0.2 : 0.12);
    run.tyres.age_laps = run.tyres.is_fresh ? 0 : 3;
  }
  runs[1].keeps_tyres = part == 0 && random.chance(0.12);
  if (late < runs[0].start_ms + 60'000) runs.pop_back();
  return runs;
}

}  // namespace

std::vector<Run> plan_runs(const World& world, const Car& car, std::int32_t length_ms, int part) {
  Random random = world.random(Purpose::runs, car.index * 8 + part);
  if (world.options().kind == Kind::practice) return practice_runs(world, random);
  return qualifying_runs(world, random, length_ms, part);
}

}  // namespace slipstream::simulate
