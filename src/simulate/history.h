// What really happened in a simulated session, to the millisecond: the truth that the feed is written from
// (script.h) and that a reading of the feed is compared with (truth.h).
//
// Rows are those of record/rows.h, in the order of their keys, filled as a reader would fill them that knows
// everything: nothing late, nothing missing, corrections made. Session times count from the feed's first
// message. Pure values; safe from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "record/rows.h"
#include "simulate/circuit.h"
#include "simulate/options.h"

namespace slipstream::simulate {

// Where a car is on its way: distance along the centre line of the circuit or of the pit lane.
enum class Place : std::uint8_t { garage, pit_lane, track, off_track, gone };

// A car's state at one step (History::step). Its point in space: Circuit::at(place, distance_m, offset_m).
struct CarState {
  double distance_m = 0;  // from the start line (track), from the entry (pit lane); never beyond the length
  float offset_m = 0;     // across the centre line, positive to the left
  float speed_mps = 0;
  float rpm = 0;
  std::uint8_t gear = 0;
  std::uint8_t throttle_pct = 0;
  bool is_braking = false;
  bool has_drs = false;  // flap open; overtake mode from 2026 on, which the feed does not send
  Place place = Place::garage;
  std::int16_t lap_number = 0;  // the lap it is in, 0 in front of its first
};

// A car passed the end of a mini-sector (the last one of a sector ends the sector, of sector 3 the lap).
struct Crossing {
  std::int32_t session_time_ms = 0;
  std::int16_t lap_number = 0;                             // the lap that the mini-sector belongs to
  std::uint8_t sector_number = 0, mini_sector_number = 0;  // from 1
  bool ends_sector = false;
  bool in_pit_lane = false;  // timed in the pit lane
  std::int16_t speed_kmh = 0;
};

struct CarHistory {
  std::int32_t first_step = 0;      // the step of states.front()
  std::vector<CarState> states;     // one a step, to the end of the session
  std::vector<Crossing> crossings;  // in order of time
};

struct History {
  static constexpr std::int32_t step_ms = 100;

  Options options;
  Circuit circuit;
  record::Session session;              // zero_date is the instant of session time 0
  std::vector<record::Driver> drivers;  // in order of car number
  std::vector<CarHistory> cars;         // of each of `drivers`
  std::int32_t end_ms = 0;              // of the feed

  std::vector<record::Lap> laps;
  std::vector<record::Stint> stints;
  std::vector<record::PitStop> pit_stops;
  std::vector<record::Overtake> overtakes;
  std::vector<record::Penalty> penalties;
  std::vector<record::RaceControl> race_control;
  std::vector<record::TrackStatus> track_status;
  std::vector<record::SessionStatus> session_status;
  std::vector<record::SessionPart> session_parts;
  std::vector<record::FlagZone> flag_zones;
  std::vector<record::TrackMode> track_modes;
  std::vector<record::Weather> weather;
  std::vector<record::TeamRadio> team_radio;
  std::vector<record::LapCount> lap_count;
  std::vector<record::SessionClock> clock;  // each change: set, started, stopped
  std::vector<record::SessionResult> results;
  std::vector<record::ChampionshipPrediction> championship_prediction;  // as F1 made it; races and sprints
  // Deletions and reinstatements, of which race_control tells, in order of time; `laps` has the outcome.
  struct LapRuling {
    std::int32_t session_time_ms = 0;
    std::int32_t driver_number = 0, lap_number = 0;
    bool is_deletion = true;  // false: reinstated
  };
  std::vector<LapRuling> lap_rulings;
  // Cars that stand for good, on track or in the pits.
  struct Retirement {
    std::int32_t session_time_ms = 0;
    std::int32_t driver_number = 0;
    bool in_pits = false;
  };
  std::vector<Retirement> retirements;
};

}  // namespace slipstream::simulate
