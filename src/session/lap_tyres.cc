// Tyres of every lap, from the stint messages of TimingAppData.
//
// F1's stint counter goes up on every drive through the pit lane, runs ahead or jumps to and fro (L15), and a
// compound may come late or be corrected (L16). So between two ends of in laps a car can be at most one stint
// further: what a message says of a later one is said of the one that runs, unless F1 counts laps in the
// latter (then the later is a set that lies ready). A stint's values are those that it had last, valid from
// its first message on.
#include <algorithm>
#include <limits>
#include <map>

#include "session/lap_details.h"

namespace slipstream::session {
namespace {

using record::Lap;

// Session time of what does not come to pass: a set that lay ready at the end.
constexpr Int never = std::numeric_limits<Int>::max();

struct Stint {
  Int first_message_ms = 0;
  optional<std::string> compound;
  optional<bool> is_fresh;
  optional<Int> start_laps;
  Int laps_before = 0;  // driven in it before its first message, where the recording began later
};

// The time between two ends of in laps, both included.
struct Bracket {
  Int from_ms, to_ms;
  bool has(const StintEvent& event) const {
    return event.session_time_ms >= from_ms && event.session_time_ms <= to_ms;
  }
};

// True if laps were driven before the recording began: its first messages are a snapshot that has stints
// which are over.
bool begins_late(const std::vector<StintEvent>& events, const std::vector<Lap>& laps) {
  return events.front().is_snapshot && !laps.empty() && laps.front().lap_number > 1;
}

std::vector<Bracket> brackets_of(const std::vector<Lap>& laps, const std::vector<StintEvent>& events) {
  std::vector<Bracket> brackets = {{std::numeric_limits<Int>::min(), never}};
  if (begins_late(events, laps) && laps.front().pit_out_time_ms) {  // it stood in its garage then
    brackets.back().to_ms = events.front().session_time_ms;
    brackets.push_back({events.front().session_time_ms, never});
  }
  for (const Lap& lap : laps) {
    if (!lap.pit_in_time_ms || !lap.session_time_ms) continue;
    brackets.back().to_ms = *lap.session_time_ms;
    brackets.push_back({*lap.session_time_ms, never});
  }
  return brackets;
}

// Where a race's tyre messages come late, all stints so far come in one: each is moved to where it began.
void spread_bunched(std::vector<StintEvent>& events, const std::vector<Bracket>& brackets,
                    const SessionLog& session) {
  const auto started = std::ranges::find(session.session_status, "Started", &StatusChange::status);
  if (!session.is_race_like || brackets.size() < 2 || started == session.session_status.end()) return;
  const Int first_ms = events.front().session_time_ms;
  if (first_ms < started->session_time_ms) return;
  for (StintEvent& event : events) {
    const auto index = static_cast<std::size_t>(event.stint_index);
    if (event.session_time_ms != first_ms || index == 0 || index >= brackets.size()) continue;
    event.session_time_ms = brackets[index].from_ms + 1;
  }
}

// True if F1 counts laps of an earlier stint behind `ahead` before the car stops again.
bool lies_ready(const std::vector<StintEvent>& events, const StintEvent& ahead, const Bracket& bracket) {
  return std::ranges::any_of(events, [&](const StintEvent& event) {
    return bracket.has(event) && event.session_time_ms > ahead.session_time_ms &&
           event.stint_index < ahead.stint_index && event.total_laps;
  });
}

// The stint that runs as a recording begins: where laps were driven before, the snapshot's last one.
Int first_running(const std::vector<StintEvent>& events, const std::vector<Lap>& laps, const Bracket& first) {
  Int running = 0;
  if (!begins_late(events, laps)) return running;
  for (const StintEvent& event : events) {
    if (!event.is_snapshot || event.session_time_ms != events.front().session_time_ms) break;
    if (!lies_ready(events, event, first)) running = std::max(running, event.stint_index);
  }
  return running;
}

// Gives messages of a stint that cannot have begun to the one that runs, or to the one that will. `running`:
// the one at the beginning.
void put_in_turn(std::vector<StintEvent>& events, const std::vector<Bracket>& brackets, Int running) {
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    bool is_named = false;
    for (StintEvent& event : events) {
      if (!brackets[i].has(event)) continue;
      if (event.stint_index > running && lies_ready(events, event, brackets[i])) {
        event.session_time_ms = i + 1 < brackets.size() ? brackets[i].to_ms + 1 : never;
        continue;
      }
      event.stint_index = std::min(event.stint_index, running);
      is_named = is_named || event.stint_index == running;
    }
    if (is_named) ++running;
  }
}

std::vector<Stint> stints_of(const std::vector<StintEvent>& events) {
  std::map<Int, Stint> by_index;
  for (const StintEvent& event : events) {
    if (event.session_time_ms == never) continue;
    const auto [stint, is_new] = by_index.try_emplace(event.stint_index);
    if (is_new) {
      stint->second.first_message_ms = event.session_time_ms;
      if (event.start_laps && event.total_laps) {
        stint->second.laps_before = std::max(0, *event.total_laps - *event.start_laps);
      }
    }
    const bool says_compound = event.compound && !event.compound->empty();
    if (says_compound && !(event.compound == "UNKNOWN" && stint->second.compound)) {
      stint->second.compound = event.compound;
    }
    if (event.is_fresh) stint->second.is_fresh = event.is_fresh;
    if (event.start_laps) stint->second.start_laps = event.start_laps;
  }
  std::vector<Stint> stints;
  stints.reserve(by_index.size());
  for (auto& [index, stint] : by_index) stints.push_back(std::move(stint));
  return stints;
}

// The stint that was the last to begin by the end of the lap.
optional<std::size_t> stint_at(const std::vector<Stint>& stints, optional<Int> lap_end_ms) {
  optional<std::size_t> last;
  for (std::size_t i = 0; i < stints.size(); ++i) {
    if (!lap_end_ms || stints[i].first_message_ms > *lap_end_ms) continue;
    if (!last || stints[i].first_message_ms >= stints[*last].first_message_ms) last = i;
  }
  return last;
}

}  // namespace

void set_tyres(std::vector<Lap>& laps, const CarLog& car, const SessionLog& session) {
  std::vector<Stint> stints;
  if (!car.stints.empty()) {
    std::vector<StintEvent> events = car.stints;
    const std::vector<Bracket> brackets = brackets_of(laps, events);
    if (!begins_late(events, laps)) spread_bunched(events, brackets, session);
    put_in_turn(events, brackets, first_running(events, laps, brackets.front()));
    stints = stints_of(events);
  }
  std::map<std::size_t, Int> laps_driven;
  for (Lap& lap : laps) {
    const optional<std::size_t> index = stint_at(stints, lap.session_time_ms);
    lap.driver_stint = static_cast<Int>(index.value_or(0)) + 1;
    if (!index) continue;
    const Stint& stint = stints[*index];
    lap.tyre_compound = stint.compound;
    lap.is_fresh_tyre = stint.is_fresh;
    const Int driven = ++laps_driven[*index];
    if (stint.start_laps) lap.tyre_life_laps = *stint.start_laps + stint.laps_before + driven;
  }
}

}  // namespace slipstream::session
