// A circuit read back from what an engine published of it, for a session that has none of its own.
//
// Values; one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "session/lap_estimate.h"
#include "session/output.h"

namespace slipstream::session {

class KnownCircuitReader {
 public:
  // Takes the rows of sessions, circuit_points and circuit_lines that are in `output`.
  void take(Output& output);
  // nullptr if no circuit was published.
  std::shared_ptr<const KnownCircuit> circuit() const;

 private:
  std::map<Int, record::CircuitPoint> points_;
  std::map<std::string, record::CircuitLine> lines_;
  optional<Int> circuit_key_;
};

}  // namespace slipstream::session
