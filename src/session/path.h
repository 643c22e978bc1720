// A way along the ground, of points at even steps, and how one is made of many cars' positions.
//
// Distances are metres along the way, in the plane (height does not count); coordinates are F1's, in 1/10 m.
// A ring has no first point again at its end. Pure values; safe from any thread.
#pragma once

#include <span>
#include <vector>

namespace slipstream::session {

struct Place {
  double x_dm = 0, y_dm = 0, z_dm = 0;
};

// Metres, in the plane.
double distance_m(const Place& a, const Place& b);
Place between(const Place& a, const Place& b, double part);

struct Path {
  bool is_ring = false;
  double length_m = 0;
  std::vector<Place> points;

  double step_m() const;
  // On a ring any distance is a place; else the ends are.
  Place at(double distance_m) const;
};

// The way through `places`, straight from each to the next, at steps of about `step_m`.
Path resampled(std::span<const Place> places, bool is_ring, double step_m);
// The same ring with its first point at `start_m`, in `count` points.
Path begun_at(const Path& ring, double start_m, std::size_t count);

struct Foot {
  double distance_m =
      0;               // along the path; as it was searched for, so a ring's may be below 0 or above length
  double aside_m = 0;  // how far away; positive to the left of the way
};

// The place on the path next to `place`, of those from `from_m` to `to_m`.
Foot foot_on(const Path& path, const Place& place, double from_m, double to_m);

// A position that was seen at about that distance.
struct PathSample {
  double distance_m = 0;
  Place place;
};

// The smooth curve next to the samples: a cubic B-spline with a knot every 8 m, least squares, in which
// samples far aside count for little (Cauchy), and where samples are missing the bend goes on. `stiffness` is
// what a change of the bend costs, in samples a knot. Samples in any order, all within 0 to length_m.
Path fit_path(std::span<const PathSample> samples, double length_m, bool is_ring, double stiffness);

}  // namespace slipstream::session
