#include "simulate/traffic.h"

#include <algorithm>
#include <cmath>

#include "simulate/race_control.h"

namespace slipstream::simulate {
namespace {

constexpr double straight_curvature = 1 / 700.0;
constexpr double side_m = 2.4, aside_m = 1.2, cross_mps = 4.2;  // while passing, and how fast across
constexpr double clear_m = 8.5;                                 // ahead of the passed car
constexpr double beside_m = 9, least_apart_m = 2.2;
constexpr double slipstream_s = 1.6, dirty_air_s = 1.3;
constexpr double drs_within_s = 1.0;
constexpr std::int32_t attempt_pause_ms = 14'000;

// What is on the road ahead of a car.
struct Ahead {
  const Car* car = nullptr;
  double gap_m = 1e9;
};

bool is_alongside_rule(const Car& car, const Car& other) {
  return car.duel.target == other.index || other.duel.target == car.index || other.may_pass_all ||
         car.may_pass_all;
}

// The next car ahead that this one has to follow.
Ahead next_ahead(const World& world, std::size_t rank, bool skips_duels) {
  const Car& car = world.cars[static_cast<std::size_t>(world.road[rank])];
  const std::size_t count = world.road.size();
  for (std::size_t n = 1; n < count; ++n) {
    const Car& other = world.cars[static_cast<std::size_t>(world.road[(rank + n) % count])];
    if (skips_duels && is_alongside_rule(car, other)) continue;
    return {&other, ahead_m(car.s_m, other.s_m, world.length_m())};
  }
  return {};
}

double least_gap_m(double speed_mps) { return 7.0 + 0.17 * speed_mps; }

double braking_point_m(const World& world, const Car& car) {
  double at = 0;
  const double v = world.profile.at(car.s_m);
  for (double next = v; at < 900 && next > v * 0.93; at += 25) {
    next = world.profile.at(wrapped(car.s_m + at, world.length_m()));
  }
  return at;
}

bool is_straight(const World& world, double s_m) {
  return std::abs(world.circuit().curvature_at(s_m)) < straight_curvature;
}

bool gives_way(const World& world, const Car& car, const Car& other) {
  if (other.finish_ms.has_value() != car.finish_ms.has_value()) return other.finish_ms.has_value();
  if (world.is_race()) return progress_m(world, other) < progress_m(world, car) - 0.6 * world.length_m();
  const bool is_slow = other.task != Task::push;
  return (car.task == Task::push && is_slow) || (is_slow && other.speed_mps < car.speed_mps - 4);
}

void begin_duel(Car& car, const Car& other, double boost, bool is_certain) {
  car.duel.target = other.index;
  car.duel.boost = boost;
  car.duel.is_certain = is_certain;
  car.duel.side = other.offset_m > 0 ? -1 : 1;
}

// Decides once a straight whether the car tries, and draws whether it will succeed.
void consider_passing(World& world, Car& car, const Ahead& ahead, const std::vector<double>& tempo) {
  const Car& other = *ahead.car;
  if (car.duel.target >= 0 || other.duel.target >= 0 || world.now_ms < car.duel.next_ms) return;
  for (const Car& third : world.cars) {
    if (third.duel.target == other.index || third.duel.target == car.index) return;
  }
  if (gives_way(world, car, other)) {
    const double slower =
        tempo[static_cast<std::size_t>(other.index)] / tempo[static_cast<std::size_t>(car.index)];
    if (ahead.gap_m < 30 + 0.3 * car.speed_mps && slower < 1.02) begin_duel(car, other, 0.0, true);
    return;
  }
  if (!world.is_passing_allowed || is_under_yellow(world, car.s_m) || !is_straight(world, car.s_m) ||
      car.speed_mps < 48)
    return;
  if (ahead.gap_m > 12 + 0.36 * car.speed_mps) return;
  const double left_m = braking_point_m(world, car);
  if (left_m < 170) return;
  car.duel.next_ms = world.now_ms + attempt_pause_ms;
  const double faster =
      tempo[static_cast<std::size_t>(car.index)] / tempo[static_cast<std::size_t>(other.index)] - 1;
  const bool is_first_lap = world.is_race() && car.lap_number == 1;
  double odds = 0.05 + 20 * faster + (car.has_drs ? 0.06 : 0) + (is_first_lap ? 0.1 : 0);
  odds = std::clamp(odds, 0.0, 0.75);
  const double draw = car.duel_random.uniform(), tries = car.duel_random.uniform();
  const bool succeeds = draw < odds;
  if (!succeeds && tries > 0.25) return;
  const double seconds = left_m / car.speed_mps;
  const double needed = (ahead.gap_m + clear_m + 2) / seconds / car.speed_mps;
  if (needed > 0.19) return;
  begin_duel(car, other, needed * (succeeds ? 1.1 : 0.5), false);
}

// A pass that runs: boost, or the end of it.
void carry_on_duel(World& world, Car& car) {
  const Car& other = world.cars[static_cast<std::size_t>(car.duel.target)];
  const double length = world.length_m();
  const double behind = ahead_m(car.s_m, other.s_m, length), ahead = ahead_m(other.s_m, car.s_m, length);
  const bool is_off = !is_on_road(other) || std::min(behind, ahead) > 120;
  const bool is_through = ahead < 200 && ahead > clear_m;
  const bool at_corner = !car.duel.is_certain && !is_straight(world, car.s_m);
  const bool is_forbidden = !car.duel.is_certain && !world.is_passing_allowed && behind < 200;
  if (is_off || is_through || at_corner || is_forbidden) {
    car.duel.target = -1;
    car.duel.next_ms = world.now_ms + (is_through ? 4000 : attempt_pause_ms);
  }
}

void follow(World& world, Car& car, std::size_t rank) {
  const Ahead ahead = next_ahead(world, rank, true);
  if (ahead.car == nullptr) return;
  const double gap = ahead.gap_m - least_gap_m(std::min(car.speed_mps, ahead.car->speed_mps));
  car.follow_mps = std::max(0.0, ahead.car->speed_mps + gap * 1.1);
  if (ahead.gap_m > 400) car.follow_mps = 1000;
}

void feel_air(World& world, Car& car, const Ahead& ahead) {
  const double gap_s = ahead.gap_m / std::max(car.speed_mps, 10.0);
  const bool is_on_straight = is_straight(world, car.s_m) && car.speed_mps > 55;
  if (!is_on_straight) {
    car.has_drs = false;
    if (gap_s < dirty_air_s) car.traffic_pace -= 0.014 * (1 - gap_s / dirty_air_s);
    return;
  }
  if (gap_s < slipstream_s) car.traffic_pace += 0.012 * (1 - gap_s / slipstream_s);
  const bool may_open = world.is_drs_enabled && gap_s < drs_within_s && !ahead.car->may_pass_all;
  if (may_open && braking_point_m(world, car) > 200) car.has_drs = true;
  if (car.has_drs) car.traffic_pace += 0.018;
}

double wanted_offset(const World& world, const Car& car) {
  if (car.may_pass_all) return 4.2;
  if (car.duel.target >= 0) return car.duel.side * side_m;
  for (const Car& other : world.cars) {
    if (other.duel.target == car.index) return -other.duel.side * aside_m;
  }
  // The line cuts the corners.
  return std::clamp(60 * world.circuit().curvature_at(car.s_m), -2.0, 2.0);
}

// Beside another car there is room for one only.
double kept_apart(const World& world, const Car& car, std::size_t rank, double wanted_m) {
  const std::size_t count = world.road.size();
  for (const std::size_t n : {(rank + 1) % count, (rank + count - 1) % count}) {
    const Car& other = world.cars[static_cast<std::size_t>(world.road[n])];
    const double ahead = ahead_m(car.s_m, other.s_m, world.length_m());
    const double apart_m = std::min(ahead, world.length_m() - ahead);
    if (&other == &car || apart_m > beside_m || std::abs(wanted_m - other.offset_m) >= least_apart_m)
      continue;
    const bool is_left =
        car.offset_m > other.offset_m || (car.offset_m == other.offset_m && car.index > other.index);
    wanted_m = other.offset_m + (is_left ? least_apart_m : -least_apart_m);
  }
  return wanted_m;
}

}  // namespace

void meet_traffic(World& world, const std::vector<double>& tempo) {
  world.road.clear();
  for (Car& car : world.cars) {
    car.follow_mps = 1000;
    car.traffic_pace = 1;
    car.nose_gap_m = 1e9;
    if (is_on_road(car)) world.road.push_back(car.index);
    else car.has_drs = false;
  }
  const auto place = [&](int index) { return world.cars[static_cast<std::size_t>(index)].s_m; };
  std::ranges::stable_sort(world.road, {}, place);
  for (std::size_t rank = 0; rank < world.road.size(); ++rank) {
    Car& car = world.cars[static_cast<std::size_t>(world.road[rank])];
    const Ahead ahead = next_ahead(world, rank, false);
    if (ahead.car != nullptr) {
      car.nose_gap_m = ahead.gap_m;
      if (car.duel.target >= 0) carry_on_duel(world, car);
      else if (!car.may_pass_all) consider_passing(world, car, ahead, tempo);
      feel_air(world, car, ahead);
      car.traffic_pace += car.duel.target >= 0 ? car.duel.boost : 0;
      follow(world, car, rank);
    }
    for (const Car& other : world.cars) {
      if (other.duel.target == car.index && other.duel.is_certain) car.traffic_pace -= 0.06;
    }
    car.offset_m =
        towards(car.offset_m, kept_apart(world, car, rank, wanted_offset(world, car)), cross_mps * step_s);
  }
}

}  // namespace slipstream::simulate
