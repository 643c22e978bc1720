// A circuit to drive on: closed smooth centre line with width and elevation, corners, pit lane, sectors,
// mini-sectors, marshals' sectors, speed traps. Made from a seed or from a given outline. Metres; y is north,
// x is east. Pure values; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "record/rows.h"
#include "simulate/options.h"

namespace slipstream::simulate {

enum class Place : std::uint8_t;

struct Circuit {
  struct Spot {
    double x_m = 0, y_m = 0, z_m = 0;
  };
  struct Point {
    double x_m = 0, y_m = 0, z_m = 0;
    double curvature_per_m = 0;  // positive to the left
    double width_m = 12;
  };
  std::string name;  // invented
  double length_m = 0;
  double spacing_m = 0;                                   // between points, length_m / points.size()
  std::vector<Point> points;                              // points[0] on the start line
  std::array<double, 3> sector_ends_m = {};               // the third is length_m
  std::array<std::vector<double>, 3> mini_sector_ends_m;  // of each sector, the last is the sector's end
  std::vector<double> marshal_sector_starts_m;            // sector n begins at [n-1]
  double speed_trap_m = 0;
  std::vector<record::Corner> corners;
  // Pit lane: leaves the track at entry_m, joins it at exit_m behind the start line. It runs beside the
  // track, so that its metres are those of the centre line: lane distance d lies beside track distance
  // entry_m + d, and the timing line and the ends of mini-sectors cross it where they cross the track. All
  // boxes lie behind the timing line.
  struct PitLane {
    double entry_m = 0, exit_m = 0;  // of the track
    double length_m = 0;
    double limit_from_m = 0, limit_to_m = 0;  // of the lane: where its speed limit begins and ends
    double line_m = 0;                        // of the lane: where it passes the timing line
    double speed_limit_mps = 80.0 / 3.6;
    double side_m = 0;                          // offset of the lane from the centre line beside it, signed
    double first_box_m = 0, box_spacing_m = 8;  // of the lane: box of car n (place in History::cars)
  } pit_lane;

  // Where a car is in space. `distance_m` and `offset_m` as in CarState; `place` says of which way they are.
  Spot at(Place place, double distance_m, double offset_m) const;
  // Curvature at a distance of the track.
  double curvature_at(double distance_m) const;
};

// Errors: malformed, if the outline of the options is no circuit.
Result<Circuit> make_circuit(const Options& options);

}  // namespace slipstream::simulate
