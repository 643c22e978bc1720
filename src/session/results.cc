#include "session/results.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "feed/parse.h"
#include "session/result_rows.h"
#include "session/season_rules.h"

namespace slipstream::session {
namespace {

using record::Lap;
using record::SessionResult;

constexpr Int never = std::numeric_limits<Int>::max();

// A car's best time, overall or of one part of a qualifying, and when it was set.
struct Best {
  Int time_ms = never;
  Int set_at_ms = never;
  auto operator<=>(const Best&) const = default;
};

// What the screen says is the car's best; F1 takes deleted laps out of it.
const JsonTree& line_of(const State& state, Int driver_number) {
  static const JsonTree none;
  const auto topic = state.topics.find("TimingData");
  return topic == state.topics.end() ? none : topic->second["Lines"][std::to_string(driver_number)];
}

Best best_of(const JsonTree& shown, const CarState& car, optional<Int> part) {
  Best best;
  const auto text = shown["Value"].filled_text();
  const auto time = text ? feed::parse_lap_time(*text) : tl::make_unexpected(Error{});
  if (!time) return best;
  best.time_ms = static_cast<Int>(time->count());
  for (const Lap& lap : car.laps) {
    const bool is_it =
        lap.lap_time_ms == best.time_ms && lap.session_time_ms && (!part || lap.session_part == part);
    if (is_it) best.set_at_ms = std::min(best.set_at_ms, *lap.session_time_ms);
  }
  return best;
}

optional<Int> time_of(const Best& best) {
  return best.time_ms == never ? std::nullopt : optional(best.time_ms);
}

struct Standing {
  const CarState* car;
  std::array<Best, 3> bests;  // of the parts, the one that counts most first; of practice the first alone
  Int parts_missed = 0;       // of a qualifying, because the car was knocked out
};

void sort(std::vector<Standing>& standings) {
  std::ranges::stable_sort(standings, {},
                           [](const Standing& of) { return std::pair(of.parts_missed, of.bests); });
}

SessionResult row_of(const Standing& standing, Int position) {
  SessionResult row;
  fill_car(*standing.car, row);
  row.position = position;
  row.classified_position = std::to_string(position);
  return row;
}

void set_gap(optional<Int> time_ms, optional<Int> best_ms, SessionResult& row) {
  if (time_ms && best_ms) row.gap_ms = *time_ms - *best_ms;
}

// The bests of a qualifying, Q3 first. The screen has once shown a car that was out with its time of the part
// before as that of the next one (Mexico City 2025, car 5, for 47 ms, and the time stayed): a time that no
// lap of its part has, and the part before has too, is none.
std::array<Best, 3> bests_of_parts(const JsonTree& shown, const CarState& car) {
  std::array<Best, 3> bests = {best_of(shown[2], car, 3), best_of(shown[1], car, 2),
                               best_of(shown[0], car, 1)};
  for (std::size_t i = 0; i < 2; ++i) {
    const bool is_carried_over = bests[i].set_at_ms == never && bests[i].time_ms == bests[i + 1].time_ms;
    if (is_carried_over) bests[i] = {};
  }
  return bests;
}

// A car may be in a part and set no time: the screen's first places, as many as the part has entries, are in
// it. Who has a time of a part was in it, whatever the screen says.
Int parts_missed(const JsonTree& timing, const JsonTree& line, const std::array<Best, 3>& bests) {
  const Int parts = std::clamp(timing["SessionPart"].integer().value_or(1), 1, 3);
  const auto place = line["Line"].integer();
  for (Int part = parts; part > 1; --part) {
    const auto entries = timing["NoEntries"][static_cast<std::size_t>(part - 1)].integer();
    const bool is_in = place && entries && *place <= *entries;
    if (is_in || bests[static_cast<std::size_t>(3 - part)].time_ms != never) return parts - part;
  }
  return parts - 1;
}

std::vector<SessionResult> qualifying_results(const State& state) {
  static const JsonTree none;
  const auto topic = state.topics.find("TimingData");
  const JsonTree& timing = topic == state.topics.end() ? none : topic->second;
  std::vector<Standing> standings;
  standings.reserve(state.cars.size());
  for (const auto& [number, car] : state.cars) {
    if (!car.is_taking_part) continue;
    const JsonTree& line = timing["Lines"][std::to_string(number)];
    const auto bests = bests_of_parts(line["BestLapTimes"], car);
    standings.push_back({&car, bests, parts_missed(timing, line, bests)});
  }
  sort(standings);
  std::vector<SessionResult> rows;
  rows.reserve(standings.size());
  for (const Standing& standing : standings) {
    SessionResult& row = rows.emplace_back(row_of(standing, static_cast<Int>(rows.size()) + 1));
    row.q3_ms = time_of(standing.bests[0]);
    row.q2_ms = time_of(standing.bests[1]);
    row.q1_ms = time_of(standing.bests[2]);
    row.basis = row.q3_ms ? "q3" : row.q2_ms ? "q2" : row.q1_ms ? "q1" : "no_time";
    const SessionResult& first = rows.front();
    if (row.q3_ms) set_gap(row.q3_ms, first.q3_ms, row);
    else if (!first.q3_ms && row.q2_ms) set_gap(row.q2_ms, first.q2_ms, row);
    else if (!first.q2_ms) set_gap(row.q1_ms, first.q1_ms, row);
  }
  return rows;
}

std::vector<SessionResult> practice_results(const State& state) {
  std::vector<Standing> standings;
  standings.reserve(state.cars.size());
  for (const auto& [number, car] : state.cars) {
    if (car.is_taking_part)
      standings.push_back({&car, {{best_of(line_of(state, number)["BestLapTime"], car, {})}}, 0});
  }
  sort(standings);
  std::vector<SessionResult> rows;
  rows.reserve(standings.size());
  for (const Standing& standing : standings) {
    SessionResult& row = rows.emplace_back(row_of(standing, static_cast<Int>(rows.size()) + 1));
    set_gap(time_of(standing.bests[0]), time_of(standings.front().bests[0]), row);
    row.basis = time_of(standing.bests[0]) ? "best_lap" : "no_time";
  }
  return rows;
}

// Points are given once the flag has fallen: until then the order is no result.
std::vector<SessionResult> screen_results(const State& state) {
  std::vector<const CarState*> cars;
  for (const auto& [number, car] : state.cars) {
    if (car.screen_line) cars.push_back(&car);
  }
  std::ranges::stable_sort(cars, {}, [](const CarState* car) { return *car->screen_line; });
  const bool is_over = std::ranges::find(state.log.session_status, "Finished", &StatusChange::status) !=
                       state.log.session_status.end();
  const PointsTable table = points_table(state.session.season_year.value_or(0),
                                         state.session.session_kind == "sprint", RaceDistance{});
  std::vector<SessionResult> rows;
  for (const CarState* car : cars) {
    SessionResult& row = rows.emplace_back();
    fill_car(*car, row);
    row.laps_completed.reset();
    row.position = static_cast<Int>(rows.size());
    const std::size_t place = rows.size() - 1;
    if (is_over) row.points = place < table.points.size() ? table.points[place] : 0.0;
    row.basis = "screen_order";
  }
  return rows;
}

}  // namespace

void fill_car(const CarState& car, SessionResult& row) {
  row.driver_number = car.log.driver_number;
  row.driver_code = car.log.driver_code;
  row.team_name = car.log.team_name;
  row.grid_position = car.grid_position;
  if (car.grid_position) row.grid_source = "timing_app_data";
  row.laps_completed = 0;
  for (const Lap& lap : car.laps) {
    if (lap.is_generated) continue;
    row.laps_completed = lap.lap_number;
    const bool is_timed = lap.lap_time_ms && lap.lap_time_source != "line";  // F1 gives the others no time
    const bool counts = is_timed && lap.is_deleted != true;
    if (!counts || (row.best_lap_time_ms && *row.best_lap_time_ms <= *lap.lap_time_ms)) continue;
    row.best_lap_time_ms = lap.lap_time_ms;
    row.best_lap_number = lap.lap_number;
  }
}

std::vector<SessionResult> build_results(const State& state) {
  if (state.log.is_race_like && !state.has_timing_change) return screen_results(state);
  if (state.log.is_race_like) return race_results(state);
  return state.log.is_qualifying ? qualifying_results(state) : practice_results(state);
}

void publish_results(const State& state, Publisher& publisher) {
  for (const SessionResult& row : build_results(state))
    publisher.results.publish(row, publisher.at_ms, *publisher.output);
}

}  // namespace slipstream::session
