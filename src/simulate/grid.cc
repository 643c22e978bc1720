#include "simulate/grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "simulate/circuit_marks.h"
#include "simulate/pit_work.h"
#include "simulate/race_control.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_out_ms = 20'000, between_cars_ms = 11'000, formation_between_ms = 1'300;
constexpr double lap_to_grid_pace = 0.72, formation_pace = 0.6, slot_braking_mps2 = 5;
constexpr double column_m = 3.3;

double stop_mps(double left_m, double speed_mps) {
  if (left_m < 0.12) return 0;
  const double most = std::max(0.9, std::sqrt(2 * slot_braking_mps2 * left_m) - slot_braking_mps2 * step_s);
  return std::min(most, std::max(0.0, 2 * left_m / step_s - speed_mps));
}

}  // namespace

void Grid::draw_up(World& world) {
  order_.resize(world.cars.size());
  std::iota(order_.begin(), order_.end(), 0);
  std::vector<double> lap(world.cars.size());
  for (const Car& car : world.cars) {
    Random random = world.random(Purpose::launch, car.index);
    lap[static_cast<std::size_t>(car.index)] = car.pace + 0.0016 * random.normal();
    reactions_ms_.push_back(rounded_ms(random.between(0.19, 0.42) + (random.chance(0.05) ? 0.6 : 0)));
  }
  std::ranges::stable_sort(order_, [&](int a, int b) {
    return lap[static_cast<std::size_t>(a)] > lap[static_cast<std::size_t>(b)];
  });
  for (std::size_t n = 0; n < order_.size(); ++n) {
    world.cars[static_cast<std::size_t>(order_[n])].grid_slot = static_cast<int>(n + 1);
  }
  lights_wait_ms_ = world.random(Purpose::launch, 500).between(9'000, 13'000);
}

void Grid::direct(World& world) {
  if (!is_exit_open_ && world.now_ms >= first_out_ms - 5000) {
    is_exit_open_ = true;
    say_flag(world, "GREEN", "GREEN LIGHT - PIT EXIT OPEN");
  }
  const auto last_out_ms = first_out_ms + between_cars_ms * static_cast<std::int32_t>(order_.size());
  if (!is_exit_closed_ && world.now_ms >= last_out_ms + 20'000) {
    is_exit_closed_ = true;
    say_other(world, "PIT EXIT CLOSED");
    say_other(world,
              "FORMATION LAP WILL START AT " + local_time_text(world, world.scheduled_ms()).substr(0, 5));
  }
  bool all_stand = true;
  for (std::size_t n = 0; n < order_.size(); ++n) {
    Car& car = world.cars[static_cast<std::size_t>(order_[n])];
    const auto nth = static_cast<std::int32_t>(n);
    if (car.task == Task::parked && world.now_ms >= first_out_ms + between_cars_ms * nth) {
      leave_garage(world, car, Task::to_grid);
    }
    if (car.task == Task::on_grid && !has_formed_ &&
        world.now_ms >= world.scheduled_ms() + formation_between_ms * nth) {
      car.task = Task::formation;
    }
    const double left = ahead_m(car.s_m, grid_slot_m(world.circuit(), car.grid_slot), world.length_m());
    const bool is_there = left < 0.5 || left > world.length_m() - 0.5;
    const bool drives = car.task == Task::to_grid || car.task == Task::formation;
    if (drives && car.place == Place::track && is_there && car.speed_mps < 0.05 &&
        (car.task == Task::to_grid || world.now_ms > world.scheduled_ms() + 40'000)) {
      car.task = Task::on_grid;
      car.offset_m = car.grid_slot % 2 == 1 ? column_m : -column_m;
      has_formed_ = has_formed_ || world.now_ms > world.scheduled_ms() + 40'000;
    }
    all_stand = all_stand && car.task == Task::on_grid;
  }
  if (has_formed_ && all_stand && lights_ms_ == never_ms) lights_ms_ = world.now_ms + lights_wait_ms_;
}

Drive Grid::drive_of(const World& world, const Car& car) const {
  if (car.task != Task::to_grid && car.task != Task::formation) return {0.5, 0, {}};
  const double left = ahead_m(car.s_m, grid_slot_m(world.circuit(), car.grid_slot), world.length_m());
  Drive drive{car.task == Task::to_grid ? lap_to_grid_pace : formation_pace, 1000, {}};
  const bool is_leaving = car.task == Task::formation && world.now_ms < world.scheduled_ms() + 60'000;
  const bool is_near = left < 400 || (left > world.length_m() - 0.5 && !is_leaving);
  if (car.place == Place::track && is_near && !is_leaving) {
    drive.most_mps = stop_mps(left > world.length_m() - 0.5 ? 0 : left, car.speed_mps);
  }
  return drive;
}

}  // namespace slipstream::simulate
