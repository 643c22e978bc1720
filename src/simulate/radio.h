// Team radio: captures that F1 publishes, now and then, of cars that drive. Pure; any thread.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// Of the whole session, when it is over.
void book_team_radio(World& world);

}  // namespace slipstream::simulate
