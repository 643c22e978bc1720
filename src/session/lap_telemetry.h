// Rows of telemetry: revision 0 while the car drives, the next when its lap is closed. Included by
// session/*.cc only.
//
// A lap is closed when its values stand, six seconds behind the line; then its samples know how far into the
// lap they are and who is ahead, and the curve through the positions has both sides. If the ends of the lap
// have moved by the time the next one is closed, its rows come once more. Samples outside laps are closed
// with the lap behind them. Which rows come when depends on the log alone. Pure; one thread at a time.
#pragma once

#include "session/state.h"

namespace slipstream::session {

// Puts out revision 0 of the samples whose surroundings are known, or would have come by now (half a second);
// of all with `is_last`.
void show_telemetry(State& state, Publisher& publisher, bool is_last = false);

// Closes the laps of `car` that ended before `settled_ms`, and at the end of the session all that is left.
void close_telemetry(State& state, Publisher& publisher, CarState& car, Int settled_ms, bool is_last = false);

}  // namespace slipstream::session
