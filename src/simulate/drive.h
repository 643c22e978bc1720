// Drives a session from its options to its end: the one entry point of the simulator's world.
#pragma once

#include "simulate/history.h"

namespace slipstream::simulate {

// What happened in the session that the options describe. Errors: as check() and make_circuit(). Pure: the
// same options give the same History, bit by bit, on every machine; safe from any thread.
Result<History> drive(const Options& options);

}  // namespace slipstream::simulate
