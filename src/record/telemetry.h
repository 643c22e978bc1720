// A row of telemetry holds the sample that it was made from. Pure; safe from any thread.
#pragma once

#include <type_traits>

#include "record/rows.h"

namespace slipstream::record {

// On the bus a sample is the first revision of its row of telemetry; it has no record of its own.
template <class Row>
inline constexpr bool is_sample = std::is_same_v<Row, CarSample> || std::is_same_v<Row, PositionSample>;

inline constexpr Word source_car("car");
inline constexpr Word source_position("pos");

// Quality of a row of telemetry and of a position sample (docs/tables.md).
inline constexpr Word quality_ok("ok");
inline constexpr Word quality_gap("gap");
inline constexpr Word quality_frozen("frozen");
inline constexpr Word quality_zero("zero");
inline constexpr Word quality_estimated("estimated");

// Precondition: row.source is source_car.
inline CarSample car_sample_of(const Telemetry& row) {
  return {row.session_key, row.driver_number, row.sample_date,  row.session_time_ms, row.rpm,
          row.speed_kmh,   row.gear,          row.throttle_pct, row.is_braking,      row.drs};
}

// Precondition: row.source is source_position. Coordinates are unknown where F1 sent 0, 0, 0 and nowhere
// else.
inline PositionSample position_sample_of(const Telemetry& row) {
  const bool is_said = row.quality == quality_frozen || row.quality == quality_estimated;
  const Word quality = !row.x_dm ? quality_zero : is_said ? row.quality : quality_ok;
  return {row.session_key, row.driver_number, row.sample_date, row.session_time_ms, row.status, row.x_dm,
          row.y_dm,        row.z_dm,          quality};
}

// Metres driven in the first `since_ms` of the `step_ms` between two samples of a car, the speed changing
// evenly in between. The distance of a row of telemetry, wherever it is shown.
inline double driven_m(Int before_kmh, Int after_kmh, Int step_ms, Int since_ms) {
  const double mean_kmh = before_kmh + static_cast<double>(after_kmh - before_kmh) * since_ms / step_ms / 2;
  return mean_kmh * since_ms / 3600;
}

}  // namespace slipstream::record
