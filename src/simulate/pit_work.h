// The pit lane: in and out, its speed limit, the box, the garage, and what a stop takes.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// What the lane allows a car on its way to its box, its place in the queue or the exit.
double lane_speed_mps(const World& world, const Car& car);

void enter_lane(World& world, Car& car, std::int32_t at_ms);
void leave_lane(World& world, Car& car, std::int32_t at_ms);

// Cars that have reached their box stop, change tyres and leave when the lane is free. Once a step.
void work_in_boxes(World& world);

// From the garage into the lane, on that set of tyres.
void leave_garage(World& world, Car& car, Task task);

}  // namespace slipstream::simulate
