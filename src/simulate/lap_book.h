// Laps, stints and pit stops as they come about: rows of record/rows.h by the rule of what a lap is
// (docs/lap-rules.md). A lap ends at the line, on track or in the pits, and the next begins there; the first
// of a race begins at its start, in other sessions at the pit exit.
#pragma once

#include "simulate/world.h"

namespace slipstream::simulate {

// The car's first lap begins, or in a race all cars' at the start.
void begin_first_lap(World& world, Car& car, std::int32_t at_ms);

void pass_cut(World& world, Car& car, const Cut& cut, std::int32_t at_ms, std::int16_t speed_kmh);
void note_pit_entry(World& world, Car& car, std::int32_t at_ms);
void note_pit_exit(World& world, Car& car, std::int32_t at_ms);

// A new set is on: closes the stint that ran and opens the next.
void fit_tyres(World& world, Car& car, const TyreSet& set);

// The car drives no further: what runs is closed. `at_ms` ends its lap if it stopped on track in a lap.
void retire_from_book(World& world, Car& car, std::int32_t at_ms, bool has_lap);

// What is known only at the end: positions, marks of the best, track status, kinds. Sorts the rows.
void close_lap_book(World& world);

}  // namespace slipstream::simulate
