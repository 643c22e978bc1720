// What race control's texts say beside the fields that F1 sends with them.
//
// Source: all messages of fourteen sessions, 2020-2026. Pure; safe from any thread.
#pragma once

#include <string_view>

#include "session/logs.h"

namespace slipstream::session {

// The one car that a text is about: "CAR 4 (NOR) TIME ...", "5 SECOND TIME PENALTY FOR CAR 5 (BOR) ...".
// Nothing if it names none or several ("INCIDENT INVOLVING CARS 1 (VER) AND 4 (NOR)").
optional<Int> car_of(std::string_view message);

// "CAR 5 (BOR) TIME 1:18.964 DELETED - reason", "CAR 43 (COL) LAP DELETED - reason" (no time then),
// "CAR 5 (BOR) TIME 1:18.964 REINSTATED" (L17).
optional<LapDeletion> deletion_of(std::string_view message, Int session_time_ms);

struct ModeChange {
  std::string_view mode;  // drs, overtake, low_grip, straight_mode
  bool is_on = false;
};
// "DRS ENABLED", "OVERTAKE DISABLED" (C7), "LOW GRIP CONDITIONS". Not "DRS DISABLED IN ZONE 1", which is not
// the whole track, nor "LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR".
optional<ModeChange> mode_change_of(std::string_view message);

}  // namespace slipstream::session
