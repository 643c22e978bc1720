#include "simulate/dead_heat.h"

#include <cmath>

#include "simulate/result_book.h"

namespace slipstream::simulate {
namespace {

constexpr double wanted_in = 0.3;  // share of qualifyings
constexpr double from_share = 0.66, close_s = 0.12, most_correction = 0.02;

}  // namespace

DeadHeat::DeadHeat(const World& world)
    : is_wanted_(world.options().kind != Kind::practice &&
                 world.random(Purpose::duels, 900).chance(wanted_in)) {}

void DeadHeat::look_for(const World& world, const std::vector<double>& tempo) {
  if (!is_wanted_ || car_ >= 0 || world.session_part == 0) return;
  for (const Car& car : world.cars) {
    const bool is_there =
        car.task == Task::push && car.place == Place::track && car.s_m > from_share * world.length_m();
    const bool was_there = car.s_m - car.speed_mps * step_s > from_share * world.length_m();
    if (!is_there || was_there || !car.lap.start_ms) continue;
    const double left_s = world.profile.time_to_line_s(car.s_m) / tempo[static_cast<std::size_t>(car.index)];
    const double lap_s = (world.now_ms - *car.lap.start_ms) / 1000.0 + left_s;
    const auto best = best_times(world, world.session_part);
    for (const Car& other : world.cars) {
      const std::int32_t time = best[static_cast<std::size_t>(other.index)].first;
      const bool improves = time < best[static_cast<std::size_t>(car.index)].first;
      if (other.index == car.index || !improves || std::abs(time / 1000.0 - lap_s) > close_s) continue;
      car_ = car.index;
      line_ms_ = *car.lap.start_ms + time;
      return;
    }
  }
}

Drive DeadHeat::steered(const World& world, const Car& car, Drive drive) const {
  const double left_s = (line_ms_ - world.now_ms) / 1000.0;
  if (car.index != car_ || car.task != Task::push || left_s <= 0) return drive;
  const double pace = world.profile.time_to_line_s(car.s_m) / left_s;
  drive.pace *= std::clamp(pace / drive.pace, 1 - most_correction, 1 + most_correction);
  drive.line_ms = line_ms_;
  return drive;
}

}  // namespace slipstream::simulate
