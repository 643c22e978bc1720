#include "session/telemetry_track.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "session/rounded.h"

namespace slipstream::session {
namespace {

using record::CarSample;
using record::PositionSample;
using record::Telemetry;

constexpr double mps_of_kmh = 1 / 3.6;
// What a curve through the samples beside a moment may look at: so many on each side.
constexpr std::size_t curve_samples = 3;
constexpr std::size_t margin_samples = 8;

Int ms_between(UtcTime from, UtcTime to) { return static_cast<Int>((to - from).count()); }

bool is_near(UtcTime from, UtcTime to) { return to - from <= SessionTime(telemetry_gap_ms); }

// `between` is unknown as it comes.
void set_straight(optional<Int>& between, const optional<Int>& before, const optional<Int>& after,
                  double part) {
  if (before && after) between = whole(*before + (*after - *before) * part);
}

// True if the samples [first, first + count) are all known and near each other.
bool is_whole(const std::vector<HeldPosition>& positions, std::size_t first, std::size_t count) {
  if (first + count > positions.size()) return false;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!positions[i].is_known()) return false;
    if (i > first && !is_near(positions[i - 1].sample.sample_date, positions[i].sample.sample_date))
      return false;
  }
  return true;
}

// The derivative at the middle one of the polynomial through five positions, 1/10 m in a millisecond.
TelemetryFiller::Slope slope_of(const HeldPosition* middle) {
  const auto at = [middle](std::ptrdiff_t i) {
    return static_cast<double>(ms_between(middle->sample.sample_date, middle[i].sample.sample_date));
  };
  const std::array<double, 4> t = {at(-2), at(-1), at(1), at(2)};
  const HeldPosition* const others[] = {middle - 2, middle - 1, middle + 1, middle + 2};
  TelemetryFiller::Slope slope;
  for (std::size_t i = 0; i < t.size(); ++i) {
    double above = 1, below = t[i];
    for (std::size_t j = 0; j < t.size(); ++j) {
      if (j == i) continue;
      above *= -t[j];
      below *= t[i] - t[j];
    }
    // Each value counts by its distance to the middle one's, whose own weight is minus the sum of theirs.
    const double weight = above / below;
    slope.x += weight * (*others[i]->sample.x_dm - *middle->sample.x_dm);
    slope.y += weight * (*others[i]->sample.y_dm - *middle->sample.y_dm);
    slope.z += weight * (*others[i]->sample.z_dm - *middle->sample.z_dm);
  }
  return slope;
}

// A cubic over one step whose value and slope at its ends are given, at `part` of it.
class Hermite {
 public:
  Hermite(double part, double step_ms)
      : to_after_((3 - 2 * part) * part * part),
        by_slope_before_((part - 1) * (part - 1) * part * step_ms),
        by_slope_after_((part - 1) * part * part * step_ms) {}
  Int at(Int before, Int after, double slope_before, double slope_after) const {
    return whole(before + to_after_ * (after - before) + by_slope_before_ * slope_before +
                 by_slope_after_ * slope_after);
  }

 private:
  double to_after_, by_slope_before_, by_slope_after_;
};

// How fast the direction turns, in radians a second, between the positions two before and two behind the last
// one before a moment: those next to each other are too coarse (1/10 m).
optional<double> turn_around(const std::vector<HeldPosition>& positions, std::size_t next) {
  if (next < 3 || !is_whole(positions, next - 3, 5)) return std::nullopt;
  const PositionSample& a = positions[next - 3].sample;
  const PositionSample& b = positions[next - 1].sample;
  const PositionSample& c = positions[next + 1].sample;
  const double x1 = *b.x_dm - *a.x_dm, y1 = *b.y_dm - *a.y_dm, x2 = *c.x_dm - *b.x_dm, y2 = *c.y_dm - *b.y_dm;
  constexpr double hardly_moves = 10 * 10;  // a metre, squared
  if (x1 * x1 + y1 * y1 < hardly_moves || x2 * x2 + y2 * y2 < hardly_moves) return std::nullopt;
  const double turn = std::atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2);
  return turn * 2000 / ms_between(a.sample_date, c.sample_date);
}

}  // namespace

void TelemetryTrack::add(const CarSample& sample) {
  double odometer_m = car.empty() ? 0 : car.back().odometer_m;
  if (!car.empty()) {
    const CarSample& last = car.back().sample;
    const auto step_ms = ms_between(last.sample_date, sample.sample_date);
    if (last.speed_kmh && sample.speed_kmh && step_ms > 0 && step_ms <= 2 * telemetry_gap_ms)
      odometer_m += record::driven_m(*last.speed_kmh, *sample.speed_kmh, step_ms, step_ms);
  }
  car.push_back({sample, odometer_m, 0});
}

void TelemetryTrack::add(const PositionSample& sample) { positions.push_back({sample, 0}); }

namespace {

template <class Held>
void drop(std::vector<Held>& held, std::size_t& shown, std::size_t& out, UtcTime date) {
  const auto first =
      std::ranges::lower_bound(held, date, {}, [](const Held& each) { return each.sample.sample_date; });
  const auto index = static_cast<std::size_t>(first - held.begin());
  const std::size_t count = std::min(index > margin_samples ? index - margin_samples : 0, shown);
  if (count < held.size() / 4) return;  // not worth moving the others
  held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(count));
  shown -= count;
  out -= std::min(out, count);
}

}  // namespace

void TelemetryTrack::drop_before(UtcTime date) {
  drop(car, car_shown, car_out, date);
  drop(positions, positions_shown, positions_out, date);
}

optional<double> TelemetryTrack::odometer_at(UtcTime date) const {
  const auto next =
      std::ranges::upper_bound(car, date, {}, [](const HeldCar& held) { return held.sample.sample_date; });
  return odometer_between(car, static_cast<std::size_t>(next - car.begin()), date);
}

optional<double> odometer_between(const std::vector<HeldCar>& car, std::size_t next, UtcTime date) {
  if (next == 0) return std::nullopt;
  const HeldCar& before = car[next - 1];
  const Int since_ms = ms_between(before.sample.sample_date, date);
  if (since_ms > telemetry_gap_ms) return std::nullopt;
  if (!before.sample.speed_kmh) return before.odometer_m;
  const Int speed_kmh = *before.sample.speed_kmh;
  if (next == car.size() || !car[next].sample.speed_kmh)
    return before.odometer_m + record::driven_m(speed_kmh, speed_kmh, 1, since_ms);
  const Int step_ms = ms_between(before.sample.sample_date, car[next].sample.sample_date);
  return before.odometer_m + record::driven_m(speed_kmh, *car[next].sample.speed_kmh, step_ms, since_ms);
}

TelemetryFiller::TelemetryFiller(const TelemetryTrack& track, UtcTime from, Curve curve)
    : track_(track), curve_(curve) {
  const auto date_of = [](const auto& held) { return held.sample.sample_date; };
  const auto car = std::ranges::lower_bound(track.car, from, {}, date_of);
  const auto position = std::ranges::lower_bound(track.positions, from, {}, date_of);
  car_next_ = static_cast<std::size_t>(car - track.car.begin());
  position_next_ = static_cast<std::size_t>(position - track.positions.begin());
}

void TelemetryFiller::fill_position(Telemetry& row) {
  const auto& positions = track_.positions;
  while (position_next_ < positions.size() &&
         positions[position_next_].sample.sample_date <= row.sample_date) {
    ++position_next_;
  }
  if (position_next_ > 0) row.status = positions[position_next_ - 1].sample.status;
  if (position_next_ == 0 || position_next_ == positions.size()) return;
  const HeldPosition& before = positions[position_next_ - 1];
  const HeldPosition& after = positions[position_next_];
  const bool is_frozen =
      before.sample.quality == record::quality_frozen || after.sample.quality == record::quality_frozen;
  if (is_frozen) row.quality = record::quality_frozen;
  if (!before.is_known() || !after.is_known()) return;
  if (!is_near(before.sample.sample_date, after.sample.sample_date)) return;
  const double step_ms = ms_between(before.sample.sample_date, after.sample.sample_date);
  const double part = ms_between(before.sample.sample_date, row.sample_date) / step_ms;
  if (!is_curve_known()) {
    set_straight(row.x_dm, before.sample.x_dm, after.sample.x_dm, part);
    set_straight(row.y_dm, before.sample.y_dm, after.sample.y_dm, part);
    set_straight(row.z_dm, before.sample.z_dm, after.sample.z_dm, part);
    return;
  }
  const Hermite cubic(part, step_ms);
  row.x_dm = cubic.at(*before.sample.x_dm, *after.sample.x_dm, slopes_[0].x, slopes_[1].x);
  row.y_dm = cubic.at(*before.sample.y_dm, *after.sample.y_dm, slopes_[0].y, slopes_[1].y);
  row.z_dm = cubic.at(*before.sample.z_dm, *after.sample.z_dm, slopes_[0].z, slopes_[1].z);
}

// Brings slopes_ up to the two positions around the row. False if the curve has no meaning there.
bool TelemetryFiller::is_curve_known() {
  if (curve_ != Curve::smooth || position_next_ < curve_samples) return false;
  if (slopes_at_ == position_next_) return has_slopes_;
  const bool had_slopes = std::exchange(has_slopes_, false);
  has_slopes_ = is_whole(track_.positions, position_next_ - curve_samples, 2 * curve_samples);
  if (has_slopes_) {
    const HeldPosition* after = track_.positions.data() + position_next_;
    const bool is_next = slopes_at_ + 1 == position_next_ && had_slopes;
    slopes_[0] = is_next ? slopes_[1] : slope_of(after - 1);
    slopes_[1] = slope_of(after);
  }
  slopes_at_ = position_next_;
  return has_slopes_;
}

void TelemetryFiller::fill_channels(Telemetry& row) {
  const auto& car = track_.car;
  while (car_next_ < car.size() && car[car_next_].sample.sample_date <= row.sample_date) ++car_next_;
  if (car_next_ == 0) return;
  const CarSample& before = car[car_next_ - 1].sample;
  if (!is_near(before.sample_date, row.sample_date)) return;
  row.gear = before.gear;
  row.is_braking = before.is_braking;
  row.drs = before.drs;
  if (car_next_ == car.size()) return;
  const CarSample& after = car[car_next_].sample;
  if (!is_near(before.sample_date, after.sample_date)) return;
  const double part = static_cast<double>(ms_between(before.sample_date, row.sample_date)) /
                      ms_between(before.sample_date, after.sample_date);
  set_straight(row.rpm, before.rpm, after.rpm, part);
  set_straight(row.speed_kmh, before.speed_kmh, after.speed_kmh, part);
  set_straight(row.throttle_pct, before.throttle_pct, after.throttle_pct, part);
}

// From the speed along the way; across it from how fast the direction turns.
void TelemetryFiller::set_accelerations(Telemetry& row) {
  const auto& car = track_.car;
  const auto& positions = track_.positions;
  while (car_next_ < car.size() && car[car_next_].sample.sample_date <= row.sample_date) ++car_next_;
  while (position_next_ < positions.size() &&
         positions[position_next_].sample.sample_date <= row.sample_date) {
    ++position_next_;
  }
  if (car_next_ >= 2 && car_next_ < car.size()) {
    const CarSample& before = car[car_next_ - 2].sample;
    const CarSample& after = car[car_next_].sample;
    const Int step_ms = ms_between(before.sample_date, after.sample_date);
    if (before.speed_kmh && after.speed_kmh && step_ms <= telemetry_gap_ms) {
      row.longitudinal_acceleration_mps2 =
          rounded((*after.speed_kmh - *before.speed_kmh) * mps_of_kmh * 1000 / step_ms, 100);
    }
  }
  if (!row.speed_kmh) return;
  if (turn_at_ != position_next_) {
    turn_at_ = position_next_;
    turn_per_s_ = turn_around(positions, position_next_);
  }
  if (turn_per_s_) row.lateral_acceleration_mps2 = rounded(*row.speed_kmh * mps_of_kmh * *turn_per_s_, 100);
}

namespace {

void set_quality(Telemetry& row) {
  if (!row.quality.empty()) return;
  const bool has_all = row.x_dm && row.speed_kmh && row.rpm && row.gear && row.throttle_pct && row.is_braking;
  row.quality = has_all ? record::quality_ok : record::quality_gap;
}

}  // namespace

void TelemetryFiller::fill_of_car(std::size_t index, Telemetry& row) {
  const CarSample& sample = track_.car[index].sample;
  row.driver_number = sample.driver_number;
  row.sample_date = sample.sample_date;
  row.source = record::source_car;
  row.session_time_ms = sample.session_time_ms;
  row.rpm = sample.rpm;
  row.speed_kmh = sample.speed_kmh;
  row.gear = sample.gear;
  row.throttle_pct = sample.throttle_pct;
  row.is_braking = sample.is_braking;
  row.drs = sample.drs;
  fill_position(row);
  set_quality(row);
  if (curve_ == Curve::smooth) set_accelerations(row);
}

void TelemetryFiller::fill_of_position(std::size_t index, Telemetry& row) {
  const PositionSample& sample = track_.positions[index].sample;
  row.driver_number = sample.driver_number;
  row.sample_date = sample.sample_date;
  row.source = record::source_position;
  row.session_time_ms = sample.session_time_ms;
  row.status = sample.status;
  row.x_dm = sample.x_dm;
  row.y_dm = sample.y_dm;
  row.z_dm = sample.z_dm;
  if (sample.quality == record::quality_frozen) row.quality = record::quality_frozen;
  fill_channels(row);
  set_quality(row);
  if (curve_ == Curve::smooth) set_accelerations(row);
}

}  // namespace slipstream::session
