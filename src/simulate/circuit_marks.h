// What lies along a circuit's centre line: corners, sectors, mini-sectors, marshals' sectors, the speed trap,
// the pit lane, a name. Pure; safe from any thread.
#pragma once

#include "simulate/circuit.h"
#include "simulate/random.h"

namespace slipstream::simulate {

void mark_circuit(Circuit& circuit, Random& random, int cars);

// Distance of the slot on the grid; the first is 1.
double grid_slot_m(const Circuit& circuit, int slot);

}  // namespace slipstream::simulate
