#include "simulate/strategy.h"

#include "simulate/lap_book.h"

namespace slipstream::simulate {
namespace {

constexpr int sprint_laps_max = 24;  // no stop is planned in so short a race

struct Plan {
  Compound first, second, third;
  double stop, second_stop;  // as shares of the distance; 0: none
  int weight;
};
constexpr Plan plans[] = {
    {Compound::medium, Compound::hard, Compound::hard, 0.44, 0, 42},
    {Compound::hard, Compound::medium, Compound::medium, 0.57, 0, 20},
    {Compound::soft, Compound::hard, Compound::hard, 0.30, 0, 12},
    {Compound::medium, Compound::hard, Compound::medium, 0.30, 0.68, 14},
    {Compound::soft, Compound::hard, Compound::medium, 0.22, 0.64, 7},
    {Compound::hard, Compound::soft, Compound::soft, 0.74, 0, 5},
};

const Plan& drawn_plan(Random& random) {
  int total = 0;
  for (const Plan& plan : plans) total += plan.weight;
  int draw = random.below(total);
  for (const Plan& plan : plans) {
    if (draw < plan.weight) return plan;
    draw -= plan.weight;
  }
  return plans[0];
}

int laps_left(const World& world, const Car& car) { return world.total_laps - car.lap_number + 1; }

void call_in(Car& car) {
  car.wants_pit = true;
  if (!car.stop_laps.empty()) car.stop_laps.erase(car.stop_laps.begin());
}

bool suits_track(const World& world, const Car& car) {
  const double wetness = world.sky.wetness(world.now_ms);
  const Compound best = compound_for(wetness, car.planned);
  if (is_slick(best) != is_slick(car.tyres.compound)) return false;
  return is_slick(best) || best == car.tyres.compound;
}

}  // namespace

void plan_race(World& world, Car& car) {
  Random random = world.random(Purpose::strategy, car.index);
  const Plan& plan = drawn_plan(random);
  TyreSet set;
  set.compound = plan.first;
  car.planned = plan.second;
  if (world.total_laps <= sprint_laps_max) {
    set.compound = random.chance(0.75) ? Compound::medium : Compound::soft;
    car.planned = Compound::soft;
  } else {
    for (const double share : {plan.stop, plan.second_stop}) {
      const double at = share * world.total_laps + 2.2 * random.normal();
      if (share > 0) car.stop_laps.push_back(static_cast<int>(std::clamp(at, 5.0, world.total_laps - 4.0)));
    }
  }
  set.compound = compound_for(world.sky.wetness(world.scheduled_ms()), set.compound);
  set.is_fresh = !is_slick(set.compound) || random.chance(0.8);
  set.age_laps = set.is_fresh ? 0 : random.between(2, 4);
  car.fuel_laps = world.total_laps;
  fit_tyres(world, car, set);
}

void decide_stop(World& world, Car& car) {
  if (!is_racing(car) || car.wants_pit || laps_left(world, car) < 2) return;
  if (!car.stop_laps.empty() && car.lap_number >= car.stop_laps.front()) {
    call_in(car);
    // The last set has to last: after an early stop the harder one.
    if (is_slick(car.tyres.compound) && laps_left(world, car) > cliff_laps(car.planned) + 6)
      car.planned = Compound::hard;
    return;
  }
  const bool sees_it = car.pit_random.chance(0.55);  // a lap sooner or later
  if (!suits_track(world, car)) {
    if (sees_it) car.wants_pit = true;
    return;
  }
  const double worn = (car.tyres.age_laps + car.tyres.laps) * car.tyre_care - cliff_laps(car.tyres.compound);
  if (worn > 5 && laps_left(world, car) > 8 && sees_it) call_in(car);
}

void decide_cheap_stop(World& world, Car& car) {
  if (!is_racing(car) || car.wants_pit || car.place != Place::track) return;
  const double to_entry = ahead_m(car.s_m, world.circuit().pit_lane.entry_m, world.length_m());
  const bool has_stop = !car.stop_laps.empty() && laps_left(world, car) > 4;
  const bool is_in_window = has_stop && car.stop_laps.front() - car.lap_number < 17 && car.tyres.laps >= 7;
  const bool takes_it = car.pit_random.chance(0.75);
  if (is_in_window && takes_it && to_entry > 250) call_in(car);
}

}  // namespace slipstream::simulate
