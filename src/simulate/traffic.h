// Cars among cars: who drives behind whom, dirty air and slipstream, attempts to pass and what comes of them.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// Sets follow_mps, traffic_pace and offset_m of every car on track. Once a step, before the cars move.
// `tempo(car)` is the share of the profile that the car could drive alone.
void meet_traffic(World& world, const std::vector<double>& tempo);

}  // namespace slipstream::simulate
