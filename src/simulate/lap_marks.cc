// What of a lap is known only when the session is over (lap_book.h).
#include <algorithm>
#include <map>
#include <numeric>
#include <span>

#include "simulate/lap_book.h"
#include "simulate/race_order.h"

namespace slipstream::simulate {
namespace {

using record::Int;
using record::Lap;

// Every status that held during the lap, once, in order; the track is clear before the first message.
std::string status_during(const World& world, Int from_ms, Int to_ms) {
  std::string seen;
  std::string now = "1";
  const auto note = [&] {
    if (seen.find(now) == std::string::npos) seen += now;
  };
  for (const record::TrackStatus& status : world.history.track_status) {
    if (status.session_time_ms > to_ms) break;
    if (status.session_time_ms > from_ms) note();
    now = *status.status;
  }
  note();
  return seen;
}

bool is_accurate(const Lap& lap) {
  const bool is_clear = lap.track_status == "1" || lap.track_status == "2" || lap.track_status == "12" ||
                        lap.track_status == "21";
  return !lap.pit_in_time_ms && !lap.pit_out_time_ms && !lap.is_generated && is_clear && lap.lap_time_ms;
}

std::string kind_of(const World& world, const Lap& lap, Int best_ms) {
  if (lap.pit_out_time_ms && lap.pit_in_time_ms) return "out_in";
  if (lap.pit_in_time_ms) return "in";
  if (world.is_race() && lap.lap_number == 1) return "start";
  const bool had_red = lap.track_status->find('5') != std::string::npos;
  if (world.is_race() && lap.pit_out_time_ms && had_red) return "restart";
  if (lap.pit_out_time_ms) return "out";
  if (world.is_race()) return "race";
  return lap.lap_time_ms && *lap.lap_time_ms * 100LL <= best_ms * 107LL ? "push" : "slow";
}

std::vector<int> grid_of(const World& world) {
  std::vector<int> grid(world.cars.size());
  std::iota(grid.begin(), grid.end(), 0);
  std::ranges::sort(grid, {}, [&](int car) { return world.cars[static_cast<std::size_t>(car)].grid_slot; });
  return grid;
}

// Rank at the line among the laps of a number, and what the screen shows there.
void set_places(World& world) {
  std::map<std::pair<Int, Int>, Lap*> laps;
  for (Lap& lap : world.history.laps) {
    if (!lap.is_generated) laps[{lap.driver_number, lap.lap_number}] = &lap;
  }
  std::map<Int, Int> ended;  // laps of each number
  RaceOrder race(world.history, grid_of(world));
  while (race.next()) {
    for (const Passing& passing : race.passed()) {
      const Car& car = world.cars[static_cast<std::size_t>(passing.car)];
      const auto lap = laps.find({car.number, passing.crossing->lap_number});
      const bool is_line = passing.crossing->sector_number == 3 && passing.crossing->ends_sector;
      if (!is_line || lap == laps.end()) continue;
      lap->second->position = lap->second->timing_position = ++ended[lap->second->lap_number];
      const auto to_leader = race.gap_to_leader(passing.car), to_ahead = race.gap_to_ahead(passing.car);
      if (to_leader && to_leader->laps == 0) lap->second->gap_ms = to_leader->ms;
      if (to_ahead && to_ahead->laps == 0) lap->second->interval_ms = to_ahead->ms;
    }
  }
}

// Who comes out behind a red flag has stood in the pits since the lap before ended: its lap begins as it
// leaves them, in a race, if it has no time, as the race goes on.
void begin_behind_red_flags(World& world) {
  bool is_stopped = false;
  for (const record::SessionStatus& status : world.history.session_status) {
    const bool goes_on = is_stopped && status.status == "Started";
    if (status.status == "Aborted") is_stopped = true;
    else if (status.status == "Started") is_stopped = false;
    if (!goes_on) continue;
    for (const Car& car : world.cars) {
      const auto first = std::ranges::find_if(world.history.laps, [&](const Lap& lap) {
        return lap.driver_number == car.number && lap.pit_out_time_ms > status.session_time_ms;
      });
      if (first == world.history.laps.end() || (world.is_race() && first->lap_time_ms)) continue;
      first->lap_start_session_time_ms = world.is_race() ? status.session_time_ms : first->pit_out_time_ms;
      first->lap_start_date = world.date(*first->lap_start_session_time_ms);
    }
  }
}

bool is_deleted(const World& world, const Lap& lap, Int at_ms) {
  bool is_deleted = false;
  for (const History::LapRuling& ruling : world.history.lap_rulings) {
    const bool is_of_lap = ruling.driver_number == lap.driver_number && ruling.lap_number == lap.lap_number;
    if (is_of_lap && ruling.session_time_ms <= at_ms) is_deleted = ruling.is_deletion;
  }
  return is_deleted;
}

// A personal best was at some time the best of the car's laps that counted then, in its part of a
// qualifying, and counts still. The first lap of a race is none.
void mark_bests(const World& world, std::span<Lap> laps) {
  std::vector<Int> moments;
  for (const Lap& lap : laps) moments.push_back(*lap.session_time_ms);
  for (const History::LapRuling& ruling : world.history.lap_rulings) {
    if (ruling.driver_number == laps.front().driver_number) moments.push_back(ruling.session_time_ms);
  }
  for (const Int at_ms : moments) {
    std::map<Int, Lap*> bests;  // by part
    for (Lap& lap : laps) {
      const bool is_timed = lap.lap_time_ms && !(world.is_race() && lap.lap_number == 1);
      if (!is_timed || *lap.session_time_ms > at_ms || is_deleted(world, lap, at_ms)) continue;
      Lap*& best = bests[lap.session_part.value_or(0)];
      if (best == nullptr || *lap.lap_time_ms < *best->lap_time_ms) best = &lap;
    }
    for (const auto& [part, best] : bests) best->is_personal_best = !*best->is_deleted;
  }
}

void mark_laps(World& world) {
  auto& laps = world.history.laps;
  for (std::size_t from = 0, to = 0; from < laps.size(); from = to) {
    while (to < laps.size() && laps[to].driver_number == laps[from].driver_number) ++to;
    const std::span<Lap> of_car = std::span(laps).subspan(from, to - from);
    Int best_ms = never_ms;
    for (const Lap& lap : of_car) best_ms = std::min(best_ms, lap.lap_time_ms.value_or(never_ms));
    for (Lap& lap : of_car) {
      lap.track_status = status_during(world, *lap.lap_start_session_time_ms, *lap.session_time_ms);
      lap.lap_kind = kind_of(world, lap, best_ms);
      lap.is_accurate = is_accurate(lap);
    }
    mark_bests(world, of_car);
  }
}

}  // namespace

void close_lap_book(World& world) {
  History& history = world.history;
  for (Car& car : world.cars) fit_tyres(world, car, car.tyres);  // closes the stint that runs
  const auto by_key = [](const auto& row) { return std::pair(row.driver_number, row.lap_number); };
  std::ranges::stable_sort(history.laps, {}, by_key);
  std::ranges::stable_sort(history.stints, {},
                           [](const auto& row) { return std::pair(row.driver_number, row.stint_number); });
  std::ranges::stable_sort(history.pit_stops, {},
                           [](const auto& row) { return std::pair(row.driver_number, row.stop_number); });
  if (world.is_race()) set_places(world);
  begin_behind_red_flags(world);
  mark_laps(world);
}

}  // namespace slipstream::simulate
