// The lap table as a pure function of the logs: the same rows live and from an archive.
//
// Three steps, because the second needs all cars: draft_laps reads one car's log, align_cars compares the
// drafts of all, build_laps makes a car's rows. A lap has a row once it has ended at the line or in the pits,
// or, after the flag, if the car stopped in it. rank_laps sets what else needs all cars. Rules:
// docs/lap-rules.md. Pure; safe from any thread.
#pragma once

#include <span>
#include <vector>

#include "session/lap_draft.h"
#include "session/logs.h"

namespace slipstream::session {

// The laps of one car as far as its log goes, in order, lap 1 first.
std::vector<LapDraft> draft_laps(const CarLog& car, const SessionLog& session);

// Milliseconds to add to the session times of each car's laps, zero or negative, so that the gaps at the line
// are those of the timing screen: messages of different cars lag by different times (L8). Cars that the
// screen gives no gap are left out, as are all where there are no gaps (practice, qualifying).
struct CarToAlign {
  const std::vector<LapDraft>* laps;
  const CarLog* log;
  optional<Int> shift_ms = {};  // the answer
};
void align_cars(std::span<CarToAlign> cars);

// Rows in order of lap_number. They count from 1 without gaps, but for laps that ended before the recording
// began or while it was interrupted: there F1's count in the snapshot leads on. `session_key` and `position`
// are not set yet. `shift_ms`: the car's of align_cars; nothing where cars are not aligned.
std::vector<record::Lap> build_laps(std::vector<LapDraft> drafts, const CarLog& car,
                                    const SessionLog& session, optional<Int> shift_ms);

// Sets `position` of the laps of one number, one of each car: the rank by session_time_ms (L18). Races and
// sprints.
void rank_laps(std::span<record::Lap* const> laps);

// Number of the qualifying part, from 1, that runs at `session_time_ms`; nothing outside qualifying.
optional<Int> session_part_at(Int session_time_ms, const SessionLog& session);

}  // namespace slipstream::session
