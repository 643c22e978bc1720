// How a session stands, and how it ended: `results`, at any moment, out of what the engine knows of it.
//
// A race is laps, then time; of penalties only what is unserved is added (L26), once the flag has fallen. A
// qualifying is the time in the last part that a car reached, of equal times the one that was set first; a
// practice the best lap. Of a race without TimingData the order is the one that TimingAppData has (`Line`):
// there is neither lap nor time, and who retired is not known (`basis` "screen_order"). All of it is
// provisional: stewards and scrutineers go on for weeks (L25). Pure; one thread at a time.
#pragma once

#include <vector>

#include "session/state.h"

namespace slipstream::session {

// In order of position. `basis` of a row names the rules that put it there, "laps,time" or "q3" among them.
std::vector<record::SessionResult> build_results(const State& state);

// Publishes what differs.
void publish_results(const State& state, Publisher& publisher);

}  // namespace slipstream::session
