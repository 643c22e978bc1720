#include "session/driver_ahead.h"

#include <algorithm>

#include "session/state.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;

// Instants that are kept: seven minutes, the longest that laps of different cars overlap but for stops.
constexpr std::size_t known_max = 4096;

}  // namespace

OdometerReader::OdometerReader(const TelemetryTrack& track, UtcTime from) : car_(&track.car) {
  const auto next =
      std::ranges::lower_bound(*car_, from, {}, [](const HeldCar& h) { return h.sample.sample_date; });
  next_ = static_cast<std::size_t>(next - car_->begin());
}

optional<double> OdometerReader::at(UtcTime date) {
  while (next_ < car_->size() && (*car_)[next_].sample.sample_date <= date) ++next_;
  return odometer_between(*car_, next_, date);
}

void Road::begin(const std::map<Int, CarState>& cars, UtcTime zero_date, UtcTime from) {
  if (zero_date != zero_date_) known_.clear();
  zero_date_ = zero_date;
  followers_.clear();
  for (const auto& [number, car] : cars) {
    if (!car.track.car.empty()) followers_.push_back({&car, OdometerReader(car.track, from)});
  }
  while (known_.size() > known_max) known_.pop_front();
  next_ =
      static_cast<std::size_t>(std::ranges::lower_bound(known_, from, {}, &Instant::date) - known_.begin());
}

std::span<const OnRoad> Road::at(UtcTime date) {
  while (next_ < known_.size() && known_[next_].date < date) ++next_;
  if (next_ < known_.size() && known_[next_].date == date) return known_[next_].cars;
  if (next_ < known_.size()) {
    find(date, unkept_);
    return unkept_;
  }
  Instant& instant = known_.emplace_back(Instant{date, {}});
  find(date, instant.cars);
  return instant.cars;
}

void Road::find(UtcTime date, std::vector<OnRoad>& cars) {
  const auto session_time_ms = static_cast<Int>((date - zero_date_).count());
  cars.clear();
  for (Follower& follower : followers_) {
    if (const optional<double> distance_m = distance_of(follower, date, session_time_ms))
      cars.push_back({follower.car->log.driver_number, *distance_m});
  }
}

optional<double> Road::distance_of(Follower& follower, UtcTime date, Int session_time_ms) const {
  const auto& events = follower.car->log.road_events;
  for (; follower.next_event < events.size(); ++follower.next_event) {
    const CarEvent& event = events[follower.next_event];
    if (event.session_time_ms > session_time_ms) break;
    if (event.kind == Kind::in_pit) follower.is_in_pit = event.value != 0;
    if (event.kind == Kind::stopped) follower.is_stopped = event.value != 0;
    if (event.kind == Kind::retired) follower.is_retired = event.value != 0;
  }
  const auto& laps = follower.car->laps;
  optional<Int> line_ms;
  for (; follower.next_lap < laps.size(); ++follower.next_lap) {
    const auto end_ms = laps[follower.next_lap].session_time_ms;
    if (end_ms && *end_ms > session_time_ms) break;
    if (end_ms) line_ms = end_ms;
  }
  if (line_ms) follower.line_m = follower.car->track.odometer_at(zero_date_ + SessionTime(*line_ms));
  if (follower.is_in_pit || follower.is_stopped || follower.is_retired || !follower.line_m)
    return std::nullopt;
  const optional<double> odometer_m = follower.odometer.at(date);
  if (!odometer_m) return std::nullopt;
  return *odometer_m - *follower.line_m;
}

optional<DriverAhead> driver_ahead(std::span<const OnRoad> cars, Int driver_number, double distance_m,
                                   optional<double> lap_length_m) {
  optional<DriverAhead> ahead;
  for (const OnRoad& rival : cars) {
    if (rival.driver_number == driver_number) continue;
    double gap_m = rival.distance_m - distance_m;
    if (gap_m < 0 && lap_length_m) gap_m += *lap_length_m;
    if (gap_m < 0 || (ahead && gap_m >= ahead->distance_m)) continue;
    ahead = DriverAhead{rival.driver_number, gap_m};
  }
  return ahead;
}

}  // namespace slipstream::session
