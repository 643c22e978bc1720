// When cars of a race stop and what they put on: a plan from the start, which safety cars, rain and worn
// tyres change.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// The first set and the stops of a car's race.
void plan_race(World& world, Car& car);

// Once a lap of the car, at the line: does it stop at the end of the lap that begins?
void decide_stop(World& world, Car& car);

// A safety car has come out, or a virtual one: who has a stop to make may make it now.
void decide_cheap_stop(World& world, Car& car);

}  // namespace slipstream::simulate
