#include "simulate/director.h"

#include <algorithm>

#include "simulate/lap_book.h"
#include "simulate/race_control.h"
#include "simulate/strategy.h"

namespace slipstream::simulate {
namespace {

constexpr double safety_car_pace = 0.62, catching_pace = 0.82, vsc_pace = 0.66, red_pace = 0.55,
                 yellow_pace = 0.94;
constexpr double bunched_gap_m = 70;
constexpr std::int32_t safety_car_least_ms = 150'000, safety_car_most_ms = 620'000;
constexpr std::int32_t vsc_least_ms = 50'000, vsc_ending_ms = 12'000;
constexpr double queue_spacing_m = 8;

const Car* car_ahead_in_race(const World& world, const Car& car) {
  const Car* ahead = nullptr;
  const double at = progress_m(world, car);
  for (const Car& other : world.cars) {
    if (!is_racing(other) || other.place != Place::track || progress_m(world, other) <= at) continue;
    if (ahead == nullptr || progress_m(world, other) < progress_m(world, *ahead)) ahead = &other;
  }
  return ahead;
}

bool is_bunched(const World& world) {
  for (const Car& car : world.cars) {
    if (!is_racing(car) || car.place != Place::track || car.may_pass_all) continue;
    const Car* ahead = car_ahead_in_race(world, car);
    if (ahead != nullptr && car.nose_gap_m > bunched_gap_m) return false;
  }
  return true;
}

}  // namespace

const Car* leader_of(const World& world) {
  const Car* leader = nullptr;
  for (const Car& car : world.cars) {
    if (!is_racing(car)) continue;
    if (leader == nullptr || progress_m(world, car) > progress_m(world, *leader)) leader = &car;
  }
  return leader;
}

void Director::report(World& world, Hazard hazard, bool is_double) {
  hazard.from_ms = world.now_ms;
  show_yellow(world, hazard.marshal_sector, is_double);
  hazards_.push_back(hazard);
}

void Director::direct(World& world) {
  for (std::size_t n = 0; n < hazards_.size(); ++n) {
    Hazard& hazard = hazards_[n];
    if (hazard.response != Response::none && world.now_ms >= hazard.respond_ms) respond(world, hazard);
  }
  clear_hazards(world);
  if (world.phase == Phase::safety_car) direct_safety_car(world);
  if (world.phase == Phase::red) direct_red(world);
  if (world.phase == Phase::vsc && hazards_.empty() && world.now_ms >= since_ms_ + vsc_least_ms) {
    world.phase = Phase::vsc_ending;
    since_ms_ = world.now_ms;
    say_safety_car(world, "VIRTUAL SAFETY CAR", "ENDING", "VIRTUAL SAFETY CAR ENDING");
    set_track_status(world, '7');
  }
  if (world.phase == Phase::vsc_ending && world.now_ms >= since_ms_ + vsc_ending_ms) go_green(world);
}

void Director::respond(World& world, Hazard& hazard) {
  const Response response = std::exchange(hazard.response, Response::none);
  if (world.phase == Phase::red || world.phase == Phase::finished || world.phase == Phase::waiting) return;
  if (response == Response::red || response == Response::red_for_good) {
    stop_session(world, response == Response::red_for_good);
  } else if (!world.is_race() || world.phase == Phase::safety_car) {
    return;
  } else if (response == Response::safety_car) {
    deploy_safety_car(world);
  } else if (world.phase == Phase::green) {
    deploy_vsc(world);
  }
}

void Director::clear_hazards(World& world) {
  for (std::size_t n = 0; n < hazards_.size();) {
    const Hazard hazard = hazards_[n];
    if (world.now_ms < hazard.clear_ms) {
      ++n;
      continue;
    }
    hazards_.erase(hazards_.begin() + static_cast<std::ptrdiff_t>(n));
    const bool is_elsewhere = std::ranges::none_of(
        hazards_, [&](const Hazard& other) { return other.marshal_sector == hazard.marshal_sector; });
    if (is_elsewhere) clear_yellow(world, hazard.marshal_sector);
    if (hazard.car >= 0) world.cars[static_cast<std::size_t>(hazard.car)].place = Place::gone;
  }
}

void Director::deploy_vsc(World& world) {
  world.phase = Phase::vsc;
  since_ms_ = world.now_ms;
  world.is_passing_allowed = false;
  set_overtaking_aid(world, false);
  say_safety_car(world, "VIRTUAL SAFETY CAR", "DEPLOYED", "VIRTUAL SAFETY CAR DEPLOYED");
  set_track_status(world, '6');
  for (Car& car : world.cars) decide_cheap_stop(world, car);
}

void Director::deploy_safety_car(World& world) {
  world.phase = Phase::safety_car;
  stage_ = Stage::catching;
  since_ms_ = world.now_ms;
  world.is_passing_allowed = false;
  set_overtaking_aid(world, false);
  say_safety_car(world, "SAFETY CAR", "DEPLOYED", "SAFETY CAR DEPLOYED");
  set_track_status(world, '4');
  for (Car& car : world.cars) decide_cheap_stop(world, car);
}

void Director::let_lapped_cars_by(World& world) {
  const Car* leader = leader_of(world);
  std::string numbers;
  int count = 0;
  for (Car& car : world.cars) {
    if (leader == nullptr || !is_racing(car) || car.place != Place::track) continue;
    if (progress_m(world, *leader) - progress_m(world, car) < world.length_m()) continue;
    car.may_pass_all = true;
    numbers += (count++ > 0 ? ", " : "") + std::to_string(car.number);
  }
  if (count == 0) return;
  say_other(world, std::string(count > 1 ? "LAPPED CARS" : "LAPPED CAR") +
                       " MAY NOW OVERTAKE THE SAFETY CAR: " + numbers);
}

void Director::direct_safety_car(World& world) {
  const Car* leader = leader_of(world);
  for (Car& car : world.cars) {
    if (!car.may_pass_all || leader == nullptr) continue;
    const double behind = progress_m(world, *leader) - progress_m(world, car);
    const bool is_at_tail = behind < world.length_m() - 60 && car.nose_gap_m < 40;
    if (is_at_tail || behind > 2.5 * world.length_m()) car.may_pass_all = false;
  }
  if (stage_ != Stage::catching || !hazards_.empty()) return;
  const std::int32_t out_ms = world.now_ms - since_ms_;
  if (out_ms < safety_car_least_ms || (!is_bunched(world) && out_ms < safety_car_most_ms)) return;
  stage_ = Stage::unlapping;
  until_ms_ = world.now_ms + 60'000;
  let_lapped_cars_by(world);
}

void Director::on_leader_line(World& world, int lap_completed) {
  if (world.phase == Phase::safety_car && stage_ == Stage::in_this_lap) go_green(world);
  if (world.phase == Phase::safety_car && stage_ == Stage::unlapping && world.now_ms >= until_ms_) {
    stage_ = Stage::in_this_lap;
    say_safety_car(world, "SAFETY CAR", "IN THIS LAP", "SAFETY CAR IN THIS LAP");
  }
  const bool is_dry = world.sky.wetness(world.now_ms) < 0.1;
  if (world.phase == Phase::green && is_dry && lap_completed >= aid_from_lap_)
    set_overtaking_aid(world, true);
  if (!is_dry) set_overtaking_aid(world, false);
}

void Director::stop_session(World& world, bool for_good) {
  world.phase = Phase::red;
  since_ms_ = world.now_ms;
  const Car* leader = leader_of(world);
  stopped_in_lap_ = leader != nullptr ? leader->lap_number : 0;
  // With the last lap begun, or about to begin, there is nothing to resume.
  is_abandoned_ = world.is_race() && (for_good || stopped_in_lap_ >= world.total_laps - 1);
  Random random = world.random(Purpose::incidents, 1000 + world.now_ms / 1000);
  until_ms_ = world.now_ms + (world.is_race() ? random.between(700, 1300) : random.between(240, 600)) * 1000;
  world.is_passing_allowed = false;
  set_overtaking_aid(world, false);
  show_red(world);
  set_session_status(world, "Aborted");
  say_other(world, "PIT EXIT CLOSED");
  for (Car& car : world.cars) {
    car.may_pass_all = false;
    if (car.place == Place::track && !car.finish_ms) car.wants_pit = true;
  }
}

// Cars line up in the fast lane; when the track is clear, they go out in that order.
void Director::direct_red(World& world) {
  const auto& lane = world.circuit().pit_lane;
  if (world.is_race()) {
    int queued = 0;
    for (const Car& car : world.cars) queued += car.hold_m >= 0 ? 1 : 0;
    for (Car& car : world.cars) {
      if (car.place == Place::track && is_racing(car))
        car.wants_pit = true;  // it had just left them, perhaps
      if (car.place != Place::pit_lane || car.hold_m >= 0 || !is_racing(car)) continue;
      if (car.box_leave_ms != never_ms || lane_m(world, car) > lane.limit_from_m + 30) continue;
      car.hold_m = lane.limit_to_m - 6 - queue_spacing_m * queued++;
    }
  }
  if (is_abandoned_ || world.now_ms < until_ms_ || !hazards_.empty()) return;
  const bool are_in = std::ranges::none_of(
      world.cars, [](const Car& car) { return car.place == Place::track && car.task != Task::on_grid; });
  if (are_in) resume(world);
}

void Director::resume(World& world) {
  say_other(world, "SESSION WILL RESUME AT " + local_time_text(world, world.now_ms).substr(0, 5));
  clear_track(world);
  say_flag(world, "GREEN", "GREEN LIGHT - PIT EXIT OPEN");
  set_session_status(world, "Started");
  world.phase = Phase::green;
  if (!world.is_race()) {
    set_track_status(world, '1');
    world.is_passing_allowed = true;
    return;
  }
  world.phase = Phase::safety_car;
  stage_ = Stage::in_this_lap;
  since_ms_ = world.now_ms;
  set_track_status(world, '4');
  say_safety_car(world, "SAFETY CAR", "IN THIS LAP", "SAFETY CAR IN THIS LAP");
  for (Car& car : world.cars) {
    if (car.place != Place::pit_lane || !is_racing(car)) continue;
    TyreSet set;
    set.compound = compound_for(world.sky.wetness(world.now_ms), car.planned);
    if (car.hold_m >= 0) fit_tyres(world, car, set);
    if (!car.stop_laps.empty() && car.hold_m >= 0) car.stop_laps.erase(car.stop_laps.begin());
    car.hold_m = -1;
    car.has_boxed = true;
  }
}

void Director::go_green(World& world) {
  world.phase = Phase::green;
  world.is_passing_allowed = true;
  for (Car& car : world.cars) car.may_pass_all = false;
  // Where a yellow flag is still waved the track is not clear: that sector's own clear comes later.
  if (world.yellow_sectors.empty()) clear_track(world);
  set_track_status(world, world.yellow_sectors.empty() ? '1' : '2');
  const Car* leader = leader_of(world);
  aid_from_lap_ = leader != nullptr ? leader->lap_number + 1 : 0;
}

Drive Director::allowance(const World& world, const Car& car, double pace) const {
  Drive drive{pace, 1000, {}};
  if (is_under_yellow(world, car.s_m)) drive.pace *= yellow_pace;
  switch (world.phase) {
    case Phase::red:
      if (!car.finish_ms) drive.pace = std::min(pace, red_pace);
      break;
    case Phase::vsc:
    case Phase::vsc_ending: drive.pace = std::min(pace, vsc_pace); break;
    case Phase::safety_car: {
      const Car* leader = leader_of(world);
      const bool leads = leader != nullptr && leader->index == car.index;
      drive.pace = std::min(pace, leads ? safety_car_pace : catching_pace);
      if (!leads && car.nose_gap_m < 60 && !car.may_pass_all) drive.pace = std::min(drive.pace, 0.68);
      break;
    }
    default: break;
  }
  return drive;
}

}  // namespace slipstream::simulate
