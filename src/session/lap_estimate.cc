#include "session/lap_estimate.h"

#include <algorithm>
#include <cmath>

#include "session/circuit_corners.h"

namespace slipstream::session {
namespace {

using std::optional;

constexpr double fastest_m_per_ms = 0.111;  // 400 km/h

// What a Formula 1 car can do, in m/s and m/s2: grip and brakes grow with the air pressing it down.
constexpr double top_speed = 92;
constexpr double grip = 18, grip_by_air = 0.0035;
constexpr double brakes = 20, brakes_by_air = 0.004;
constexpr double pull = 11, power = 900, drag = 0.00115;

double corner_speed(double bend) {
  const double excess = std::abs(bend) - grip_by_air;
  return excess <= 0 ? top_speed : std::min(top_speed, std::sqrt(grip / excess));
}

// Speed at each point: as the bends allow, then as the engine and the brakes do, twice round so that the
// lap's beginning knows of its end.
std::vector<double> speeds_of(const Path& line) {
  std::vector<double> speeds;
  for (const double bend : smooth_bends(line)) speeds.push_back(corner_speed(bend));
  const std::size_t count = speeds.size();
  const double step_m = line.step_m();
  for (std::size_t i = 0; i < 2 * count; ++i) {
    const double v = speeds[i % count];
    const double gain = std::max(0.0, std::min(pull, power / v - drag * v * v));
    double& next = speeds[(i + 1) % count];
    next = std::min(next, std::sqrt(v * v + 2 * gain * step_m));
  }
  for (std::size_t i = 2 * count; i-- > 0;) {
    const double v = speeds[(i + 1) % count];
    double& before = speeds[i % count];
    before = std::min(before, std::sqrt(v * v + 2 * (brakes + brakes_by_air * v * v) * step_m));
  }
  return speeds;
}

}  // namespace

Pace::Pace(const Path& line) : step_m_(line.step_m()) {
  const std::vector<double> speeds = speeds_of(line);
  times_ms_.push_back(0);
  for (std::size_t i = 0; i < speeds.size(); ++i) {
    const double mean = (speeds[i] + speeds[(i + 1) % speeds.size()]) / 2;
    times_ms_.push_back(times_ms_.back() + 1000 * step_m_ / mean);
  }
}

double Pace::time_ms(double distance_m) const {
  const auto count = static_cast<double>(times_ms_.size() - 1);
  const double rounds = std::floor(distance_m / (count * step_m_));
  const double step = std::clamp(distance_m / step_m_ - rounds * count, 0.0, count);
  const auto index = std::min(static_cast<std::size_t>(step), times_ms_.size() - 2);
  const double part = step - static_cast<double>(index);
  return rounds * times_ms_.back() + times_ms_[index] + (times_ms_[index + 1] - times_ms_[index]) * part;
}

double Pace::distance_m(double time_ms) const {
  const double rounds = std::floor(time_ms / times_ms_.back());
  const double in_lap_ms = time_ms - rounds * times_ms_.back();
  const auto next = std::ranges::upper_bound(times_ms_, in_lap_ms);
  const auto index = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(next - times_ms_.begin() - 1, 0, std::ssize(times_ms_) - 2));
  const double part = (in_lap_ms - times_ms_[index]) / (times_ms_[index + 1] - times_ms_[index]);
  const double lap_m = static_cast<double>(times_ms_.size() - 1) * step_m_;
  return rounds * lap_m + (static_cast<double>(index) + std::clamp(part, 0.0, 1.0)) * step_m_;
}

bool can_follow(const Anchor& before, const Anchor& after) {
  return after.distance_m >= before.distance_m && after.time_ms > before.time_ms &&
         after.distance_m - before.distance_m <= fastest_m_per_ms * (after.time_ms - before.time_ms);
}

std::vector<Anchor> possible_anchors(std::vector<Anchor> sure, std::vector<Anchor> doubtful) {
  std::ranges::sort(sure, {}, &Anchor::time_ms);
  std::ranges::sort(doubtful, {}, &Anchor::time_ms);
  std::vector<Anchor> possible;
  auto next = doubtful.begin();
  for (const Anchor& anchor : sure) {
    for (; next != doubtful.end() && next->time_ms < anchor.time_ms; ++next) {
      if (!possible.empty() && can_follow(possible.back(), *next) && can_follow(*next, anchor))
        possible.push_back(*next);
    }
    if (possible.empty() || can_follow(possible.back(), anchor)) possible.push_back(anchor);
  }
  return possible;
}

namespace {

// How fast the value grows at anchor i: between the two sides' rates, so that nothing ever steps back
// (Fritsch and Carlson's harmonic mean).
template <class Value>
double rate_at(std::span<const Anchor> anchors, std::size_t i, Value value) {
  const auto rate = [&](std::size_t k) {
    return (value(anchors[k + 1]) - value(anchors[k])) / (anchors[k + 1].time_ms - anchors[k].time_ms);
  };
  if (i == 0) return rate(0);
  if (i + 1 == anchors.size()) return rate(i - 1);
  const double before = rate(i - 1), behind = rate(i);
  if (before <= 0 || behind <= 0) return 0;
  return 2 * before * behind / (before + behind);
}

// The value between anchors i and i + 1, by a cubic.
template <class Value>
double smooth_at(std::span<const Anchor> anchors, std::size_t i, double time_ms, Value value) {
  const double step_ms = anchors[i + 1].time_ms - anchors[i].time_ms;
  const double u = (time_ms - anchors[i].time_ms) / step_ms, u2 = u * u, u3 = u2 * u;
  return (2 * u3 - 3 * u2 + 1) * value(anchors[i]) + (3 * u2 - 2 * u3) * value(anchors[i + 1]) +
         (u3 - 2 * u2 + u) * step_ms * rate_at(anchors, i, value) +
         (u3 - u2) * step_ms * rate_at(anchors, i + 1, value);
}

}  // namespace

optional<double> estimated_distance(std::span<const Anchor> anchors, const Pace& pace, double time_ms) {
  const auto next = std::ranges::upper_bound(anchors, time_ms, {}, &Anchor::time_ms);
  if (next == anchors.begin() || next == anchors.end()) return std::nullopt;
  const auto i = static_cast<std::size_t>(next - anchors.begin()) - 1;
  const auto pace_ms = [&](const Anchor& anchor) { return pace.time_ms(anchor.distance_m); };
  return pace.distance_m(smooth_at(anchors, i, time_ms, pace_ms));
}

double expected_distance(std::span<const Anchor> anchors, const Pace& pace, double time_ms) {
  constexpr std::size_t looked_back = 4;                // some 15 s
  constexpr double usual = 1.1, least = 0.8, most = 6;  // of the pace's time
  const Anchor& last = anchors.back();
  const Anchor& early = anchors[anchors.size() > looked_back ? anchors.size() - 1 - looked_back : 0];
  const double pace_ms = pace.time_ms(last.distance_m) - pace.time_ms(early.distance_m);
  const double slowness =
      pace_ms > 0 ? std::clamp((last.time_ms - early.time_ms) / pace_ms, least, most) : usual;
  return pace.distance_m(pace.time_ms(last.distance_m) + (time_ms - last.time_ms) / slowness);
}

}  // namespace slipstream::session
