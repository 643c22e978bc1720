// What of a lap is known only when the session is over (lap_book.h).
#include <algorithm>
#include <map>

#include "simulate/lap_book.h"

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

// Rank and gaps at the line among the laps of a number.
void set_places(World& world) {
  std::map<Int, std::vector<Lap*>> of_number;
  for (Lap& lap : world.history.laps) {
    if (!lap.is_generated) of_number[lap.lap_number].push_back(&lap);
  }
  for (auto& [number, laps] : of_number) {
    std::ranges::stable_sort(laps, {}, [](const Lap* lap) { return *lap->session_time_ms; });
    const auto next = of_number.find(number + 1);
    std::optional<Int> leader_next_ms;
    if (next != of_number.end()) {
      const auto* first =
          *std::ranges::min_element(next->second, {}, [](const Lap* lap) { return *lap->session_time_ms; });
      leader_next_ms = *first->session_time_ms;
    }
    for (std::size_t n = 0; n < laps.size(); ++n) {
      laps[n]->position = laps[n]->timing_position = static_cast<Int>(n + 1);
      const bool is_lapped = leader_next_ms && *laps[n]->session_time_ms > *leader_next_ms;
      if (n == 0) continue;
      if (!is_lapped) laps[n]->gap_ms = *laps[n]->session_time_ms - *laps[0]->session_time_ms;
      laps[n]->interval_ms = *laps[n]->session_time_ms - *laps[n - 1]->session_time_ms;
    }
  }
}

void mark_laps(World& world) {
  auto& laps = world.history.laps;
  for (std::size_t from = 0; from < laps.size();) {
    std::size_t to = from;
    std::optional<Int> best, best_of_part;
    int part = -1;
    while (to < laps.size() && laps[to].driver_number == laps[from].driver_number) ++to;
    for (std::size_t n = from; n < to; ++n) {
      Lap& lap = laps[n];
      lap.track_status = status_during(world, *lap.lap_start_session_time_ms, *lap.session_time_ms);
      if (lap.session_part.value_or(0) != part)
        best_of_part = std::nullopt, part = lap.session_part.value_or(0);
      if (!lap.lap_time_ms) continue;
      if (!best || *lap.lap_time_ms < *best) best = lap.lap_time_ms;
      const bool is_first_of_race = world.is_race() && lap.lap_number == 1;
      if (*lap.is_deleted || is_first_of_race) continue;
      if (!best_of_part || *lap.lap_time_ms < *best_of_part) {
        lap.is_personal_best = true;
        best_of_part = lap.lap_time_ms;
      }
    }
    for (std::size_t n = from; n < to; ++n) {
      laps[n].lap_kind = kind_of(world, laps[n], best.value_or(0));
      laps[n].is_accurate = is_accurate(laps[n]);
    }
    from = to;
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
  mark_laps(world);
}

}  // namespace slipstream::simulate
