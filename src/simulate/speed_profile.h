// The fastest speed at each point of a circuit that grip, power and brakes allow: a limit from curvature,
// then a pass forward for power and one backward for brakes. Pure; safe from any thread.
#pragma once

#include <vector>

#include "simulate/circuit.h"

namespace slipstream::simulate {

// What the car can do at a speed, in m/s^2: grip grows with downforce, power falls with speed and drag.
double lateral_grip_mps2(double speed_mps);
double acceleration_mps2(double speed_mps);
double braking_mps2(double speed_mps);

class SpeedProfile {
 public:
  SpeedProfile() = default;
  explicit SpeedProfile(const Circuit& circuit);

  double at(double distance_m) const;
  double lap_time_s() const { return time_to_end_s_.front(); }
  // How long the profile takes from there to the line.
  double time_to_line_s(double distance_m) const;

 private:
  double spacing_m_ = 1;
  std::vector<double> speed_mps_, time_to_end_s_;
};

}  // namespace slipstream::simulate
