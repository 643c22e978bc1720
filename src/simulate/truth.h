// The truth of a simulated session as CSV files, named and columned as tables.md has them, by its rules of
// CSV.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "simulate/history.h"

namespace slipstream::simulate {

// Writes into `dir`, which is made: sessions, drivers, laps, stints, pit_stops, overtakes, penalties,
// results, race_control, track_status, session_status, session_parts, flag_zones, track_modes, weather,
// team_radio, lap_count, clock, corners; and, of the simulator's own, crossings.csv (every end of a
// mini-sector, to the millisecond) and positions.csv (every car ten times a second). Errors: unavailable, a
// file cannot be written. The same history gives the same bytes.
Result<void> write_truth(const History& history, const std::filesystem::path& dir);

}  // namespace slipstream::simulate
