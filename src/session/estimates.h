// Rows of telemetry for laps of which the session has no positions: `quality` estimated, two a second.
// Included by session/*.cc only.
//
// A lap's rows are published once, when it has settled, from its first known place to its last: from the line
// or the pit exit to the line or the pit entry. None are made where the circuit is not known, nor in the
// pits. Pure; one thread at a time.
#pragma once

#include <memory>

#include "session/lap_estimate.h"

namespace slipstream::session {

struct CarState;
struct Publisher;
struct State;

struct EstimateLog {
  std::shared_ptr<const KnownCircuit> circuit;  // of another session, or of this one; nullptr: unknown
  Pace pace;
};

// From now on cars are placed on this circuit.
void set_circuit(EstimateLog& log, std::shared_ptr<const KnownCircuit> circuit);

// Puts out what is estimated of the laps of `car` that ended before `settled_ms`.
void estimate_laps(State& state, Publisher& publisher, CarState& car, record::Int settled_ms);

}  // namespace slipstream::session
