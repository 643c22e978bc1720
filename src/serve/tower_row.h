// One line of the timing tower, made from a car's records. Order is by F1's timing position, never by
// distance. Pure; safe from any thread.
#pragma once

#include <optional>

#include "core/json_writer.h"
#include "record/rows.h"
#include "serve/view.h"

namespace slipstream::serve {

// The car's best lap: what the timing screen shows; from its laps if the screen never gave one.
std::optional<record::Int> best_lap_ms(const CarState& car);

// The fastest of all cars' best laps; nothing if nobody has one.
std::optional<record::Int> best_lap_overall_ms(const View& view);

// Writes the member of `rows` for one car, as in docs/live-protocol.md.
void write_tower_row(JsonWriter& json, const CarState& car, std::optional<record::Int> best_lap_overall_ms);

}  // namespace slipstream::serve
