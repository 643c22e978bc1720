// Q1, Q2, Q3 and the single part of other sessions, as a pure function of the session's log (L19).
//
// F1 does not mark the parts cleanly. A part begins with the first "Started" after the flag of the part
// before; "Started" after a red flag goes on with it. The part's number comes from SessionData's
// QualifyingPart, from TimingData's SessionPart, or from the first best time that is named for it, whichever
// was sent; without any, parts are counted. A part that never starts has no row. Pure; safe from any thread.
#pragma once

#include <span>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

// At that time the feed spoke of qualifying part `part`, counted from 1.
struct PartHint {
  Int session_time_ms = 0;
  Int part = 0;
};

// Both lists in order of time. Rows in order of part_number; `session_key` is not set.
std::vector<record::SessionPart> build_parts(std::span<const StatusChange> status,
                                             std::span<const PartHint> hints, bool is_qualifying);

}  // namespace slipstream::session
