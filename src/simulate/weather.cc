#include "simulate/weather.h"

#include <algorithm>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t wetness_step_ms = 10'000, minute_ms = 60'000;

double one_decimal(double x) { return static_cast<double>(rounded(x * 10)) / 10; }

}  // namespace

Sky::Sky(std::uint64_t seed, double rain_probability, std::int32_t span_ms) : seed_(seed) {
  Random random(seed, Purpose::weather);
  if (random.chance(rain_probability)) {
    const int count = random.between(1, 2);
    for (int n = 0; n < count; ++n) {
      Shower shower;
      shower.from_ms = static_cast<std::int32_t>(random.between(-0.1, 0.75) * span_ms);
      shower.to_ms = shower.from_ms + random.between(8, 30) * minute_ms;
      shower.strength = random.between(0.25, 1.0);
      showers_.push_back(shower);
    }
  }
  double wet = 0;
  for (std::int32_t at = -30 * minute_ms; at < span_ms; at += wetness_step_ms) {
    double rain = 0;
    for (const Shower& shower : showers_) {
      if (at >= shower.from_ms && at < shower.to_ms) rain = std::max(rain, shower.strength);
    }
    // Towards the rain's strength within some five minutes; dry again within some fifteen.
    wet += rain > wet ? (rain - wet) * 0.035 : -std::min(wet, 0.0075);
    if (at >= 0) wetness_.push_back(wet);
  }
}

double Sky::wetness(std::int32_t session_time_ms) const {
  if (wetness_.empty() || session_time_ms < 0) return 0;
  const auto at = static_cast<std::size_t>(session_time_ms / wetness_step_ms);
  return wetness_[std::min(at, wetness_.size() - 1)];
}

bool Sky::is_raining(std::int32_t session_time_ms) const {
  return std::ranges::any_of(showers_, [&](const Shower& shower) {
    return session_time_ms >= shower.from_ms && session_time_ms < shower.to_ms;
  });
}

std::vector<record::Weather> Sky::rows(SessionKey key, std::int32_t end_ms) const {
  Random random(seed_, Purpose::weather, 1);
  double air = random.between(16.0, 31.0), wind = random.between(0.5, 3.0),
         humidity = random.between(30.0, 65.0);
  double direction = random.between(0.0, 359.0);
  const double sun = random.between(6.0, 19.0), pressure = random.between(930.0, 1020.0);
  std::vector<record::Weather> rows;
  for (std::int32_t at = 1000 + random.below(minute_ms); at < end_ms; at += minute_ms) {
    air += 0.06 * random.normal();
    wind = std::clamp(wind + 0.4 * random.normal(), 0.0, 9.0);
    humidity = std::clamp(humidity + 0.4 * random.normal() + (is_raining(at) ? 0.8 : 0.0), 15.0, 98.0);
    direction = wrapped(direction + 14 * random.normal(), 360);
    record::Weather row;
    row.session_key = key;
    row.message_number = static_cast<record::Int>(rows.size());
    row.session_time_ms = at;
    row.air_temperature_c = one_decimal(air);
    row.track_temperature_c = one_decimal(air + sun * (1 - 0.8 * wetness(at)) + 0.2 * random.normal());
    row.humidity_pct = static_cast<double>(rounded(humidity));
    row.pressure_mbar = one_decimal(pressure + 0.05 * random.normal());
    row.is_raining = is_raining(at);
    row.wind_direction_deg = static_cast<record::Int>(floor_of(direction));
    row.wind_speed_mps = one_decimal(wind);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace slipstream::simulate
