// Practice, qualifying and sprint qualifying: runs of out, push and in laps against the clock.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

void drive_timed_session(World& world);

}  // namespace slipstream::simulate
