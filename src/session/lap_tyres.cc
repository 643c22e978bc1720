// Tyres of every lap, from the stint messages of TimingAppData.
//
// F1's stint counter goes up on every drive through the pit lane, runs ahead or jumps to and fro (L15), and a
// compound may come late or be corrected (L16). So a car can be at most one stint further than it has been in
// the pits, and a stint's values are those that it had last, valid from its first message on.
#include <algorithm>
#include <map>

#include "session/lap_details.h"

namespace slipstream::session {
namespace {

using record::Lap;

struct Stint {
  Int first_message_ms = 0;
  optional<std::string> compound;
  optional<bool> is_fresh;
  optional<Int> start_laps;
};

std::vector<Stint> stints_of(const CarLog& car) {
  std::map<Int, Stint> by_index;
  for (const StintEvent& event : car.stints) {
    const auto [stint, is_new] = by_index.try_emplace(event.stint_index);
    if (is_new) stint->second.first_message_ms = event.session_time_ms;
    const bool says_compound = event.compound && !event.compound->empty();
    if (says_compound && !(event.compound == "UNKNOWN" && stint->second.compound)) {
      stint->second.compound = event.compound;
    }
    if (event.is_fresh) stint->second.is_fresh = event.is_fresh;
    if (event.start_laps) stint->second.start_laps = event.start_laps;
  }
  std::vector<Stint> stints;
  for (auto& [index, stint] : by_index) stints.push_back(std::move(stint));
  return stints;
}

}  // namespace

void set_tyres(std::vector<Lap>& laps, const CarLog& car) {
  const std::vector<Stint> stints = stints_of(car);
  optional<std::size_t> current;
  std::size_t allowed = 1;  // stints that the car can have begun: one more than its stops so far
  Int laps_in_stint = 0;
  for (Lap& lap : laps) {
    const optional<std::size_t> before = current;
    for (std::size_t i = current.value_or(0); i < stints.size() && i < allowed; ++i) {
      if (lap.session_time_ms && stints[i].first_message_ms <= *lap.session_time_ms) current = i;
    }
    if (lap.pit_in_time_ms) ++allowed;
    if (current != before) laps_in_stint = 0;
    ++laps_in_stint;
    lap.driver_stint = static_cast<Int>(current.value_or(0)) + 1;
    if (!current) continue;
    const Stint& stint = stints[*current];
    lap.tyre_compound = stint.compound;
    lap.is_fresh_tyre = stint.is_fresh;
    if (stint.start_laps) lap.tyre_life_laps = *stint.start_laps + laps_in_stint;
  }
}

}  // namespace slipstream::session
