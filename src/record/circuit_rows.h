// Rows of the circuit, as record/rows.h has the others. Pure values; safe from any thread.
#pragma once

#include "core/ids.h"
#include "record/column.h"

namespace slipstream::record {

// The centre of the track as the cars drove it, from the start line on.
struct CircuitPoint {
  SessionKey session_key;
  Int point_number = 0;
  Int x_dm = 0, y_dm = 0;
  optional<Int> z_dm;
  double distance_m = 0;
  bool operator==(const CircuitPoint&) const = default;
};

struct Corner {
  SessionKey session_key;
  Int corner_number = 0;
  optional<Text> letter;
  double distance_m = 0;
  optional<Int> x_dm, y_dm;
  bool operator==(const Corner&) const = default;
};

// Beyond tables.md: what lies across the track, and its length.
struct CircuitLine {
  SessionKey session_key;
  Text line;  // start_finish, sector_1_end, sector_2_end, pit_entry, pit_exit; lap_end is at the track's
              // length
  double distance_m = 0;
  optional<Int> x_dm, y_dm;
  bool operator==(const CircuitLine&) const = default;
};

// Beyond tables.md: the way through the pits, from entry to exit.
struct PitLanePoint {
  SessionKey session_key;
  Int point_number = 0;
  Int x_dm = 0, y_dm = 0;
  double distance_m = 0;
  bool operator==(const PitLanePoint&) const = default;
};

}  // namespace slipstream::record
