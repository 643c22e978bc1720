#include <algorithm>
#include <array>
#include <span>

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

// What of the race counts: of one that was stopped for good all until the leader's last lap but one before
// the lap in which it was stopped; who is behind drives on to the line, as behind a flag.
struct Counted {
  Int last_lap = never_ms;
  std::int32_t flag_ms = never_ms;
};

Counted counted_of(const World& world, const RaceOutcome& outcome) {
  Counted counted;
  if (!outcome.stopped_in_lap) return counted;
  counted.last_lap = std::max(0, *outcome.stopped_in_lap - 2);
  for (const record::Lap& lap : world.history.laps) {
    if (lap.lap_number == counted.last_lap && !lap.is_generated)
      counted.flag_ms = std::min(counted.flag_ms, *lap.session_time_ms);
  }
  return counted;
}

Line line_of(const World& world, const Car& car, const RaceOutcome& outcome, const Counted& counted) {
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
    const bool has_time = lap.lap_time_ms && !lap.is_deleted.value_or(false) && lap.lap_number > 1;
    if (has_time && (!row.best_lap_time_ms || *lap.lap_time_ms < *row.best_lap_time_ms)) {
      row.best_lap_time_ms = lap.lap_time_ms;
      row.best_lap_number = lap.lap_number;
    }
    if (lap.lap_number > counted.last_lap || line.last_line_ms >= counted.flag_ms) continue;
    row.laps_completed = *row.laps_completed + 1;
    if (lap.position == 1) row.laps_led = *row.laps_led + 1;
    line.last_line_ms = *lap.session_time_ms;
  }
  row.penalty_ms = car.penalty_s * 1000 + (car.drives_through ? 20'000 : 0);
  if (line.last_line_ms > 0) row.race_time_ms = line.last_line_ms - outcome.start_ms + *row.penalty_ms;
  row.is_dnf = car.retired_ms.has_value();
  return line;
}

// The points of one place after the other, and whether they are fewer than a whole race gives.
struct Points {
  std::span<const double> of_places;
  bool are_reduced = false;
};

// Of a race that was stopped: none if the winner drove fewer than two laps without a safety car.
Points points_of(const World& world, const RaceOutcome& outcome, Int winner_number) {
  const bool is_sprint = world.options().kind == Kind::sprint;
  const Points whole = {is_sprint ? std::span<const double>(sprint_points) : race_points};
  if (!outcome.stopped_in_lap) return whole;
  const auto green_laps = std::ranges::count_if(world.history.laps, [&](const record::Lap& lap) {
    return lap.driver_number == winner_number && !lap.is_generated &&
           lap.track_status->find_first_of("467") == std::string::npos;
  });
  const double share = static_cast<double>(*outcome.stopped_in_lap - 1) / world.total_laps;
  if (green_laps < 2 || (is_sprint && share < 0.5)) return {};
  if (is_sprint || share >= 0.75) return whole;
  if (share < 0.25) return {under_25_points, true};
  return {share < 0.5 ? std::span<const double>(under_50_points) : under_75_points, true};
}

void classify(const RaceOutcome& outcome, const Points& points, SessionResult& row, std::size_t place,
              const SessionResult& winner) {
  row.position = static_cast<Int>(place + 1);
  const Int winner_laps = *winner.laps_completed, laps = *row.laps_completed;
  const bool has_ninety = laps >= winner_laps * 9 / 10 && laps > 0;
  if (has_ninety) row.classified_position = std::to_string(place + 1);
  else if (laps == 0 && !row.is_dnf) row.classified_position = "W";
  else row.classified_position = row.is_dnf ? "R" : "N";
  row.status = row.is_dnf ? "Retired" : laps < winner_laps ? "Lapped" : "Finished";
  row.points = has_ninety && place < points.of_places.size() ? points.of_places[place] : 0.0;
  if (laps > 0) row.gap_laps = winner_laps - laps;
  if (winner_laps == laps && row.race_time_ms) row.gap_ms = *row.race_time_ms - *winner.race_time_ms;
  std::string basis = outcome.stopped_in_lap ? "countback,laps" : "laps";
  if (!has_ninety) basis += ",ninety_percent";
  if (*row.penalty_ms > 0) basis += ",penalty";
  basis += ",time";
  if (points.are_reduced) basis += ",reduced_points";
  row.basis = std::move(basis);
}

}  // namespace

void book_race_results(World& world, const RaceOutcome& outcome) {
  const Counted counted = counted_of(world, outcome);
  std::vector<Line> lines;
  lines.reserve(world.cars.size());
  for (const Car& car : world.cars) lines.push_back(line_of(world, car, outcome, counted));
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) {
    if (a.row.laps_completed != b.row.laps_completed) return *a.row.laps_completed > *b.row.laps_completed;
    if (!a.row.race_time_ms) return *a.row.grid_position < *b.row.grid_position;
    return *a.row.race_time_ms < *b.row.race_time_ms;
  });
  const SessionResult winner = lines.front().row;
  const Points points = points_of(world, outcome, winner.driver_number);
  for (std::size_t n = 0; n < lines.size(); ++n) classify(outcome, points, lines[n].row, n, winner);
  for (Line& line : lines) world.history.results.push_back(std::move(line.row));
  std::ranges::stable_sort(world.history.results, {}, &SessionResult::driver_number);
}

}  // namespace slipstream::simulate
