#include "simulate/drive.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <set>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

std::uint64_t hash_of(const History& history) {
  std::uint64_t hash = 1469598103934665603u;
  const auto add = [&](std::uint64_t bits) { hash = (hash ^ bits) * 1099511628211u; };
  for (const CarHistory& car : history.cars) {
    for (const CarState& state : car.states) {
      add(std::bit_cast<std::uint64_t>(state.distance_m));
      add(std::bit_cast<std::uint32_t>(state.speed_mps));
      add(std::bit_cast<std::uint32_t>(state.offset_m));
    }
    for (const Crossing& crossing : car.crossings) add(static_cast<std::uint64_t>(crossing.session_time_ms));
  }
  for (const record::RaceControl& row : history.race_control) {
    for (const char c : *row.message) add(static_cast<unsigned char>(c));
  }
  return hash;
}

History driven(const Options& options) {
  auto history = drive(options);
  EXPECT_TRUE(history);
  return history ? std::move(*history) : History{};
}

// Places lead on from one another as the speeds say.
void expect_continuous(const History& history) {
  const double length = history.circuit.length_m;
  const auto along = [&](const CarState& state) {
    const bool is_in_lane = state.place == Place::pit_lane || state.place == Place::garage;
    return is_in_lane ? wrapped(state.distance_m + history.circuit.pit_lane.entry_m, length)
                      : state.distance_m;
  };
  for (const CarHistory& car : history.cars) {
    for (std::size_t n = 1; n < car.states.size(); ++n) {
      const CarState &a = car.states[n - 1], &b = car.states[n];
      const double moved = ahead_m(along(a) - 1, along(b), length) - 1;
      const double by_speed = (static_cast<double>(a.speed_mps) + b.speed_mps) / 2 * 0.1;
      ASSERT_NEAR(moved, by_speed, 1e-3) << "step " << n;
      ASSERT_LE(std::abs(b.speed_mps - a.speed_mps), 5.6F) << "step " << n;
      ASSERT_LE(b.speed_mps, 100.F);
    }
  }
}

void expect_lane_limit(const History& history) {
  const auto& lane = history.circuit.pit_lane;
  for (const CarHistory& car : history.cars) {
    for (const CarState& state : car.states) {
      const bool is_limited = state.place == Place::pit_lane && state.distance_m > lane.limit_from_m &&
                              state.distance_m < lane.limit_to_m;
      if (is_limited) {
        ASSERT_LE(state.speed_mps, lane.speed_limit_mps + 0.05) << state.distance_m;
      }
    }
  }
}

void expect_laps_lead_on(const History& history) {
  std::map<int, record::Lap> last;
  for (const record::Lap& lap : history.laps) {
    const auto before = last.find(lap.driver_number);
    ASSERT_EQ(lap.lap_number, before == last.end() ? 1 : before->second.lap_number + 1);
    if (before != last.end()) {
      ASSERT_EQ(lap.lap_start_session_time_ms, before->second.session_time_ms);
    }
    if (lap.lap_time_ms) {
      ASSERT_EQ(*lap.lap_time_ms, *lap.sector1_time_ms + *lap.sector2_time_ms + *lap.sector3_time_ms);
      ASSERT_EQ(*lap.lap_time_ms, *lap.session_time_ms - *lap.lap_start_session_time_ms);
    }
    last[lap.driver_number] = lap;
  }
}

void expect_crossings_in_order(const History& history) {
  for (const CarHistory& car : history.cars) {
    for (std::size_t n = 1; n < car.crossings.size(); ++n) {
      const Crossing &a = car.crossings[n - 1], &b = car.crossings[n];
      ASSERT_GE(b.session_time_ms, a.session_time_ms);
      const auto key = [](const Crossing& c) {
        return std::tuple(c.lap_number, c.sector_number, c.mini_sector_number);
      };
      ASSERT_LT(key(a), key(b));
    }
  }
}

void expect_positions_are_a_permutation(const History& history) {
  ASSERT_EQ(history.results.size(), history.drivers.size());
  std::set<int> positions;
  for (const record::SessionResult& row : history.results) positions.insert(*row.position);
  ASSERT_EQ(positions.size(), history.results.size());
  ASSERT_EQ(*positions.rbegin(), static_cast<int>(history.results.size()));
}

void expect_sound(const History& history) {
  expect_continuous(history);
  expect_lane_limit(history);
  expect_laps_lead_on(history);
  expect_crossings_in_order(history);
  expect_positions_are_a_permutation(history);
  for (const CarHistory& car : history.cars) {
    ASSERT_EQ(car.states.size(), static_cast<std::size_t>(history.end_ms / History::step_ms));
  }
}

TEST(Drive, RefusesWhatIsOutOfRange) {
  Options options;
  options.cars = 31;
  EXPECT_FALSE(drive(options));
  options.cars = 20;
  options.laps = 0;
  EXPECT_FALSE(drive(options));
  options.laps = 5;
  options.year = 2019;
  EXPECT_FALSE(drive(options));
}

TEST(Drive, SameOptionsSameHistory) {
  Options options;
  options.seed = 11;
  options.laps = 8;
  const History a = driven(options), b = driven(options);
  EXPECT_EQ(hash_of(a), hash_of(b));
  EXPECT_EQ(a.laps, b.laps);
  EXPECT_EQ(a.results, b.results);
  options.seed = 12;
  EXPECT_NE(hash_of(driven(options)), hash_of(a));
}

// The same on every machine, compiler and level of optimisation. A change of the model changes these.
TEST(Drive, TheBytesAreThoseOfOtherMachines) {
  Options options;
  options.seed = 5;
  options.cars = 8;
  options.laps = 6;
  EXPECT_EQ(hash_of(driven(options)), 7803234726193541523u);
  options.kind = Kind::qualifying;
  options.laps.reset();
  EXPECT_EQ(hash_of(driven(options)), 3236768148642216017u);
}

TEST(Drive, NowAndThenTwoCarsOfAQualifyingAreEqual) {
  int equal = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Options options;
    options.seed = seed;
    options.kind = Kind::sprint_qualifying;
    std::map<std::pair<int, int>, int> cars_of_time;
    for (const record::SessionResult& row : driven(options).results) {
      if (row.q1_ms) ++cars_of_time[{1, *row.q1_ms}];
      if (row.q2_ms) ++cars_of_time[{2, *row.q2_ms}];
      if (row.q3_ms) ++cars_of_time[{3, *row.q3_ms}];
    }
    for (const auto& [time, cars] : cars_of_time) equal += cars > 1 ? 1 : 0;
  }
  EXPECT_GE(equal, 1);
}

TEST(Drive, RacesAreSound) {
  for (const std::uint64_t seed : {4, 11, 23}) {
    SCOPED_TRACE(seed);
    Options options;
    options.seed = seed;
    options.laps = seed == 11 ? 57 : 30;
    options.year = seed == 4 ? 2025 : 2026;
    expect_sound(driven(options));
  }
}

TEST(Drive, ARaceHasALapForEachCarAndLap) {
  Options options;
  options.seed = 8;
  options.laps = 12;
  const History history = driven(options);
  std::map<int, int> laps;
  for (const record::Lap& lap : history.laps) ++laps[lap.driver_number];
  for (const record::SessionResult& row : history.results) {
    EXPECT_EQ(laps[row.driver_number] - (row.is_dnf ? laps[row.driver_number] : 0),
              row.is_dnf ? 0 : *row.laps_completed);
  }
}

TEST(Drive, QualifyingDropsHalvesOfWhatIsMoreThanTen) {
  Options options;
  options.kind = Kind::qualifying;
  options.cars = 22;
  const History history = driven(options);
  expect_sound(history);
  EXPECT_EQ(history.session_parts.size(), 3U);
  std::map<int, std::set<int>> cars_of_part;
  for (const record::Lap& lap : history.laps)
    cars_of_part[lap.session_part.value_or(0)].insert(lap.driver_number);
  EXPECT_LE(cars_of_part[1].size(), 22U);
  EXPECT_LE(cars_of_part[2].size(), 16U);
  EXPECT_LE(cars_of_part[3].size(), 10U);
  EXPECT_GE(cars_of_part[3].size(), 7U);
}

// Every kind and rule year with the fewest and the most cars and laps.
TEST(Drive, ExtremesAreSound) {
  std::uint64_t seed = 100;
  for (const Kind kind :
       {Kind::practice, Kind::qualifying, Kind::sprint_qualifying, Kind::sprint, Kind::race}) {
    for (const int cars : {2, 30}) {
      Options options;
      options.seed = ++seed;
      options.kind = kind;
      options.cars = cars;
      options.year = seed % 2 == 0 ? 2025 : 2026;
      options.laps = cars == 2 ? 80 : 1;
      SCOPED_TRACE(seed);
      expect_sound(driven(options));
    }
  }
}

RC_GTEST_PROP(Drive, EveryShortRaceIsSound, ()) {
  Options options;
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.kind = *rc::gen::element(Kind::sprint, Kind::race);
  options.year = *rc::gen::element(2025, 2026);
  options.cars = *rc::gen::element(2, 3, 11, 22);
  options.laps = *rc::gen::element(1, 2, 4);
  const auto history = drive(options);
  RC_ASSERT(history.has_value());
  expect_sound(*history);
  RC_ASSERT(!::testing::Test::HasFailure());
}

}  // namespace
}  // namespace slipstream::simulate
