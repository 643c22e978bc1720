// A race or sprint from the drive to the grid to the last car in its garage.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

void drive_race(World& world);

}  // namespace slipstream::simulate
