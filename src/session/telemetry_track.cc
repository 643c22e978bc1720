#include "session/telemetry_track.h"

#include <algorithm>
#include <array>
#include <cmath>

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

optional<Int> straight(const optional<Int>& before, const optional<Int>& after, double part) {
  if (!before || !after) return std::nullopt;
  return static_cast<Int>(std::lround(*before + (*after - *before) * part));
}

// What each of five values counts in the derivative at the middle one of the polynomial through them.
std::array<double, 5> slope_weights(std::span<const double, 5> at) {
  std::array<double, 5> weights{};
  for (std::size_t i = 0; i < 5; ++i) {
    if (i == 2) continue;
    double product = 1 / (at[i] - at[2]);
    for (std::size_t j = 0; j < 5; ++j) {
      if (j != i && j != 2) product *= (at[2] - at[j]) / (at[i] - at[j]);
    }
    weights[i] = product;
    weights[2] += 1 / (at[2] - at[i]);
  }
  return weights;
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

// A cubic between positions[next - 1] and positions[next] whose slopes at its ends are those of the curve
// through the five samples around each. Precondition: the six samples around are whole.
class CurvePoint {
 public:
  CurvePoint(const std::vector<HeldPosition>& positions, std::size_t next, UtcTime date)
      : samples_(positions.data() + next - curve_samples) {
    std::array<double, 6> at{};
    for (std::size_t i = 0; i < at.size(); ++i) at[i] = ms_since_first(samples_[i].sample.sample_date);
    const std::array<double, 5> before = slope_weights(std::span(at).first<5>());
    const std::array<double, 5> after = slope_weights(std::span(at).last<5>());
    const double h = at[3] - at[2];
    const double u = (ms_since_first(date) - at[2]) / h;
    const double u2 = u * u, u3 = u2 * u;
    for (std::size_t i = 0; i < 5; ++i) {
      weights_[i] += (u3 - 2 * u2 + u) * h * before[i];
      weights_[i + 1] += (u3 - u2) * h * after[i];
    }
    weights_[2] += 2 * u3 - 3 * u2 + 1;
    weights_[3] += 3 * u2 - 2 * u3;
  }

  Int value(optional<Int> PositionSample::*axis) const {
    double sum = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) sum += weights_[i] * *(samples_[i].sample.*axis);
    return static_cast<Int>(std::lround(sum));
  }

 private:
  double ms_since_first(UtcTime date) const { return ms_between(samples_[0].sample.sample_date, date); }

  const HeldPosition* samples_;
  std::array<double, 6> weights_{};
};

double hundredths(double value) { return std::round(value * 100) / 100; }

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
void drop(std::vector<Held>& held, std::size_t& shown, UtcTime date) {
  const auto first =
      std::ranges::lower_bound(held, date, {}, [](const Held& each) { return each.sample.sample_date; });
  const auto index = static_cast<std::size_t>(first - held.begin());
  const std::size_t count = std::min(index > margin_samples ? index - margin_samples : 0, shown);
  if (count < held.size() / 4) return;  // not worth moving the others
  held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(count));
  shown -= count;
}

}  // namespace

void TelemetryTrack::drop_before(UtcTime date) {
  drop(car, car_shown, date);
  drop(positions, positions_shown, date);
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
  const bool is_smooth = curve_ == Curve::smooth && position_next_ >= curve_samples &&
                         is_whole(positions, position_next_ - curve_samples, 2 * curve_samples);
  const double part = static_cast<double>(ms_between(before.sample.sample_date, row.sample_date)) /
                      ms_between(before.sample.sample_date, after.sample.sample_date);
  optional<CurvePoint> curve;
  if (is_smooth) curve.emplace(positions, position_next_, row.sample_date);
  const auto fill = [&](optional<Int> PositionSample::*axis) {
    return curve ? optional(curve->value(axis)) : straight(before.sample.*axis, after.sample.*axis, part);
  };
  row.x_dm = fill(&PositionSample::x_dm);
  row.y_dm = fill(&PositionSample::y_dm);
  row.z_dm = fill(&PositionSample::z_dm);
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
  row.rpm = straight(before.rpm, after.rpm, part);
  row.speed_kmh = straight(before.speed_kmh, after.speed_kmh, part);
  row.throttle_pct = straight(before.throttle_pct, after.throttle_pct, part);
}

// From the speed along the way; across it from how fast the direction turns between the positions two before
// and two behind, because those next to each other are too coarse (1/10 m).
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
          hundredths((*after.speed_kmh - *before.speed_kmh) * mps_of_kmh * 1000 / step_ms);
    }
  }
  if (position_next_ < 3 || !row.speed_kmh || !is_whole(positions, position_next_ - 3, 5)) return;
  const PositionSample& a = positions[position_next_ - 3].sample;
  const PositionSample& b = positions[position_next_ - 1].sample;
  const PositionSample& c = positions[position_next_ + 1].sample;
  const double x1 = *b.x_dm - *a.x_dm, y1 = *b.y_dm - *a.y_dm, x2 = *c.x_dm - *b.x_dm, y2 = *c.y_dm - *b.y_dm;
  if (std::hypot(x1, y1) < 10 || std::hypot(x2, y2) < 10) return;  // a metre: it hardly moves
  const double turn = std::atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2);
  const double step_s = ms_between(a.sample_date, c.sample_date) / 2000.0;
  row.lateral_acceleration_mps2 = hundredths(*row.speed_kmh * mps_of_kmh * turn / step_s);
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
