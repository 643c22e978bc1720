// What has to be so because cars are cars: how fast their positions move, and how long a lap is. Over every
// session in SLIPSTREAM_DATA that has telemetry; docs/circuits.md has the figures.
#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <iostream>

#include "record/telemetry.h"
#include "session/path.h"
#include "tests/every_session.h"

namespace slipstream {
namespace {

using record::CarSample;
using record::Int;
using record::Lap;
using record::PositionSample;
using testing_support::for_each_session;

double share_of(std::vector<double>& values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

std::vector<std::string> sources_with_positions() { return testing_support::sources_with("Position.z"); }

// ---- Speed

// Samples further apart than this have something missing between them.
constexpr Int step_max_ms = 600;
// One position's clock is some 50 ms off, which is a fifth of a step and a hundredth of four seconds.
constexpr Int stretch_ms = 4000;

struct Stretch {
  Int from_ms, to_ms;
  double driven_m;  // from position to position, in the plane
};

// Stretches of positions without a gap, of those that say where the car is.
std::vector<Stretch> stretches_of(const std::vector<const PositionSample*>& positions) {
  std::vector<Stretch> stretches;
  Stretch open{0, 0, 0};
  const PositionSample* last = nullptr;
  for (const PositionSample* row : positions) {
    const bool is_known = row->x_dm && row->quality == record::quality_ok;
    const bool follows = is_known && last && row->session_time_ms - last->session_time_ms <= step_max_ms;
    if (!follows) open = {row->session_time_ms, row->session_time_ms, 0};
    if (follows) {
      const session::Place from{double(*last->x_dm), double(*last->y_dm), 0};
      const session::Place to{double(*row->x_dm), double(*row->y_dm), 0};
      open.driven_m += session::distance_m(from, to);
      open.to_ms = row->session_time_ms;
    }
    if (open.to_ms - open.from_ms >= stretch_ms) {
      stretches.push_back(open);
      open = {row->session_time_ms, row->session_time_ms, 0};
    }
    last = is_known ? row : nullptr;
  }
  return stretches;
}

// Metres by the speed from one time to another; nothing where samples are missing.
std::optional<double> driven_by_speed(const std::vector<const CarSample*>& samples, const Stretch& stretch) {
  auto next = std::ranges::upper_bound(samples, stretch.from_ms, {}, &CarSample::session_time_ms);
  if (next == samples.begin()) return std::nullopt;
  double driven_m = 0;
  for (--next; (*next)->session_time_ms < stretch.to_ms; ++next) {
    if (std::next(next) == samples.end()) return std::nullopt;
    const CarSample &a = **next, &b = **std::next(next);
    const double step_ms = b.session_time_ms - a.session_time_ms;
    if (!a.speed_kmh || !b.speed_kmh || step_ms > 2 * step_max_ms) return std::nullopt;
    const auto speed_at = [&](double at_ms) {
      return *a.speed_kmh + (*b.speed_kmh - *a.speed_kmh) * (at_ms - a.session_time_ms) / step_ms;
    };
    const double from = std::max(a.session_time_ms, stretch.from_ms);
    const double to = std::min(b.session_time_ms, stretch.to_ms);
    driven_m += (speed_at(from) + speed_at(to)) / 2 / 3.6 * (to - from) / 1000;
  }
  return driven_m;
}

struct Differences {
  std::vector<double> kmh;    // of all stretches, without sign
  std::vector<double> share;  // of the speed, with it
};

template <class Session>
Differences speed_differences(const Session& session) {
  std::map<Int, std::vector<const CarSample*>> samples;
  std::map<Int, std::vector<const PositionSample*>> positions;
  for (const CarSample& row : session.template table<CarSample>()) samples[row.driver_number].push_back(&row);
  for (const PositionSample& row : session.template table<PositionSample>())
    positions[row.driver_number].push_back(&row);
  constexpr double driving_kmh = 80;  // not in the pit lane
  Differences differences;
  for (const auto& [car, of_car] : positions) {
    for (const Stretch& stretch : stretches_of(of_car)) {
      const auto driven_m = driven_by_speed(samples[car], stretch);
      if (!driven_m) continue;
      const double seconds = (stretch.to_ms - stretch.from_ms) / 1000.0;
      const double speed_kmh = *driven_m / seconds * 3.6, moved_kmh = stretch.driven_m / seconds * 3.6;
      if (speed_kmh < driving_kmh) continue;
      differences.kmh.push_back(std::abs(moved_kmh - speed_kmh));
      differences.share.push_back((moved_kmh - speed_kmh) / speed_kmh);
    }
  }
  return differences;
}

// Over one step the two differ by 6 km/h in the middle and 144 at the worst of a hundred: that is the clock
// of the positions. Over four seconds it is a sixteenth of that. On the whole neither is quicker.
TEST(PhysicalSense, PositionsMoveAsFastAsTheSpeedSays) {
  session::Needs needs;
  needs.has_screen = needs.has_telemetry = needs.has_circuit = false;
  int sessions = 0;
  for_each_session<CarSample, PositionSample>(sources_with_positions(), needs, [&](const auto& session) {
    Differences differences = speed_differences(session);
    if (differences.kmh.size() < 30) return;
    ++sessions;
    const double median_kmh = share_of(differences.kmh, 0.5), p99_kmh = share_of(differences.kmh, 0.99);
    const double bias = share_of(differences.share, 0.5);
    std::cout << fmt::format(
        "{}: {} stretches of {} s, median {:.1f} km/h, 99 % {:.1f} km/h, bias {:+.2f} %\n", session.label(),
        differences.kmh.size(), stretch_ms / 1000, median_kmh, p99_kmh, 100 * bias);
    EXPECT_LT(median_kmh, 3.5);
    EXPECT_LT(p99_kmh, 20);
    // Of few stretches the middle one is off by chance: each is by 4 %.
    const double by_chance = 0.06 / std::sqrt(static_cast<double>(differences.share.size()));
    EXPECT_LT(std::abs(bias), 0.003 + by_chance);
  });
  if (sessions == 0) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: no session looked at";
  EXPECT_GE(sessions, 4);
}

// ---- Length

struct Length {
  Int driver_number, lap_number;
  double length_m;
};

// By the last sample whose share of the lap is known.
template <class Session>
std::map<std::pair<Int, Int>, double> lengths_of(const Session& session) {
  std::map<std::pair<Int, Int>, double> lengths;
  for (const auto& [key, row] : session.template table<record::Telemetry>()) {
    if (!row.lap_number || !row.distance_m || !row.relative_distance) continue;
    lengths[{row.driver_number, *row.lap_number}] = *row.distance_m / *row.relative_distance;
  }
  return lengths;
}

// Laps of the racing line: as quick as 107 % of the best, under green, none of it in the pits. Slower ones
// are driven elsewhere on the track: up to 0.6 % off.
template <class Session>
std::vector<Length> clean_lengths(const Session& session) {
  const auto lengths = lengths_of(session);
  const auto& laps = session.template table<Lap>();
  Int best_ms = std::numeric_limits<Int>::max();
  for (const auto& [key, lap] : laps) best_ms = std::min(best_ms, lap.lap_time_ms.value_or(best_ms));
  std::vector<Length> clean;
  for (const auto& [key, lap] : laps) {
    const auto length = lengths.find({lap.driver_number, lap.lap_number});
    const bool is_clean = lap.is_accurate && lap.track_status == "1";
    if (!is_clean || length == lengths.end() || *lap.lap_time_ms * 100LL > best_ms * 107LL) continue;
    clean.push_back({lap.driver_number, lap.lap_number, length->second});
  }
  return clean;
}

std::optional<double> circuit_length_m(const std::map<record::RowKey, record::CircuitLine>& lines) {
  for (const auto& [key, row] : lines) {
    if (row.line == "lap_end") return row.distance_m;
  }
  return std::nullopt;
}

TEST(PhysicalSense, QuickLapsAreOfOneLengthWithin3PerMille) {
  session::Needs needs;
  needs.has_screen = false;
  int sessions = 0;
  std::size_t laps = 0;
  for_each_session<Lap, record::Telemetry, record::CircuitLine>(
      sources_with_positions(), needs, [&](const auto& session) {
        const std::vector<Length> clean = clean_lengths(session);
        if (clean.size() < 10) return;
        ++sessions;
        laps += clean.size();
        std::vector<double> lengths_m;
        lengths_m.reserve(clean.size());
        for (const Length& lap : clean) lengths_m.push_back(lap.length_m);
        const double median_m = share_of(lengths_m, 0.5);
        double most = 0;
        for (const Length& lap : clean) {
          most = std::max(most, std::abs(lap.length_m / median_m - 1));
          EXPECT_LT(std::abs(lap.length_m / median_m - 1), 0.003)
              << "car " << lap.driver_number << ", lap " << lap.lap_number << ": " << lap.length_m << " m";
        }
        const auto circuit_m = circuit_length_m(session.template table<record::CircuitLine>());
        ASSERT_TRUE(circuit_m);
        std::cout << fmt::format(
            "{}: {} laps, median {:.1f} m, at most {:.2f} % off; the circuit has {:.1f} m\n", session.label(),
            clean.size(), median_m, 100 * most, *circuit_m);
        // One by the cars' speed, one by their positions.
        EXPECT_LT(std::abs(*circuit_m / median_m - 1), 0.005);
      });
  if (sessions == 0) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: no session looked at";
  EXPECT_GE(sessions, 2);
  EXPECT_GE(laps, 100U);
}

}  // namespace
}  // namespace slipstream
