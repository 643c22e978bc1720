// The samples of one car that are still needed, and what is filled in between them.
//
// Every sample becomes a row of `telemetry`: at once with what the half second around it says (revision 0),
// and again when its lap is closed (session/lap_telemetry.h). A track keeps the samples until the lap after
// theirs is closed. Values; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "record/rows.h"
#include "record/telemetry.h"

namespace slipstream::session {

using record::Int;
using std::optional;

// Two samples of a stream further apart than this have nothing to say of what was between them.
inline constexpr Int telemetry_gap_ms = 1500;

struct HeldCar {
  record::CarSample sample;
  double odometer_m = 0;      // driven since the first sample; stands still over gaps in the speed
  std::uint8_t revision = 0;  // of its row, as published last
};

struct HeldPosition {
  record::PositionSample sample;
  std::uint8_t revision = 0;
  // True if the coordinates say where the car is.
  bool is_known() const { return sample.x_dm.has_value() && sample.quality == record::quality_ok; }
};

struct TelemetryTrack {
  std::vector<HeldCar> car;  // by date
  std::vector<HeldPosition> positions;
  std::size_t car_shown = 0, positions_shown = 0;  // rows of revision 0 that are out
  std::size_t car_out = 0, positions_out = 0;      // samples that are out, where they wait for their lap

  void add(const record::CarSample& sample);
  void add(const record::PositionSample& sample);
  // Forgets samples before `date`, but for the few that the curve through the next ones needs.
  void drop_before(UtcTime date);
  // Metres on the odometer at `date`; nothing outside the held samples.
  optional<double> odometer_at(UtcTime date) const;
};

// As TelemetryTrack::odometer_at(), where `next` is known: the first sample behind `date`.
optional<double> odometer_between(const std::vector<HeldCar>& car, std::size_t next, UtcTime date);

// Fills rows of one track from `from` on; dates must not step back from one call to the next.
class TelemetryFiller {
 public:
  enum class Curve { straight, smooth };
  struct Slope {  // of a car's way at a sample of its position, 1/10 m in a millisecond
    double x = 0, y = 0, z = 0;
  };
  TelemetryFiller(const TelemetryTrack& track, UtcTime from, Curve curve);

  // `row` has to be as it was made; in place, because rows are large and there are hundreds of thousands.
  void fill_of_car(std::size_t index, record::Telemetry& row);
  void fill_of_position(std::size_t index, record::Telemetry& row);

 private:
  void fill_position(record::Telemetry& row);
  void fill_channels(record::Telemetry& row);
  void set_accelerations(record::Telemetry& row);
  bool is_curve_known();

  const TelemetryTrack& track_;
  Curve curve_;
  std::size_t car_next_ = 0, position_next_ = 0;  // first sample behind the row
  // What was worked out for an earlier row, and for which position_next_; 0: for none.
  std::size_t slopes_at_ = 0, turn_at_ = 0;
  bool has_slopes_ = false;
  std::array<Slope, 2> slopes_;  // at the positions before and behind the row
  optional<double> turn_per_s_;
};

}  // namespace slipstream::session
