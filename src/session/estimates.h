// Rows of telemetry for laps of which the session has no positions: `quality` estimated, at every full and
// half second of UTC. Included by session/*.cc only.
//
// While the car drives, revision 0 says where it must be by what timing has shown so far. When its lap has
// settled its rows come again, from its first known place to its last: from the line or the pit exit to the
// line or the pit entry; those of revision 0 beside it are withdrawn. Where only the last revision is wanted,
// that is all. None are made where the circuit is not known, nor in the pits. Pure; one thread at a time.
#pragma once

#include <memory>
#include <optional>

#include "session/lap_estimate.h"

namespace slipstream::session {

using std::optional;

struct CarState;
struct Publisher;
struct State;

struct EstimateLog {
  std::shared_ptr<const KnownCircuit> circuit;  // of another session, or of this one; nullptr: unknown
  Pace pace;
  optional<UtcTime> shown_through;  // revision 0, of all cars
};

// From now on cars are placed on this circuit.
void set_circuit(EstimateLog& log, std::shared_ptr<const KnownCircuit> circuit);

// Puts out revision 0 of the instants that have passed since it did last (show_estimates.cc).
void show_estimates(State& state, Publisher& publisher, record::Int now_ms);

// Puts out what is estimated of the laps of `car` that ended before `settled_ms`; with `is_last` takes back
// what no lap has claimed.
void estimate_laps(State& state, Publisher& publisher, CarState& car, record::Int settled_ms,
                   bool is_last = false);

// For both.
inline constexpr SessionTime estimate_step(500);
// False if F1's keys say that the circuit is another one.
bool is_of_this_track(const State& state, const KnownCircuit& circuit);
// False if there is nothing to reckon with.
bool can_estimate(const State& state);
// A car whose positions came up to then, or nearly, needs no estimate.
bool has_positions_at(const CarState& car, UtcTime date);
UtcTime floor_to_step(UtcTime date);
// Distance of a line across the track, beside the pit lane, as the lap counts it that begins or ends at
// `line_m`: the lane may end before the line, or begin behind it.
optional<double> distance_near(optional<double> at_m, double line_m, double length_m);
record::Telemetry estimated_row(const State& state, const CarState& car, record::Int lap_number, UtcTime date,
                                double distance_m);

}  // namespace slipstream::session
