// The lap table as a pure function of the logs: the same rows live and from an archive.
//
// build_laps gives the rows of one car as far as its log goes: a lap has a row once it has ended at the line
// or in the pits. rank_laps sets what needs all cars. Rules: docs/lap-rules.md. Pure; safe from any thread.
#pragma once

#include <span>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

// Rows in order of lap_number, from 1, without gaps. `session_key` and `position` are not set yet.
std::vector<record::Lap> build_laps(const CarLog& car, const SessionLog& session);

// Sets `position` of the laps of one number, one of each car: the rank by session_time_ms (L18). Races and
// sprints.
void rank_laps(std::span<record::Lap* const> laps);

// Number of the qualifying part, from 1, that runs at `session_time_ms`; nothing outside qualifying.
optional<Int> session_part_at(Int session_time_ms, const SessionLog& session);

}  // namespace slipstream::session
