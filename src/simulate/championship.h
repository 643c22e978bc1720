// The championship in a race: the points that everybody has so far, and what F1 predicts from the order on
// the screen. Included by simulate/ only. Thread rule: one thread a world.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// Fills History::championship_prediction of a race or sprint that has been driven.
void book_championship(World& world);

}  // namespace slipstream::simulate
