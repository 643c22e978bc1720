// The laps and the drives through the pits that the circuit is made from: positions that are kept of them.
//
// A car's positions are kept while it drives, until its lap has settled; then the lap is held if it is among
// the car's best two, and its drive out of the pits if it began there. Places at which the car stands are
// kept once, and so are positions that F1 repeats: an hour in the garage costs nothing. In all at most some
// 0.5 MB a session. Values; one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "record/rows.h"
#include "session/centre_line.h"

namespace slipstream::session {

struct CarState;
struct KnownCircuit;
struct State;

struct CircuitSample {
  UtcTime date;
  record::Int x_dm = 0, y_dm = 0, z_dm = 0;
};

// Where a car has been of late.
class CircuitTrace {
 public:
  // Samples by date; those without a fix are left out.
  void add(const record::PositionSample& sample);
  void drop_before(UtcTime date);
  std::vector<CircuitSample> from_to(UtcTime from, UtcTime to) const;

 private:
  std::vector<CircuitSample> samples_;  // by date
};

struct HeldLap {
  record::Int driver_number = 0, lap_number = 0;
  std::vector<CircuitSample> samples;  // from a little before its start to a little behind its end
  std::vector<MiniSectorMark> marks;
};

// From the pit entry, if the car was seen there, to the pit exit.
struct HeldPass {
  record::Int driver_number = 0;
  std::optional<record::Int> pit_in_ms;
  record::Int pit_out_ms = 0;
  std::vector<CircuitSample> samples;
};

struct CircuitLog {
  bool is_wanted = false;
  std::shared_ptr<const KnownCircuit> given;  // of another session; until it is put out
  std::vector<HeldLap> laps;
  std::vector<HeldPass> passes;
  record::Int laps_seen = 0;  // that were good enough to be held when they ended
  Path line;                  // as published last
  std::optional<double> pit_entry_m, pit_exit_m;
  std::size_t point_count = 0, corner_count = 0, lane_point_count = 0;  // rows that were published
};

// The marks that fell in [from_ms, to_ms], of each mini-sector the first.
std::vector<MiniSectorMark> marks_from_to(const std::vector<MiniSectorMark>& marks, record::Int from_ms,
                                          record::Int to_ms);

// Holds what is worth it of the laps of `car` that ended before `settled_ms`. True if a lap was.
bool note_circuit_laps(State& state, CarState& car, record::Int settled_ms);

// Forgets the marks of laps that ended before `settled_ms`.
void drop_mini_sector_marks(CarState& car, record::Int settled_ms);

// True if the lap is one to draw a circuit from: timed from line to line, none of it in the pits.
bool is_round(const record::Lap& lap);
// True if `a` shows the racing line better: accurate, on slicks, quicker, in that order.
bool is_better_round(const record::Lap& a, const record::Lap& b);

}  // namespace slipstream::session
