// Who takes part: invented teams and drivers with their pace, and the session's own row. Pure; any thread.
#pragma once

#include <vector>

#include "record/rows.h"
#include "simulate/circuit.h"
#include "simulate/options.h"

namespace slipstream::simulate {

struct Entrant {
  record::Driver row;
  int team = 0;
  double pace = 1;       // share of the best car's speed
  double tyre_care = 1;  // below 1 is gentler
};

// From the day of a session to that of its weekend's race.
int days_to_race(Kind kind);
// Which race of its season the weekend has, from 1.
int round_number(const Options& options);

record::Session make_session(const Options& options, const Circuit& circuit);

// In order of car number. Of `line`, the order of the list, F1 makes the order of the teams.
std::vector<Entrant> make_entry_list(const Options& options, SessionKey key);

}  // namespace slipstream::simulate
