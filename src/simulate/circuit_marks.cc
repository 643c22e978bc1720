#include "simulate/circuit_marks.h"

#include <array>
#include <cmath>
#include <string_view>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

constexpr double corner_curvature = 1 / 330.0;  // straighter is no corner
constexpr double lane_before_line_m = 150, first_box_behind_line_m = 30;

constexpr std::array<std::string_view, 24> names = {
    "Aldermoor", "Brackenfell", "Calverra",   "Dunmere",   "Estrellon", "Fennmark", "Galdeny",   "Harrowgate",
    "Isolara",   "Jorvenna",    "Kestrelow",  "Lindholme", "Montelva",  "Norrvika", "Ostramare", "Perrault",
    "Quintara",  "Rosenlund",   "Salvatella", "Tarnbeck",  "Umbrosa",   "Valdoro",  "Westerlyn", "Ysselmond"};

void find_corners(Circuit& circuit) {
  const auto& points = circuit.points;
  std::size_t apex = 0;
  bool is_inside = false;
  const auto close = [&] {
    if (!is_inside) return;
    is_inside = false;
    record::Corner corner;
    corner.corner_number = static_cast<record::Int>(circuit.corners.size() + 1);
    corner.distance_m = static_cast<double>(apex) * circuit.spacing_m;
    corner.x_dm = static_cast<record::Int>(rounded(points[apex].x_m * 10));
    corner.y_dm = static_cast<record::Int>(rounded(points[apex].y_m * 10));
    circuit.corners.push_back(corner);
  };
  for (std::size_t n = 0; n < points.size(); ++n) {
    const double bend = points[n].curvature_per_m;
    if (std::abs(bend) < corner_curvature || (is_inside && bend * points[apex].curvature_per_m < 0)) close();
    if (std::abs(bend) < corner_curvature) continue;
    if (!is_inside || std::abs(bend) > std::abs(points[apex].curvature_per_m)) apex = n;
    is_inside = true;
  }
  close();
}

void cut_sectors(Circuit& circuit, Random& random) {
  circuit.sector_ends_m[0] = circuit.length_m * random.between(0.28, 0.36);
  circuit.sector_ends_m[1] = circuit.length_m * random.between(0.62, 0.70);
  circuit.sector_ends_m[2] = circuit.length_m;
  for (int sector = 0; sector < 3; ++sector) {
    const double from = sector == 0 ? 0 : circuit.sector_ends_m[sector - 1],
                 to = circuit.sector_ends_m[sector];
    const int count = random.between(6, 9);
    for (int n = 1; n < count; ++n)
      circuit.mini_sector_ends_m[sector].push_back(mixed(from, to, 1.0 * n / count));
    circuit.mini_sector_ends_m[sector].push_back(to);
  }
  const int marshals = random.between(15, 24);
  for (int n = 0; n < marshals; ++n) {
    circuit.marshal_sector_starts_m.push_back(circuit.length_m * n / marshals);
  }
}

// The speed trap: at the end of the longest way without a corner.
double end_of_longest_straight_m(const Circuit& circuit) {
  double longest = 0, end = circuit.length_m / 2, last = 0;
  for (const record::Corner& corner : circuit.corners) {
    if (corner.distance_m - last > longest) {
      longest = corner.distance_m - last;
      end = corner.distance_m;
    }
    last = corner.distance_m;
  }
  return std::max(50.0, end - 160);
}

void lay_pit_lane(Circuit& circuit, Random& random, int cars) {
  auto& lane = circuit.pit_lane;
  lane.entry_m = circuit.length_m - lane_before_line_m;
  lane.line_m = lane_before_line_m;
  lane.first_box_m = lane.line_m + first_box_behind_line_m;
  lane.box_spacing_m = 8;
  const double boxes_m = lane.box_spacing_m * std::max(cars, 18);
  lane.length_m = lane.first_box_m + boxes_m + 70;
  lane.exit_m = lane.length_m - lane_before_line_m;
  lane.limit_from_m = 70;
  lane.limit_to_m = lane.length_m - 35;
  double turns = 0;  // the lane lies inside
  for (const Circuit::Point& point : circuit.points) turns += point.curvature_per_m;
  lane.side_m = (turns > 0 ? 1 : -1) * random.between(17.0, 22.0);
}

}  // namespace

void mark_circuit(Circuit& circuit, Random& random, int cars) {
  circuit.name = names[static_cast<std::size_t>(random.below(static_cast<int>(names.size())))];
  find_corners(circuit);
  cut_sectors(circuit, random);
  circuit.speed_trap_m = end_of_longest_straight_m(circuit);
  lay_pit_lane(circuit, random, cars);
}

double grid_slot_m(const Circuit& circuit, int slot) { return circuit.length_m - 2 - 8.0 * slot; }

}  // namespace slipstream::simulate
