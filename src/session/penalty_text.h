// What the stewards say in race control's messages.
//
// Source: the messages of fourteen sessions, 2020-2026; of penalties that are in none of them (drive through,
// stop and go, grid, disqualification) the wording of F1's documents. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

struct StewardsNote {
  enum class Step { noted, investigated, dropped, imposed, served, rescinded };
  Step step = Step::noted;
  std::vector<Int> cars;       // never empty
  std::string place;           // "TURN 12", "LAP 1 TURN 1", "PIT LANE", "Q1"; empty where none is named
  std::string reason;          // "IMPEDING"; empty where none is given
  optional<std::string> kind;  // of a penalty: as record::Penalty::kind
  optional<Int> seconds;
  bool is_correction =
      false;                 // "CORRECTION: ...", "FIA STEWARDS: UPDATE: ...": of what was said of these cars
  bool is_deferred = false;  // "WILL BE INVESTIGATED AFTER THE RACE"
};

// "TURN 12 INCIDENT INVOLVING CARS 18 (STR) AND 16 (LEC) NOTED - IMPEDING", "FIA STEWARDS: 5 SECOND TIME
// PENALTY FOR CAR 12 (ANT) - TRACK LIMITS", "FIA STEWARDS: PENALTY SERVED - ...", "BLACK AND WHITE FLAG FOR
// CAR 12 (ANT) - TRACK LIMITS" (a warning). Nothing for what is no stewards' business.
optional<StewardsNote> stewards_note_of(std::string_view message);

}  // namespace slipstream::session
