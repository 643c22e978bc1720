#include "simulate/incidents.h"

#include <algorithm>

#include "simulate/lap_book.h"
#include "simulate/race_control.h"

namespace slipstream::simulate {
namespace {

constexpr double retires_in_race = 0.10, spins_in_race = 0.06, wet_factor = 2.2;
constexpr double stops_in_session = 0.025, spins_in_session = 0.10;
constexpr std::int32_t spin_slow_ms = 3500, spin_yellow_ms = 14'000;

// From a race's planned distance share on, a red flag may end it.
constexpr double red_end_share = 0.6;

Response drawn_response(Random& random, Mishap mishap, bool is_late) {
  const double draw = random.uniform();
  if (mishap == Mishap::crash) {
    if (draw < 0.14) return is_late && random.chance(0.4) ? Response::red_for_good : Response::red;
    return draw < 0.72 ? Response::safety_car : draw < 0.9 ? Response::vsc : Response::none;
  }
  if (mishap == Mishap::stop_on_track)
    return draw < 0.25 ? Response::safety_car : draw < 0.7 ? Response::vsc : Response::none;
  return Response::none;
}

Response drawn_in_session(Random& random, Mishap mishap) {
  if (mishap == Mishap::spin) return Response::none;
  return random.chance(mishap == Mishap::crash ? 0.75 : 0.4) ? Response::red : Response::none;
}

int laps_of(const World& world) {
  if (world.is_race()) return world.total_laps;
  return world.options().kind == Kind::practice ? 24 : 12;
}

}  // namespace

Incidents::Incidents(const World& world) : random_(world.random(Purpose::incidents, 999)) {
  const bool is_race = world.is_race();
  const int laps = laps_of(world);
  const double span = is_race ? static_cast<double>(laps) / 57 : 1;
  bool is_wet = false;
  for (std::int32_t at = world.scheduled_ms(); at < world.scheduled_ms() + 6'000'000; at += 60'000) {
    is_wet = is_wet || world.sky.wetness(at) > 0.15;
  }
  for (const Car& car : world.cars) {
    Random random = world.random(Purpose::incidents, car.index);
    const double more = (is_wet ? wet_factor : 1) * std::max(0.25, span);
    const bool ends = random.chance((is_race ? retires_in_race : stops_in_session) * more);
    const bool spins = random.chance((is_race ? spins_in_race : spins_in_session) * more);
    const double kind = random.uniform();
    const int lap = random.chance(0.12) ? 1 : random.between(1, laps), spin_lap = random.between(1, laps);
    const double at = random.uniform(), spin_at = random.uniform();
    const auto corner_m = [&](double share) {
      const auto& corners = world.circuit().corners;
      if (corners.empty()) return share * world.length_m() * 0.8 + 500;
      const auto n = static_cast<std::size_t>(share * static_cast<double>(corners.size()));
      return std::clamp(corners[n].distance_m + 15, 450.0, world.length_m() - 420);
    };
    if (spins && !(ends && lap <= spin_lap)) {
      incidents_.push_back({car.index, spin_lap, corner_m(spin_at), Mishap::spin, Response::none, false});
    }
    if (!ends) continue;
    const Mishap mishap = kind < 0.40   ? Mishap::crash
                          : kind < 0.65 ? Mishap::stop_on_track
                                        : Mishap::retire_in_pits;
    const bool is_late = lap > laps * red_end_share;
    const Response response =
        is_race ? drawn_response(random, mishap, is_late) : drawn_in_session(random, mishap);
    incidents_.push_back({car.index, lap, corner_m(at), mishap, response, false});
  }
}

bool Incidents::is_gathering(const World& world, const Car& car) const {
  return std::ranges::any_of(
      spinning_, [&](const auto& spin) { return spin.first == car.index && world.now_ms < spin.second; });
}

void Incidents::happen(World& world, Director& director) {
  if (world.phase == Phase::red || world.phase == Phase::finished || world.phase == Phase::waiting) return;
  int racing = 0;
  for (const Car& car : world.cars) racing += is_racing(car) ? 1 : 0;
  for (Incident& incident : incidents_) {
    const Car& car = world.cars[static_cast<std::size_t>(incident.car)];
    const bool drives = car.place == Place::track && car.counts && !car.is_line_free && !car.retired_ms;
    if (incident.is_met || !drives || car.lap_number < incident.lap_number) continue;
    if (world.is_race() && racing <= 2 && incident.mishap != Mishap::spin) continue;
    const double gone = ahead_m(incident.at_m, car.s_m, world.length_m());
    if (gone > 30) continue;
    incident.is_met = true;
    meet(world, director, incident);
  }
}

void Incidents::meet(World& world, Director& director, const Incident& incident) {
  Car& car = world.cars[static_cast<std::size_t>(incident.car)];
  car.duel = {};
  Hazard hazard;
  hazard.marshal_sector = marshal_sector_at(world.circuit(), car.s_m);
  if (incident.mishap == Mishap::retire_in_pits) {
    car.retired_ms = world.now_ms;
    car.wants_pit = true;
    return;
  }
  if (incident.mishap == Mishap::spin) {
    spinning_.emplace_back(incident.car, world.now_ms + spin_slow_ms);
    hazard.clear_ms = world.now_ms + spin_yellow_ms;
    director.report(world, hazard, random_.chance(0.4));
    return;
  }
  car.place = Place::off_track;
  car.task = Task::stopping;
  car.retired_ms = world.now_ms;
  car.wants_pit = false;
  hazard.car = incident.car;
  hazard.response = incident.response;
  hazard.respond_ms = world.now_ms + random_.between(9'000, 26'000);
  hazard.clear_ms = world.now_ms + random_.between(60'000, 190'000);
  director.report(world, hazard, true);
}

}  // namespace slipstream::simulate
