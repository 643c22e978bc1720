#include "simulate/timed_session.h"

namespace slipstream::simulate {

void drive_timed_session(World&) {}

}  // namespace slipstream::simulate
