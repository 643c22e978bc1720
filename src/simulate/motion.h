// A car's next tenth of a second: the speed it wants, the one it can have, the ends of mini-sectors that it
// passes on the way, timed inside the step.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// What holds a car back in this step beside the traffic. `pace`: share of the profile. `most_mps`: a limit.
struct Drive {
  double pace = 1;
  double most_mps = 1000;
  std::optional<std::int32_t> line_ms;  // it shall be at the line then, to the millisecond, if that is near
};

// Moves the car and tells lap_book.h of what it passed. Speeds are continuous, and so are places.
void move(World& world, Car& car, const Drive& drive);

// Writes the car's state of now into its history.
void keep_state(World& world, const Car& car);

}  // namespace slipstream::simulate
