// Session times of different cars, made to agree.
//
// A message says when it was sent, not when the car crossed the line, and each car's messages lag by a time
// of its own. The screen's gap to the leader is measured at the line: where it differs from the difference of
// two cars' lap ends, one of them is late. Each car gets one shift for the whole session, from the first lap
// that it and the leader end without passing the pits.
#include <algorithm>
#include <cstdlib>
#include <limits>

#include "session/laps.h"

namespace slipstream::session {
namespace {

using Cars = std::span<CarToAlign>;

const LapDraft* lap_of(const std::vector<LapDraft>& laps, Int lap_number) {
  const auto lap = std::ranges::lower_bound(laps, lap_number, {}, &LapDraft::lap_number);
  if (lap == laps.end() || lap->lap_number != lap_number || !lap->end_ms || lap->is_generated) return nullptr;
  return &*lap;
}

// A lap that neither begins nor ends in the pits.
const LapDraft* running_lap_of(const CarToAlign& car, Int lap_number) {
  const LapDraft* lap = lap_of(*car.laps, lap_number);
  return lap && !lap->pit_in_ms && !lap->pit_out_ms ? lap : nullptr;
}

// The gap to the leader that was sent nearest to the end of a lap; `cleared` if there is none.
Int leader_gap_at(const CarLog& car, Int end_ms) {
  const std::vector<SentGap>& gaps = car.sent_gaps;
  if (gaps.empty()) return CarEvent::cleared;
  auto nearest = std::ranges::lower_bound(gaps, end_ms, {}, &SentGap::session_time_ms);
  if (nearest != gaps.begin()) {
    const Int last_ms = std::prev(nearest)->session_time_ms;
    const auto before = std::ranges::lower_bound(gaps, last_ms, {}, &SentGap::session_time_ms);
    const bool is_nearer = nearest == gaps.end() || end_ms - last_ms <= nearest->session_time_ms - end_ms;
    if (is_nearer) nearest = before;
  }
  return nearest->gap;
}

// When another car took the lead, after the leader ended a lap and before all others did: their gaps are to
// that car from then on.
Int lead_lost_at(Cars cars, const CarToAlign& leader, Int lap_number, Int leader_end_ms) {
  Int last_ms = leader_end_ms;
  for (const CarToAlign& car : cars) {
    if (const LapDraft* lap = running_lap_of(car, lap_number)) last_ms = std::max(last_ms, *lap->end_ms);
  }
  Int lost_ms = std::numeric_limits<Int>::max();
  for (const CarToAlign& car : cars) {
    if (car.log == leader.log) continue;
    const std::vector<SentGap>& gaps = car.log->sent_gaps;
    auto gap = std::ranges::upper_bound(gaps, leader_end_ms, {}, &SentGap::session_time_ms);
    for (; gap != gaps.end() && gap->session_time_ms <= last_ms; ++gap) {
      if (gap->gap == CarEvent::leads) lost_ms = std::min(lost_ms, gap->session_time_ms);
    }
  }
  return lost_ms;
}

// Shifts that one lap of all cars gives to those that have none yet.
void align_lap(Cars cars, Int lap_number) {
  optional<Int> leader_end_ms;
  CarToAlign* leader = nullptr;
  for (CarToAlign& car : cars) {
    const LapDraft* lap = running_lap_of(car, lap_number);
    if (!lap || leader_gap_at(*car.log, *lap->end_ms) != CarEvent::leads) continue;
    if (leader_end_ms && *leader_end_ms <= *lap->end_ms) continue;  // it led before this one did
    leader_end_ms = lap->end_ms;
    leader = &car;
  }
  if (!leader) return;
  if (!leader->shift_ms) leader->shift_ms = 0;
  const Int lead_lost_ms = lead_lost_at(cars, *leader, lap_number, *leader_end_ms);
  for (CarToAlign& car : cars) {
    const LapDraft* lap = car.shift_ms ? nullptr : running_lap_of(car, lap_number);
    if (!lap || *lap->end_ms >= lead_lost_ms) continue;
    const Int gap_ms = leader_gap_at(*car.log, *lap->end_ms);
    if (CarEvent::is_time(gap_ms))
      car.shift_ms = gap_ms - (*lap->end_ms - *leader_end_ms) + *leader->shift_ms;
  }
}

}  // namespace

void align_cars(Cars cars) {
  for (CarToAlign& car : cars) car.shift_ms.reset();
  if (std::ranges::none_of(cars, [](const CarToAlign& car) { return car.log->has_led; })) return;
  Int last = 0;
  for (const CarToAlign& car : cars) {
    if (!car.laps->empty()) last = std::max(last, car.laps->back().lap_number);
  }
  for (Int lap_number = 1; lap_number <= last; ++lap_number) {
    const auto running = std::ranges::count_if(
        cars, [&](const CarToAlign& car) { return lap_of(*car.laps, lap_number) != nullptr; });
    if (running == 0) continue;
    align_lap(cars, lap_number);
    const auto has_shift = [](const CarToAlign& car) { return car.shift_ms.has_value(); };
    if (running <= std::ranges::count_if(cars, has_shift)) break;
  }
  // No message comes too early: if a car's laps seem so, the zero was late, and all move.
  Int latest = 0;
  for (const CarToAlign& car : cars) latest = std::max(latest, car.shift_ms.value_or(0));
  for (CarToAlign& car : cars) {
    if (car.shift_ms) *car.shift_ms -= latest;
  }
}

}  // namespace slipstream::session
