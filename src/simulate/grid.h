// Before a race: from the garages to the grid, the formation lap, the lights.
#pragma once

#include <vector>

#include "simulate/motion.h"
#include "simulate/world.h"

namespace slipstream::simulate {

class Grid {
 public:
  // Gives every car its slot: the order of a qualifying.
  void draw_up(World& world);
  // Once a step until the start: sends cars out, round and to their slots.
  void direct(World& world);
  Drive drive_of(const World& world, const Car& car) const;
  // The lights go out now.
  bool is_start(const World& world) const { return world.now_ms >= lights_ms_; }
  std::int32_t reaction_ms(const Car& car) const {
    return reactions_ms_[static_cast<std::size_t>(car.index)];
  }

 private:
  std::vector<int> order_;  // cars by slot
  std::vector<std::int32_t> reactions_ms_;
  std::int32_t lights_ms_ = never_ms, lights_wait_ms_ = 0;
  bool has_formed_ = false, is_exit_closed_ = false, is_exit_open_ = false;
};

}  // namespace slipstream::simulate
