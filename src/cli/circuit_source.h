// The circuit of a session with positions, for one that has none.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "session/lap_estimate.h"

namespace slipstream::cli {

// Reads `source` to its end. Errors: those of the source; not_found, no lap of it can be drawn.
Result<std::shared_ptr<const session::KnownCircuit>> read_circuit(const std::string& source);

}  // namespace slipstream::cli
