// The circuit of the session, from the cars' own positions: tables circuit_points, corners, circuit_lines and
// pit_lane_points (docs/circuits.md). Included by session/*.cc only.
//
// Drawn when the third good lap has ended, again when there are ten and thirty, and at the end of the source:
// so which rows come when depends on the messages alone. Rows whose place has not moved by more than
// measuring can tell stay as they are. Pure; one thread at a time.
#pragma once

#include "session/state.h"

namespace slipstream::session {

// Puts out the circuit that was given, of another session there, until this one's own cars have drawn it.
void offer_circuit(State& state, Publisher& publisher);
// `car` has laps that ended before `settled_ms`: draws the circuit if it is time.
void fold_circuit(State& state, Publisher& publisher, CarState& car, Int settled_ms);
// The source has ended.
void finish_circuit(State& state, Publisher& publisher);

}  // namespace slipstream::session
