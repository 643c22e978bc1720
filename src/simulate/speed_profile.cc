#include "simulate/speed_profile.h"

#include <cmath>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

constexpr double grip_at_rest_mps2 = 17, grip_of_downforce = 0.0052;
constexpr double traction_mps2 = 11.5, power_w_per_kg = 850, drag = 0.00107;
constexpr double brakes_at_rest_mps2 = 18, brakes_of_downforce = 0.0045, brakes_most_mps2 = 50;
constexpr double fastest_mps = 95;

double corner_speed(double curvature) {
  const double tight = std::abs(curvature) - grip_of_downforce;
  return tight <= 0 ? fastest_mps : std::min(fastest_mps, std::sqrt(grip_at_rest_mps2 / tight));
}

// What cornering leaves of the tyres' grip for power or brakes.
double grip_left(double speed, double curvature) {
  const double used = std::min(1.0, speed * speed * std::abs(curvature) / lateral_grip_mps2(speed));
  return std::sqrt(std::max(0.02, 1 - used * used));
}

}  // namespace

double lateral_grip_mps2(double speed) { return grip_at_rest_mps2 + grip_of_downforce * speed * speed; }

double acceleration_mps2(double speed) {
  return std::min(traction_mps2, power_w_per_kg / std::max(speed, 1.0) - drag * speed * speed);
}

double braking_mps2(double speed) {
  return std::min(brakes_most_mps2, brakes_at_rest_mps2 + brakes_of_downforce * speed * speed);
}

SpeedProfile::SpeedProfile(const Circuit& circuit) : spacing_m_(circuit.spacing_m) {
  const auto& points = circuit.points;
  const std::size_t count = points.size();
  speed_mps_.resize(count);
  for (std::size_t n = 0; n < count; ++n) speed_mps_[n] = corner_speed(points[n].curvature_per_m);
  // Twice round: the second time starts with the speed that the first ended with.
  for (std::size_t n = 0; n < 2 * count; ++n) {
    const double v = speed_mps_[n % count];
    const double a = acceleration_mps2(v) * grip_left(v, points[n % count].curvature_per_m);
    double& next = speed_mps_[(n + 1) % count];
    next = std::min(next, std::sqrt(std::max(1.0, v * v + 2 * a * spacing_m_)));
  }
  for (std::size_t n = 2 * count; n > 0; --n) {
    const double v = speed_mps_[n % count];
    const double a = braking_mps2(v) * grip_left(v, points[n % count].curvature_per_m);
    double& before = speed_mps_[n - 1 < count ? n - 1 : n - 1 - count];
    before = std::min(before, std::sqrt(v * v + 2 * a * spacing_m_));
  }
  time_to_end_s_.resize(count + 1);
  time_to_end_s_[count] = 0;
  for (std::size_t n = count; n > 0; --n) {
    const double mean = (speed_mps_[n - 1] + speed_mps_[n % count]) / 2;
    time_to_end_s_[n - 1] = time_to_end_s_[n] + spacing_m_ / mean;
  }
}

double SpeedProfile::at(double distance_m) const {
  const double place = distance_m / spacing_m_;
  const auto n = static_cast<std::size_t>(place);
  const std::size_t count = speed_mps_.size();
  return mixed(speed_mps_[n % count], speed_mps_[(n + 1) % count], place - static_cast<double>(n));
}

double SpeedProfile::time_to_line_s(double distance_m) const {
  const double place = distance_m / spacing_m_;
  const std::size_t n = std::min(static_cast<std::size_t>(place), speed_mps_.size() - 1);
  return mixed(time_to_end_s_[n], time_to_end_s_[n + 1], place - static_cast<double>(n));
}

}  // namespace slipstream::simulate
