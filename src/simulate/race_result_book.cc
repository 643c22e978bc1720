#include <algorithm>
#include <array>

#include "simulate/result_book.h"

namespace slipstream::simulate {
namespace {

using record::Int;
using record::SessionResult;

constexpr std::array<double, 10> race_points = {25, 18, 15, 12, 10, 8, 6, 4, 2, 1};
constexpr std::array<double, 8> sprint_points = {8, 7, 6, 5, 4, 3, 2, 1};
constexpr std::array<double, 5> under_25_points = {6, 4, 3, 2, 1};
constexpr std::array<double, 9> under_50_points = {13, 10, 8, 6, 5, 4, 3, 2, 1};
constexpr std::array<double, 10> under_75_points = {19, 14, 12, 10, 8, 6, 4, 3, 2, 1};

struct Line {
  SessionResult row;
  Int last_line_ms = 0;
};

Line line_of(const World& world, const Car& car, const RaceOutcome& outcome) {
  Line line;
  SessionResult& row = line.row;
  const record::Driver& driver = world.history.drivers[static_cast<std::size_t>(car.index)];
  row.session_key = world.key();
  row.driver_number = car.number;
  row.driver_code = driver.driver_code;
  row.team_name = driver.team_name;
  row.grid_position = car.grid_slot;
  row.grid_source = "feed";
  row.laps_completed = row.laps_led = 0;
  for (const record::Lap& lap : world.history.laps) {
    if (lap.driver_number != car.number || lap.is_generated) continue;
    if (outcome.counted_laps && lap.lap_number > *outcome.counted_laps) continue;
    row.laps_completed = *row.laps_completed + 1;
    if (lap.position == 1) row.laps_led = *row.laps_led + 1;
    line.last_line_ms = *lap.session_time_ms;
    const bool counts = lap.lap_time_ms && !lap.is_deleted.value_or(false) && lap.lap_number > 1;
    if (counts && (!row.best_lap_time_ms || *lap.lap_time_ms < *row.best_lap_time_ms)) {
      row.best_lap_time_ms = lap.lap_time_ms;
      row.best_lap_number = lap.lap_number;
    }
  }
  row.penalty_ms = car.penalty_s * 1000 + (car.drives_through ? 20'000 : 0);
  if (line.last_line_ms > 0) row.race_time_ms = line.last_line_ms - outcome.start_ms + *row.penalty_ms;
  row.is_dnf = car.retired_ms.has_value();
  return line;
}

double points_of(const World& world, const RaceOutcome& outcome, std::size_t place, Int laps_driven) {
  const auto of = [&](const auto& table) { return place < table.size() ? table[place] : 0.0; };
  const double share = static_cast<double>(laps_driven) / world.total_laps;
  const bool is_full = !outcome.counted_laps || share >= 0.75;
  if (world.options().kind == Kind::sprint)
    return share >= 0.5 || !outcome.counted_laps ? of(sprint_points) : 0;
  if (is_full) return of(race_points);
  if (laps_driven < 2) return 0;
  if (share < 0.25) return of(under_25_points);
  return share < 0.5 ? of(under_50_points) : of(under_75_points);
}

void classify(const World& world, const RaceOutcome& outcome, SessionResult& row, std::size_t place,
              const SessionResult& winner) {
  row.position = static_cast<Int>(place + 1);
  const Int winner_laps = *winner.laps_completed, laps = *row.laps_completed;
  const bool has_ninety = laps >= winner_laps * 9 / 10 && laps > 0;
  if (has_ninety) row.classified_position = std::to_string(place + 1);
  else if (laps == 0 && !row.is_dnf) row.classified_position = "W";
  else row.classified_position = row.is_dnf ? "R" : "N";
  row.status = row.is_dnf ? "Retired" : laps < winner_laps ? "Lapped" : "Finished";
  row.points = has_ninety ? points_of(world, outcome, place, winner_laps) : 0.0;
  row.gap_laps = winner_laps - laps;
  if (winner_laps == laps && row.race_time_ms) row.gap_ms = *row.race_time_ms - *winner.race_time_ms;
  std::string basis = outcome.counted_laps ? "countback,laps" : "laps";
  if (row.is_dnf) basis += ",ninety_percent";
  if (*row.penalty_ms > 0) basis += ",penalty";
  basis += ",time";
  row.basis = std::move(basis);
}

}  // namespace

void book_race_results(World& world, const RaceOutcome& outcome) {
  std::vector<Line> lines;
  lines.reserve(world.cars.size());
  for (const Car& car : world.cars) lines.push_back(line_of(world, car, outcome));
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) {
    if (a.row.laps_completed != b.row.laps_completed) return *a.row.laps_completed > *b.row.laps_completed;
    return a.row.race_time_ms.value_or(never_ms) < b.row.race_time_ms.value_or(never_ms);
  });
  for (std::size_t n = 0; n < lines.size(); ++n) classify(world, outcome, lines[n].row, n, lines[0].row);
  for (Line& line : lines) world.history.results.push_back(std::move(line.row));
  std::ranges::stable_sort(world.history.results, {}, &SessionResult::driver_number);
}

}  // namespace slipstream::simulate
