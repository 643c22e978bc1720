#include "session/season_rules.h"

namespace slipstream::session {
namespace {

using record::Int;

constexpr double race_points[] = {25, 18, 15, 12, 10, 8, 6, 4, 2, 1};
constexpr double sprint_points_2021[] = {3, 2, 1};
constexpr double sprint_points[] = {8, 7, 6, 5, 4, 3, 2, 1};
// From 2022 on, of a race that was stopped under 25, 50, 75 % of its distance.
constexpr double under_25_points[] = {6, 4, 3, 2, 1};
constexpr double under_50_points[] = {13, 10, 8, 6, 5, 4, 3, 2, 1};
constexpr double under_75_points[] = {19, 14, 12, 10, 8, 6, 4, 3, 2, 1};

// Share of the distance that was driven; all of it where nobody stopped the race.
double share_of(const RaceDistance& distance) {
  if (!distance.is_stopped || !distance.laps_total || *distance.laps_total <= 0) return 1;
  return static_cast<double>(distance.laps_driven) / *distance.laps_total;
}

PointsTable reduced(Int season_year, double share) {
  if (season_year < 2022) return {race_points, PointsScale::reduced, 0.5};
  if (share < 0.25) return {under_25_points, PointsScale::reduced};
  if (share < 0.5) return {under_50_points, PointsScale::reduced};
  return {under_75_points, PointsScale::reduced};
}

}  // namespace

PointsTable points_table(Int season_year, bool is_sprint, const RaceDistance& distance) {
  const double share = share_of(distance);
  const bool is_too_short =
      distance.is_stopped && (season_year < 2022 ? distance.laps_driven : distance.green_laps) < 2;
  // Of seasons before no live timing is known, or no sprint was driven.
  if (is_too_short || season_year < (is_sprint ? 2021 : 2010)) return {{}, PointsScale::none};
  if (is_sprint && season_year > 2021) {
    if (share < 0.5) return {{}, PointsScale::none};
    return {sprint_points, PointsScale::full};
  }
  if (is_sprint) {
    if (share < 0.75) return {sprint_points_2021, PointsScale::reduced, 0.5};
    return {sprint_points_2021, PointsScale::full};
  }
  if (share < 0.75) return reduced(season_year, share);
  return {race_points, PointsScale::full};
}

bool has_fastest_lap_point(Int season_year, bool is_sprint, const RaceDistance& distance) {
  return !is_sprint && season_year >= 2019 && season_year <= 2024 && share_of(distance) >= 0.5;
}

Int classified_laps(Int winner_laps) { return winner_laps * 9 / 10; }

}  // namespace slipstream::session
