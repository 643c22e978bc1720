// Who came where, and who passed whom: from what happened, by docs/results.md.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

struct RaceOutcome {
  std::int32_t start_ms = 0;
  std::optional<int> stopped_in_lap;  // that the leader was in as the race was stopped for good
};

// A lap time, and when it was set: of equal times the earlier is better. never_ms: none.
using BestTime = std::pair<std::int32_t, std::int32_t>;
// Of each car in a part of the session, 0: in all of it.
std::vector<BestTime> best_times(const World& world, int part);

void book_race_results(World& world, const RaceOutcome& outcome);
void book_practice_results(World& world);
void book_qualifying_results(World& world);

// Pairs of cars whose order on the road has changed and is still changed ten seconds later.
void book_overtakes(World& world, std::int32_t start_ms);

}  // namespace slipstream::simulate
