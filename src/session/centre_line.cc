#include "session/centre_line.h"

#include <algorithm>
#include <cmath>

namespace slipstream::session {
namespace {

using std::optional;

constexpr double gap_ms = 1500;
constexpr double fastest_m_per_ms = 0.105;  // 378 km/h
constexpr double length_min_m = 1000, length_max_m = 30'000;
constexpr double aside_max_m = 12;  // half a wide track
constexpr double near_line_m = 300;
// One lap has a sample in 15 m; its curve has to keep to them. Many laps have dozens a knot.
constexpr double stiffness_alone = 0.05, stiffness_of_many = 0.5;

// Places strictly within the lap.
std::span<const TimedPlace> places_within(const DrivenLap& lap) {
  const auto first = std::ranges::upper_bound(lap.places, lap.start_ms, {}, &TimedPlace::time_ms);
  const auto last = std::ranges::lower_bound(lap.places, lap.end_ms, {}, &TimedPlace::time_ms);
  return {first, std::max(first, last)};
}

// The longest time without a place, from the last one before the lap to the first one behind it.
double longest_gap_ms(const DrivenLap& lap) {
  if (lap.places.empty() || lap.places.front().time_ms > lap.start_ms ||
      lap.places.back().time_ms < lap.end_ms)
    return lap.end_ms - lap.start_ms;
  double longest = 0;
  for (std::size_t i = 1; i < lap.places.size(); ++i) {
    longest = std::max(longest, lap.places[i].time_ms - lap.places[i - 1].time_ms);
  }
  return longest;
}

// One lap as a ring: its end is cut where it comes to its beginning again.
Path ring_of(const DrivenLap& lap) {
  std::vector<Place> places;
  for (const TimedPlace& timed : places_within(lap)) places.push_back(timed.place);
  if (places.size() < 3) return {};
  const Place first = places.front(), second = places[1];
  const auto is_past_first = [&](const Place& place) {
    const double along = (place.x_dm - first.x_dm) * (second.x_dm - first.x_dm) +
                         (place.y_dm - first.y_dm) * (second.y_dm - first.y_dm);
    return along >= 0 && distance_m(place, first) < near_line_m;
  };
  while (places.size() > 3 && is_past_first(places.back())) places.pop_back();
  std::vector<PathSample> samples;
  double at_m = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0) at_m += distance_m(places[i - 1], places[i]);
    samples.push_back({at_m, places[i]});
  }
  const double length_m = at_m + distance_m(places.back(), places.front());
  if (length_m < length_min_m || length_m > length_max_m) return {};
  return fit_path(samples, length_m, true, stiffness_alone);
}

struct FollowedLap {
  const DrivenLap* lap;
  std::vector<optional<double>> distances;

  optional<double> at(optional<double> time_ms) const {
    return time_ms ? distance_at(lap->places, distances, *time_ms) : std::nullopt;
  }
};

// The laps that keep to the path from its beginning to its end.
std::vector<FollowedLap> follow_all(const Path& path, std::span<const DrivenLap> laps) {
  std::vector<FollowedLap> followed;
  for (const DrivenLap& lap : laps) {
    FollowedLap one{&lap, follow(path, lap.places, -near_line_m, near_line_m, aside_max_m)};
    const auto start_m = one.at(lap.start_ms), end_m = one.at(lap.end_ms);
    const bool is_whole = start_m && end_m && std::abs(*end_m - *start_m - path.length_m) < near_line_m;
    if (is_whole) followed.push_back(std::move(one));
  }
  return followed;
}

Path fit_all(const Path& path, std::span<const FollowedLap> laps) {
  std::vector<PathSample> samples;
  for (const FollowedLap& one : laps) {
    for (std::size_t i = 0; i < one.distances.size(); ++i) {
      if (!one.distances[i]) continue;
      const double rounds = std::floor(*one.distances[i] / path.length_m);
      samples.push_back({*one.distances[i] - rounds * path.length_m, one.lap->places[i].place});
    }
  }
  return fit_path(samples, path.length_m, true, laps.size() > 1 ? stiffness_of_many : stiffness_alone);
}

// The median of where each mini-sector's end was shown, from `start_m` on.
std::map<MiniSector, double> mini_sector_ends(std::span<const FollowedLap> laps, double start_m) {
  constexpr std::size_t laps_min = 3;
  std::map<MiniSector, std::vector<double>> seen;
  for (const FollowedLap& one : laps) {
    for (const MiniSectorMark& mark : one.lap->marks) {
      if (const auto at_m = one.at(mark.session_time_ms)) seen[mark.mini_sector].push_back(*at_m - start_m);
    }
  }
  std::map<MiniSector, double> ends;
  for (const auto& [mini_sector, at_m] : seen) {
    if (at_m.size() >= laps_min) ends[mini_sector] = median(at_m);
  }
  return ends;
}

// The line, turned so that it begins where the cars were when their laps began and ended.
CentreLine begun_at_line(const Path& path, std::span<const FollowedLap> laps) {
  std::vector<double> starts;
  for (const FollowedLap& one : laps) {
    if (const auto start_m = one.at(one.lap->start_ms)) starts.push_back(*start_m);
    if (const auto end_m = one.at(one.lap->end_ms)) starts.push_back(*end_m - path.length_m);
  }
  const double start_m = median(starts);
  CentreLine line;
  constexpr double point_step_m = 5;
  line.path = begun_at(path, start_m,
                       static_cast<std::size_t>(std::max(1.0, std::round(path.length_m / point_step_m))));
  line.lap_count = laps.size();
  for (std::size_t sector = 0; sector < line.sector_end_m.size(); ++sector) {
    std::vector<double> ends;
    for (const FollowedLap& one : laps) {
      if (const auto end_m = one.at(one.lap->sector_end_ms[sector])) ends.push_back(*end_m - start_m);
    }
    if (!ends.empty()) line.sector_end_m[sector] = median(ends) * line.path.length_m / path.length_m;
  }
  line.mini_sector_end_m = mini_sector_ends(laps, start_m);
  return line;
}

}  // namespace

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::vector<optional<double>> follow(const Path& path, std::span<const TimedPlace> places, double from_m,
                                     double to_m, double aside_max_m) {
  std::vector<optional<double>> distances;
  constexpr double back_m = 15;  // a position may be that much behind the one before
  optional<double> last_m;
  double last_ms = 0;
  for (const TimedPlace& timed : places) {
    if (last_m) {
      from_m = *last_m - back_m;
      to_m = *last_m + back_m + fastest_m_per_ms * (timed.time_ms - last_ms);
    }
    const Foot foot = foot_on(path, timed.place, from_m, to_m);
    const bool is_near = std::abs(foot.aside_m) <= aside_max_m;
    distances.push_back(is_near ? optional(foot.distance_m) : std::nullopt);
    if (!is_near) continue;
    last_m = foot.distance_m;
    last_ms = timed.time_ms;
  }
  return distances;
}

optional<double> distance_at(std::span<const TimedPlace> places, std::span<const optional<double>> distances,
                             double time_ms) {
  const auto next = std::ranges::upper_bound(places, time_ms, {}, &TimedPlace::time_ms);
  if (next == places.begin() || next == places.end()) return std::nullopt;
  const auto i = static_cast<std::size_t>(next - places.begin());
  if (!distances[i - 1] || !distances[i]) return std::nullopt;
  const double step_ms = places[i].time_ms - places[i - 1].time_ms;
  if (step_ms > gap_ms) return std::nullopt;
  return *distances[i - 1] +
         (*distances[i] - *distances[i - 1]) * (time_ms - places[i - 1].time_ms) / step_ms;
}

optional<CentreLine> centre_line_of(std::span<const DrivenLap> laps) {
  const auto best = std::ranges::min_element(laps, {}, longest_gap_ms);
  if (best == laps.end() || longest_gap_ms(*best) > gap_ms) return std::nullopt;
  Path path = ring_of(*best);
  if (path.points.empty()) return std::nullopt;
  std::vector<FollowedLap> followed = follow_all(path, laps);
  constexpr int rounds = 2;  // the second moves the line by some centimetres
  for (int round = 0; round < rounds && !followed.empty(); ++round) {
    path = fit_all(path, followed);
    if (path.length_m > length_max_m) return std::nullopt;
    followed = follow_all(path, laps);
  }
  if (followed.empty()) return std::nullopt;
  return begun_at_line(path, followed);
}

}  // namespace slipstream::session
