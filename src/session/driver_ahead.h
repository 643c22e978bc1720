// Who drives in front of a car, and how far. Included by session/*.cc only.
//
// Ahead is the next car on the road, whatever lap it is in: both cars' metres since their own last line
// crossing are compared, around the lap. Cars in the pits, cars that have stopped, and cars of which the last
// line crossing or the speed is not known are not on the road (C15). Pure; one thread at a time.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <vector>

#include "session/logs.h"
#include "session/telemetry_track.h"

namespace slipstream::session {

struct CarState;

// Reads an odometer at dates from `from` on that do not step back.
class OdometerReader {
 public:
  OdometerReader(const TelemetryTrack& track, UtcTime from);
  optional<double> at(UtcTime date);

 private:
  const std::vector<HeldCar>* car_;
  std::size_t next_ = 0;
};

struct OnRoad {
  Int driver_number;
  double distance_m;  // since the car's last line crossing
};

// Where all cars are. F1 samples them at the same instants, and laps that are closed one after the other
// overlap: what was found for an instant stands for the next that asks.
class Road {
 public:
  // For the instants from `from` on, which must not step back until begin() is called again. `cars` must
  // neither change nor go meanwhile.
  void begin(const std::map<Int, CarState>& cars, UtcTime zero_date, UtcTime from);
  std::span<const OnRoad> at(UtcTime date);

 private:
  struct Follower {
    const CarState* car;
    OdometerReader odometer;
    std::size_t next_lap = 0, next_event = 0;
    optional<double> line_m = {};  // the odometer at the last line crossing
    bool is_in_pit = false, is_stopped = false, is_retired = false;
  };
  struct Instant {
    UtcTime date;
    std::vector<OnRoad> cars;
  };
  void find(UtcTime date, std::vector<OnRoad>& cars);
  optional<double> distance_of(Follower& follower, UtcTime date, Int session_time_ms) const;

  UtcTime zero_date_;
  std::vector<Follower> followers_;
  std::deque<Instant> known_;   // by date
  std::size_t next_ = 0;        // in known_: the first that is not before the instant asked for last
  std::vector<OnRoad> unkept_;  // of an instant between known ones
};

struct DriverAhead {
  Int driver_number;
  double distance_m;
};
// `distance_m`: of the car itself. `lap_length_m`: nothing if it is not known; then cars beyond the line are
// not seen.
optional<DriverAhead> driver_ahead(std::span<const OnRoad> cars, Int driver_number, double distance_m,
                                   optional<double> lap_length_m);

}  // namespace slipstream::session
