// Where a car was that sent no positions: from the timing of its lap and the line of the circuit.
//
// Timing says to the millisecond when a car crossed the line and the ends of the sectors, and to a tenth of a
// second when it came to the end of a mini-sector. In between a car is put where one that takes the line as
// quickly as a Formula 1 car can would be, with the time that it took spread in proportion: so it is slow
// where the line bends. Pure; safe from any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "record/rows.h"
#include "session/centre_line.h"

namespace slipstream::session {

// A circuit as tables circuit_points and circuit_lines have it, of this session or of another one there.
struct KnownCircuit {
  Path line;  // a ring, from the start/finish line on
  std::array<std::optional<double>, 2> sector_end_m;
  std::map<MiniSector, double> mini_sector_end_m;
  std::optional<double> pit_entry_m, pit_exit_m;
  std::optional<record::Int> circuit_key;  // F1's, if the session that it comes from named it
};

// How long a quick car takes to each point of the line; only the proportions count.
class Pace {
 public:
  Pace() = default;
  explicit Pace(const Path& line);
  // From the line on, also over the ends of the lap; the inverse.
  double time_ms(double distance_m) const;
  double distance_m(double time_ms) const;

 private:
  double step_m_ = 0;
  std::vector<double> times_ms_;  // at each point, and at the end of the lap
};

// The car was at `distance_m` of its lap at `time_ms`.
struct Anchor {
  double time_ms = 0, distance_m = 0;
};

// True if a car can come from one to the other: forwards, and at 400 km/h at most.
bool can_follow(const Anchor& before, const Anchor& after);

// Those that a car can have come to one after another: the anchors by time without any that cannot
// follow. `sure` ones are never left out for others.
std::vector<Anchor> possible_anchors(std::vector<Anchor> sure, std::vector<Anchor> doubtful);

// Distance at an instant; nothing before the first anchor and behind the last.
std::optional<double> estimated_distance(std::span<const Anchor> anchors, const Pace& pace, double time_ms);

// Distance behind the last anchor, from what is known so far: as quick, beside the pace, as over the last
// anchors. Precondition: there are anchors, each of which can follow the one before.
double expected_distance(std::span<const Anchor> anchors, const Pace& pace, double time_ms);

}  // namespace slipstream::session
