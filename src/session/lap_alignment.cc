// Session times of different cars, made to agree.
//
// A message says when it was sent, not when the car crossed the line, and each car's messages lag by a time
// of its own. The screen's gap to the leader is measured at the line: where it differs from the difference of
// two cars' lap ends, one of them is late. Each car gets one shift for the whole session, from the first lap
// that it and the leader end without passing the pits.
#include <algorithm>
#include <cstdlib>

#include "session/laps.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;
using Cars = std::map<Int, const std::vector<LapDraft>*>;

// A state of the timing screen that names a gap, or came while one stood there.
struct Screen {
  Int session_time_ms, gap;
};

// Only what was sent counts: a gap that was cleared stays, as it does for FastF1.
std::vector<Screen> screens_of(const CarLog& car) {
  std::vector<Screen> screens;
  Int gap = CarEvent::cleared;
  Int message_number = -1;
  for (const CarEvent& event : car.events) {
    if (event.kind != Kind::position && event.kind != Kind::gap && event.kind != Kind::interval) continue;
    if (event.kind != Kind::position && event.value == CarEvent::cleared) continue;
    if (event.kind == Kind::gap) gap = event.value;
    if (event.message_number != message_number) screens.push_back({event.session_time_ms, gap});
    screens.back().gap = gap;
    message_number = event.message_number;
  }
  std::ranges::stable_sort(screens, {}, &Screen::session_time_ms);  // a recording's times step back
  return screens;
}

const LapDraft* lap_of(const std::vector<LapDraft>& laps, Int lap_number) {
  const auto lap = std::ranges::lower_bound(laps, lap_number, {}, &LapDraft::lap_number);
  if (lap == laps.end() || lap->lap_number != lap_number || !lap->end_ms || lap->is_generated) return nullptr;
  return &*lap;
}

// Shifts that one lap of all cars gives to those that have none yet.
void align_lap(const Cars& cars, Int lap_number, std::map<Int, Int>& shifts) {
  const LapDraft* leader_lap = nullptr;
  Int leader = 0;
  std::map<Int, const LapDraft*> followers;
  for (const auto& [number, laps] : cars) {
    const LapDraft* lap = lap_of(*laps, lap_number);
    if (!lap || lap->pit_in_ms || lap->pit_out_ms) continue;
    if (CarEvent::is_time(lap->leader_gap)) followers[number] = lap;
    if (lap->leader_gap != CarEvent::leads) continue;
    if (leader_lap && *leader_lap->end_ms <= *lap->end_ms) continue;  // it led before this one did
    leader_lap = lap;
    leader = number;
  }
  if (!leader_lap) return;
  const Int zero = shifts.try_emplace(leader, 0).first->second;
  for (const auto& [number, lap] : followers) {
    shifts.try_emplace(number, lap->leader_gap - (*lap->end_ms - *leader_lap->end_ms) + zero);
  }
}

}  // namespace

void set_leader_gaps(std::vector<LapDraft>& laps, const CarLog& car) {
  const std::vector<Screen> screens = screens_of(car);
  if (screens.empty()) return;
  for (LapDraft& lap : laps) {
    if (!lap.end_ms) continue;
    auto nearest = std::ranges::lower_bound(screens, *lap.end_ms, {}, &Screen::session_time_ms);
    if (nearest != screens.begin()) {
      const auto before = std::ranges::lower_bound(screens, std::prev(nearest)->session_time_ms, {},
                                                   &Screen::session_time_ms);
      const bool is_nearer = nearest == screens.end() ||
                             *lap.end_ms - before->session_time_ms <= nearest->session_time_ms - *lap.end_ms;
      if (is_nearer) nearest = before;
    }
    lap.leader_gap = nearest->gap;
  }
}

std::map<Int, Int> align_cars(const Cars& cars) {
  std::map<Int, Int> shifts;
  Int last = 0;
  for (const auto& [number, laps] : cars) last = std::max(last, laps->empty() ? 0 : laps->back().lap_number);
  for (Int lap_number = 1; lap_number <= last; ++lap_number) {
    const auto running = std::ranges::count_if(
        cars, [&](const auto& car) { return lap_of(*car.second, lap_number) != nullptr; });
    if (running == 0) continue;
    align_lap(cars, lap_number, shifts);
    if (static_cast<std::size_t>(running) <= shifts.size()) break;
  }
  // No message comes too early: if a car's laps seem so, the zero was late, and all move.
  Int latest = 0;
  for (const auto& [number, shift] : shifts) latest = std::max(latest, shift);
  for (auto& [number, shift] : shifts) shift -= latest;
  return shifts;
}

}  // namespace slipstream::session
