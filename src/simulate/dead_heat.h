// Two cars with the same best time in a part of a qualifying, to the millisecond: in some sessions one car
// whose lap comes close to another's time is led to it over the last third of the lap.
#pragma once

#include "simulate/motion.h"
#include "simulate/world.h"

namespace slipstream::simulate {

class DeadHeat {
 public:
  explicit DeadHeat(const World& world);
  // Once a step: is there a car whose lap will come that close?
  void look_for(const World& world, const std::vector<double>& tempo);
  Drive steered(const World& world, const Car& car, Drive drive) const;

 private:
  bool is_wanted_ = false;
  int car_ = -1;
  std::int32_t line_ms_ = 0;
};

}  // namespace slipstream::simulate
