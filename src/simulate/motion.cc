#include "simulate/motion.h"

#include <array>
#include <cmath>

#include "simulate/lap_book.h"
#include "simulate/pit_work.h"

namespace slipstream::simulate {
namespace {

constexpr double hardest_braking_mps2 = 52, power_margin = 1.12;
constexpr double lane_braking_mps2 = 26;  // into the pit lane
constexpr double roll_off_mps2 = 9;       // of a car that stops for good

double speed_before(double distance_m, double speed_mps, double braking_mps2) {
  return std::sqrt(speed_mps * speed_mps + 2 * braking_mps2 * std::max(0.0, distance_m));
}

// Towards the line where the lane's limit begins.
double pit_approach_mps(const World& world, const Car& car) {
  const auto& lane = world.circuit().pit_lane;
  const double to_entry = ahead_m(car.s_m, lane.entry_m, world.length_m());
  if (!car.wants_pit || to_entry > 400) return 1000;
  return speed_before(to_entry + lane.limit_from_m - 8, lane.speed_limit_mps, lane_braking_mps2);
}

double wanted_speed(const World& world, const Car& car, const Drive& drive) {
  if (car.place == Place::pit_lane) return std::min(lane_speed_mps(world, car), drive.most_mps);
  const double next_m = wrapped(car.s_m + car.speed_mps * step_s, world.length_m());
  const double by_profile = world.profile.at(next_m) * drive.pace * car.traffic_pace;
  return std::min({by_profile, drive.most_mps, car.follow_mps, pit_approach_mps(world, car)});
}

// Seconds from the step's begin until `distance_m` is driven, at constant acceleration from v0 to v1.
double seconds_until(double distance_m, double v0, double v1) {
  const double a = (v1 - v0) / step_s;
  const double root = std::sqrt(std::max(0.0, v0 * v0 + 2 * a * distance_m));
  return v0 + root > 0 ? std::min(step_s, 2 * distance_m / (v0 + root)) : step_s;
}

struct Step {
  double from_m, v0, v1;
};

std::int32_t passing_ms(const World& world, const Step& step, double at_m) {
  return world.now_ms +
         static_cast<std::int32_t>(rounded(1000 * seconds_until(at_m - step.from_m, step.v0, step.v1)));
}

std::int16_t passing_kmh(const Step& step, double at_m) {
  const double square = step.v0 * step.v0 + 2 * (step.v1 - step.v0) / step_s * (at_m - step.from_m);
  return static_cast<std::int16_t>(rounded(3.6 * std::sqrt(std::max(0.0, square))));
}

// The ends of mini-sectors, the pit entry and exit, and the trap between from_m and to_m, in their order.
void pass_marks(World& world, Car& car, const Step& step, double to_m) {
  const double length = world.length_m();
  const auto& lane = world.circuit().pit_lane;
  const auto is_passed = [&](double at) { return at > step.from_m && at <= to_m; };
  const double entry = lane.entry_m;
  if (car.place == Place::track && car.wants_pit && is_passed(entry)) {
    enter_lane(world, car, passing_ms(world, step, entry));
  }
  const double trap = world.circuit().speed_trap_m;
  for (const double at : {trap, trap + length}) {
    if (is_passed(at) && car.place == Place::track) car.lap.straight_kmh = passing_kmh(step, at);
  }
  while (car.counts) {
    const Cut& cut = world.cuts[car.next_cut];
    const bool is_behind_line = cut.at_m <= step.from_m && car.next_cut + 1 < world.cuts.size();
    const double at = cut.at_m + (is_behind_line ? length : 0);
    if (!is_passed(at)) break;
    if (car.is_line_free && car.next_cut + 1 == world.cuts.size()) {
      car.is_line_free = false;
    } else {
      pass_cut(world, car, cut, passing_ms(world, step, at), passing_kmh(step, at));
    }
    car.next_cut = (car.next_cut + 1) % world.cuts.size();
  }
  const double exit = lane.exit_m + (lane.exit_m <= step.from_m ? length : 0);
  if (car.place == Place::pit_lane && is_passed(exit)) leave_lane(world, car, passing_ms(world, step, exit));
}

// The speed at the step's end with which the car reaches the line when it shall, at constant acceleration.
std::optional<double> speed_for_line(const World& world, const Car& car, std::int32_t line_ms) {
  const double seconds = (line_ms - world.now_ms) / 1000.0;
  if (seconds <= 0.004 || seconds > 0.6) return std::nullopt;
  const double left_m = world.length_m() - car.s_m;
  const double a = 2 * (left_m - car.speed_mps * seconds) / (seconds * seconds);
  if (a < -9 || a > 9) return std::nullopt;
  return car.speed_mps + a * step_s;
}

struct Gear {
  double top_mps;
};
constexpr std::array<Gear, 8> gears = {{{24}, {34}, {44}, {54}, {64}, {74}, {84}, {98}}};

}  // namespace

void move(World& world, Car& car, const Drive& drive) {
  if (car.place == Place::gone || car.place == Place::garage) {
    car.speed_mps = car.acceleration_mps2 = 0;
    return;
  }
  const double v0 = car.speed_mps;
  double v1 = 0;
  if (car.place == Place::off_track) {
    v1 = std::max(0.0, v0 - roll_off_mps2 * step_s);
  } else {
    const double most = v0 + acceleration_mps2(v0) * power_margin * step_s;
    v1 = std::clamp(wanted_speed(world, car, drive), std::max(0.0, v0 - hardest_braking_mps2 * step_s), most);
  }
  if (drive.line_ms) v1 = speed_for_line(world, car, *drive.line_ms).value_or(v1);
  const Step step{car.s_m, v0, std::max(0.0, v1)};
  const double to_m = car.s_m + (v0 + step.v1) / 2 * step_s;
  if (car.place != Place::off_track) pass_marks(world, car, step, to_m);
  car.s_m = to_m >= world.length_m() ? to_m - world.length_m() : to_m;
  car.speed_mps = step.v1;
  car.acceleration_mps2 = (step.v1 - v0) / step_s;
}

void keep_state(World& world, const Car& car) {
  CarState state;
  const bool is_in_lane = car.place == Place::pit_lane || car.place == Place::garage;
  state.distance_m = is_in_lane ? lane_m(world, car) : car.s_m;
  state.offset_m = static_cast<float>(car.offset_m);
  state.speed_mps = static_cast<float>(car.speed_mps);
  state.place = car.place;
  state.lap_number = car.lap_number;
  state.has_drs = car.has_drs;
  const double v = car.speed_mps, a = car.acceleration_mps2;
  if (car.place != Place::gone && !(car.place == Place::garage) && !car.retired_ms) {
    std::size_t gear = 0;
    while (gear + 1 < gears.size() && v > gears[gear].top_mps * 0.95) ++gear;
    const bool stands = v < 0.3;
    state.gear = stands ? 0 : static_cast<std::uint8_t>(gear + 1);
    state.rpm = static_cast<float>(stands ? 4200 : std::max(4800.0, 12'300 * v / gears[gear].top_mps));
    state.is_braking = a < -4.5 && !stands;
    const double full = acceleration_mps2(v);
    const double wanted = full > 0.4 ? (a + 0.0011 * v * v) / (full + 0.0011 * v * v) : 1.0;
    const double pedal = state.is_braking || stands ? 0
                         : v > 78 && a > -1.5       ? 1
                                                    : std::clamp(wanted, 0.0, 1.0);
    state.throttle_pct = static_cast<std::uint8_t>(rounded(100 * (pedal > 0.93 ? 1 : pedal)));
  }
  world.history.cars[static_cast<std::size_t>(car.index)].states.push_back(state);
}

}  // namespace slipstream::simulate
