// The parts of results.h. Included by session/*.cc only.
#pragma once

#include <vector>

#include "session/state.h"

namespace slipstream::session {

// Who drives, where the car started, its best lap.
void fill_car(const CarState& car, record::SessionResult& row);

std::vector<record::SessionResult> race_results(const State& state);

}  // namespace slipstream::session
