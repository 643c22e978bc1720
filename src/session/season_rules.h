// Points and distances as the seasons' Sporting Regulations have them.
//
// Sources: the articles "Points", "Classification" and "Resuming a sprint session or race" of the FIA Formula
// 1 Sporting Regulations, 2010 to 2025, by title, because their numbers move: in 2021 points of a race that
// is not resumed are article 6.5, counting it back is 51.14. Pure; safe from any thread.
#pragma once

#include <optional>
#include <span>

#include "record/rows.h"

namespace slipstream::session {

struct RaceDistance {
  record::Int laps_driven = 0;            // by the leader, also those that are counted back
  std::optional<record::Int> laps_total;  // as planned
  bool is_stopped = false;                // suspended and not resumed
  record::Int green_laps = 0;             // of laps_driven, those without a safety car, real or virtual
};

enum class PointsScale { full, reduced, none };

// Points for the first, the second, ... A race that was stopped early gives fewer: until 2021 half of them
// under 75 % of the distance, and none for fewer than two laps (Spa 2021 drove two to the line, and gave
// half); from 2022 on by a table for under 25, 50 and 75 %, and none for fewer than two laps without a safety
// car. Sprints give points since 2021: then as races, later under half of the distance none.
struct PointsTable {
  std::span<const double> points;
  PointsScale scale = PointsScale::full;
  double factor = 1;  // of every place
};
PointsTable points_table(record::Int season_year, bool is_sprint, const RaceDistance& distance);

// 2019 to 2024: a point for the fastest lap, if its driver is among the first ten and half the distance was
// driven.
bool has_fastest_lap_point(record::Int season_year, bool is_sprint, const RaceDistance& distance);

// 90 % of the winner's laps, rounded down: who has fewer is not classified.
record::Int classified_laps(record::Int winner_laps);

}  // namespace slipstream::session
