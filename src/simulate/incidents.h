// What goes wrong on the road: spins, cars that stop or crash, cars that roll into the pits for good. Planned
// from the seed, met when the car comes to the place.
#pragma once

#include <vector>

#include "simulate/director.h"
#include "simulate/world.h"

namespace slipstream::simulate {

enum class Mishap : std::uint8_t { spin, stop_on_track, crash, retire_in_pits };

struct Incident {
  int car = 0;
  int lap_number = 1;
  double at_m = 0;
  Mishap mishap = Mishap::spin;
  Response response = Response::none;
  bool is_met = false;
};

class Incidents {
 public:
  explicit Incidents(const World& world);
  // Once a step, before the cars move.
  void happen(World& world, Director& director);

 private:
  void meet(World& world, Director& director, const Incident& incident);

  std::vector<Incident> incidents_;
  std::vector<std::pair<int, std::int32_t>> spinning_;  // car, until when it is slow
  Random random_;

 public:
  // A car that has spun gathers itself.
  bool is_gathering(const World& world, const Car& car) const;
};

}  // namespace slipstream::simulate
