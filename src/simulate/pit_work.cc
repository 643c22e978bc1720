#include "simulate/pit_work.h"

#include <cmath>

#include "simulate/lap_book.h"

namespace slipstream::simulate {
namespace {

constexpr double box_braking_mps2 = 9, creep_mps = 0.9;
constexpr double clear_behind_m = 14, clear_ahead_m = 7;  // of the lane, for a release
constexpr double lane_gap_m = 8;

bool stands_in_box(const Car& car) { return car.box_leave_ms != never_ms; }
bool goes_to_garage(const Car& car) {
  return car.task == Task::in || car.task == Task::cool_down || car.task == Task::parked || car.retired_ms;
}
bool goes_to_box(const Car& car) { return !car.has_boxed && (car.task == Task::race || goes_to_garage(car)); }

double stopping_mps(double distance_m) {
  if (distance_m <= 0.12) return 0;
  return std::max(creep_mps, std::sqrt(2 * box_braking_mps2 * distance_m) - box_braking_mps2 * step_s);
}

// The way to a stop that ends exactly there: the last step may not run over it.
double stop_at_mps(const World& world, const Car& car, double at_m) {
  const double left = at_m - lane_m(world, car);
  return left < 0.12 ? 0 : std::min(stopping_mps(left), std::max(0.0, 2 * left / step_s - car.speed_mps));
}

// Cars that roll on the lane's inner half follow one another.
double following_mps(const World& world, const Car& car) {
  const double at = lane_m(world, car);
  double limit = 1000;
  for (const Car& other : world.cars) {
    if (&other == &car || other.place != Place::pit_lane || stands_in_box(other)) continue;
    const double gap = lane_m(world, other) - at;
    const bool is_same = gap == 0 && other.index < car.index;
    if (gap < 0 || (gap == 0 && !is_same)) continue;
    if (goes_to_box(other) && other.hold_m < 0 && box_m(world, other) - lane_m(world, other) < 6) continue;
    limit = std::min(limit, std::max(0.0, other.speed_mps + (gap - lane_gap_m) * 1.2));
  }
  return limit;
}

bool is_lane_clear(const World& world, const Car& car) {
  const double at = lane_m(world, car);
  for (const Car& other : world.cars) {
    if (&other == &car || other.place != Place::pit_lane || stands_in_box(other)) continue;
    const double gap = lane_m(world, other) - at;
    if (gap > -clear_behind_m && gap < clear_ahead_m) return false;
  }
  return true;
}

std::int32_t drawn_stop_ms(Car& car) {
  const double usual = 2.25 + 0.28 * std::abs(car.pit_random.normal());
  const bool is_slow = car.pit_random.chance(0.06);
  const double trouble = car.pit_random.between(1.5, 9.0);
  return rounded_ms(usual + (is_slow ? trouble : 0));
}

void stop_in_box(World& world, Car& car) {
  if (goes_to_garage(car)) {
    car.place = Place::garage;
    car.task = Task::parked;
    car.counts = car.counts && !car.retired_ms && !world.is_race();
    car.has_boxed = true;
    return;
  }
  car.stationary_ms = drawn_stop_ms(car) + 1000 * car.penalty_s;
  car.box_leave_ms = world.now_ms + car.stationary_ms;
  car.penalty_s = 0;
  const bool goes_slick = is_slick(compound_for(world.sky.wetness(world.now_ms), car.planned));
  TyreSet set;
  set.compound = goes_slick ? car.planned : compound_for(world.sky.wetness(world.now_ms), car.planned);
  set.is_fresh = !goes_slick || car.pit_random.chance(0.75);
  set.age_laps = set.is_fresh ? 0 : car.pit_random.between(2, 4);
  fit_tyres(world, car, set);
}

}  // namespace

double lane_speed_mps(const World& world, const Car& car) {
  const auto& lane = world.circuit().pit_lane;
  const double at = lane_m(world, car);
  if (stands_in_box(car)) return 0;
  double limit = lane.speed_limit_mps - 0.15;
  const double to_limit = lane.limit_from_m - at - 8;
  if (to_limit > 0) limit = std::sqrt(limit * limit + 2 * 26 * to_limit);
  else if (at > lane.limit_to_m + 2) limit = 1000;
  if (car.hold_m >= 0 && at < car.hold_m + 0.5) limit = std::min(limit, stop_at_mps(world, car, car.hold_m));
  else if (goes_to_box(car) && car.hold_m < 0)
    limit = std::min(limit, stop_at_mps(world, car, box_m(world, car)));
  return std::min(limit, following_mps(world, car));
}

void enter_lane(World& world, Car& car, std::int32_t at_ms) {
  car.place = Place::pit_lane;
  car.wants_pit = false;
  car.has_boxed = car.drives_through;
  car.drives_through = false;
  car.stationary_ms = 0;
  car.duel = {};
  car.may_pass_all = false;
  if (car.counts) car.lap.pit_in_ms = at_ms;
  note_pit_entry(world, car, at_ms);
}

void leave_lane(World& world, Car& car, std::int32_t at_ms) {
  car.place = Place::track;
  car.hold_m = -1;
  if (car.task == Task::cool_down || car.task == Task::in) car.wants_pit = true;
  car.offset_m = world.circuit().pit_lane.side_m > 0 ? 4.6 : -4.6;
  note_pit_exit(world, car, at_ms);
}

void work_in_boxes(World& world) {
  for (Car& car : world.cars) {
    if (car.place != Place::pit_lane) continue;
    if (stands_in_box(car)) {
      if (world.now_ms < car.box_leave_ms || !is_lane_clear(world, car)) continue;
      car.stationary_ms += world.now_ms - car.box_leave_ms;
      car.box_leave_ms = never_ms;
      car.has_boxed = true;
    } else if (goes_to_box(car) && car.hold_m < 0 && car.speed_mps < 0.05 &&
               std::abs(box_m(world, car) - lane_m(world, car)) < 0.4) {
      stop_in_box(world, car);
    }
  }
}

void leave_garage(World& world, Car& car, Task task) {
  if (car.place != Place::garage || !is_lane_clear(world, car)) return;
  car.place = Place::pit_lane;
  car.task = task;
  car.has_boxed = true;
  car.speed_mps = 0;
}

}  // namespace slipstream::simulate
