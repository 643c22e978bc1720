// Entries of the view that tell what decides a session: results, pit stops, penalties
// (docs/live-protocol.md).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/json_writer.h"
#include "serve/view.h"

namespace slipstream::serve {

void write_result(JsonWriter& json, const record::SessionResult& row);
// All stops of a car, with the tyres before and after where the stints say them.
void write_pit_stops(JsonWriter& json, const CarState& car);
// All stints of a car, the newest last.
void write_stints(JsonWriter& json, const CarState& car);
void write_penalty(JsonWriter& json, const record::Penalty& row);

// Two cars that follow each other within a second, the one behind nearer at each of the last four lines.
struct Battle {
  const CarState* behind = nullptr;
  const CarState* ahead = nullptr;
  std::int32_t interval_ms = 0;            // as the screen has it now
  std::vector<std::int32_t> line_gaps_ms;  // at the last four lines that both have crossed, the newest last
};
// The closest of them; of races and sprints only. Pure.
std::optional<Battle> closest_battle(const View& view);
void write_battle(JsonWriter& json, const View& view);

}  // namespace slipstream::serve
