// How far each car of a race has come at each step, who is ahead of whom and by how much: read from a
// History. Pure; safe from any thread.
#pragma once

#include <optional>
#include <vector>

#include "simulate/history.h"

namespace slipstream::simulate {

class Progress {
 public:
  // Empty answers for sessions that are no races.
  explicit Progress(const History& history);

  // Rank among all cars; from the start to the car's flag.
  std::optional<std::int32_t> position(std::size_t car, std::int32_t step) const;
  std::optional<double> gap_to_leader_m(std::size_t car, std::int32_t step) const;
  // How long ago the leader of now passed where the car is now.
  std::optional<std::int32_t> gap_to_leader_ms(std::size_t car, std::int32_t step) const;

 private:
  bool is_known(std::size_t car, std::int32_t step) const;
  double at(std::size_t car, std::int32_t step) const { return metres_[car][static_cast<std::size_t>(step)]; }

  std::vector<std::vector<double>> metres_;  // of each car at each step
  std::vector<std::size_t> leader_;          // at each step
  std::int32_t from_step_ = 0, to_step_ = -1;
};

}  // namespace slipstream::simulate
