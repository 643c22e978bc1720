#include "session/pit_lane.h"

#include <algorithm>
#include <cmath>

namespace slipstream::session {
namespace {

using std::optional;

constexpr double standing_ms = 1500;  // longer without a place: the car stood
constexpr double to_box_m = 20;  // a car leaves the lane for its place this far before, and comes back behind
constexpr double meeting_m = 8;  // from one drive to another
constexpr double aside_max_m = 8;
constexpr double stiffness = 0.5;
constexpr double lane_min_m = 100, lane_max_m = 1500;

using Drive = std::span<const TimedPlace>;

double driven_m(Drive drive) {
  double sum = 0;
  for (std::size_t i = 1; i < drive.size(); ++i) sum += distance_m(drive[i - 1].place, drive[i].place);
  return sum;
}

// Without the last `length_m` metres.
Drive without_end(Drive drive, double length_m) {
  double left = length_m;
  while (drive.size() > 1 && left > 0) {
    left -= distance_m(drive[drive.size() - 2].place, drive.back().place);
    drive = drive.first(drive.size() - 1);
  }
  return drive;
}

Drive without_beginning(Drive drive, double length_m) {
  double left = length_m;
  while (drive.size() > 1 && left > 0) {
    left -= distance_m(drive[0].place, drive[1].place);
    drive = drive.subspan(1);
  }
  return drive;
}

struct Drives {
  std::vector<Drive> in, out, through;
};

// A drive in ends where the car stands first, a drive out begins where it stands last.
void split(const PitPass& pass, Drives& drives) {
  const Drive all = pass.places;
  if (all.size() < 2) return;
  std::size_t first_stop = all.size(), last_start = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].time_ms - all[i - 1].time_ms <= standing_ms) continue;
    first_stop = std::min(first_stop, i);
    last_start = i;
  }
  if (last_start == 0) {
    if (pass.pit_in_ms) drives.through.push_back(all);
    return;
  }
  if (pass.pit_in_ms) drives.in.push_back(without_end(all.first(first_stop), to_box_m));
  drives.out.push_back(without_beginning(all.subspan(last_start), to_box_m));
}

void append(std::vector<Place>& places, Drive drive) {
  for (const TimedPlace& timed : drive) places.push_back(timed.place);
}

std::vector<Place> places_of(Drive drive) {
  std::vector<Place> places;
  append(places, drive);
  return places;
}

// The way in as far as it meets the way out, and that from there on. Empty if they do not meet.
std::vector<Place> joined(Drive in, Drive out) {
  if (in.size() < 2 || out.size() < 2) return {};
  const Path way_out = resampled(places_of(out), false, 2);
  for (std::size_t count = in.size(); count > 1; --count) {
    const Foot foot = foot_on(way_out, in[count - 1].place, 0, way_out.length_m);
    if (std::abs(foot.aside_m) > meeting_m || foot.distance_m <= 0) continue;
    std::vector<Place> places = places_of(in.first(count));
    double at_m = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (i > 0) at_m += distance_m(out[i - 1].place, out[i].place);
      if (at_m > foot.distance_m + to_box_m / 4) places.push_back(out[i].place);
    }
    return places;
  }
  return {};
}

// Some way through the whole lane.
std::vector<Place> whole_way(const Drives& drives) {
  if (!drives.through.empty()) return places_of(*std::ranges::min_element(drives.through, {}, driven_m));
  if (drives.in.empty() || drives.out.empty()) return {};
  return joined(*std::ranges::max_element(drives.in, {}, driven_m),
                *std::ranges::max_element(drives.out, {}, driven_m));
}

// Empty if it is too short or too long for a lane.
Path fit_through(const std::vector<Place>& places) {
  std::vector<PathSample> samples;
  double at_m = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0) at_m += distance_m(places[i - 1], places[i]);
    samples.push_back({at_m, places[i]});
  }
  if (at_m < lane_min_m || at_m > 2 * lane_max_m) return {};
  return fit_path(samples, at_m, false, stiffness);
}

// The path from `from_m` to `to_m`.
Path part_of(const Path& path, double from_m, double to_m) {
  constexpr double fine_m = 1;
  std::vector<Place> places;
  for (double at_m = from_m; at_m < to_m; at_m += fine_m) places.push_back(path.at(at_m));
  places.push_back(path.at(to_m));
  return resampled(places, false, path.step_m());
}

}  // namespace

optional<Path> pit_lane_of(std::span<const PitPass> passes) {
  Drives drives;
  for (const PitPass& pass : passes) split(pass, drives);
  const std::vector<Place> way = whole_way(drives);
  if (way.size() < 4) return std::nullopt;
  Path lane = fit_through(way);
  if (lane.points.empty()) return std::nullopt;
  std::vector<PathSample> samples;
  std::vector<double> entries, exits;
  for (const PitPass& pass : passes) {
    const auto distances = follow(lane, pass.places, 0, lane.length_m, aside_max_m);
    for (std::size_t i = 0; i < distances.size(); ++i) {
      if (distances[i]) samples.push_back({*distances[i], pass.places[i].place});
    }
    if (pass.pit_in_ms) {
      if (const auto entry_m = distance_at(pass.places, distances, *pass.pit_in_ms))
        entries.push_back(*entry_m);
    }
    if (const auto exit_m = distance_at(pass.places, distances, pass.pit_out_ms)) exits.push_back(*exit_m);
  }
  if (entries.empty() || exits.empty()) return std::nullopt;
  const double entry_m = median(entries), exit_m = median(exits);
  if (exit_m - entry_m < lane_min_m || exit_m - entry_m > lane_max_m) return std::nullopt;
  const double length_m = lane.length_m;
  lane = fit_path(samples, length_m, false, stiffness);
  const double scale = lane.length_m / length_m;
  return part_of(lane, entry_m * scale, exit_m * scale);
}

}  // namespace slipstream::session
