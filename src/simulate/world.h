// The session while it is driven: cars, clock, what race control has said. Every part of the simulator is a
// function of a World; drive.h puts them in order. One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "simulate/entry_list.h"
#include "simulate/history.h"
#include "simulate/numbers.h"
#include "simulate/random.h"
#include "simulate/speed_profile.h"
#include "simulate/tyres.h"
#include "simulate/weather.h"

namespace slipstream::simulate {

inline constexpr double step_s = History::step_ms / 1000.0;
inline constexpr double car_length_m = 5.6;
inline constexpr std::int32_t never_ms = 2'000'000'000;

// What a car is about.
enum class Task : std::uint8_t {
  parked,     // in its garage
  to_grid,    // to its slot, at leisure
  formation,  // round to its slot
  on_grid,    // standing there
  race,
  out,
  push,
  slow,
  in,         // laps of practice and qualifying
  cool_down,  // after the flag
  stopping,   // off the track, for good
  gone
};

// The lap that a car is in, as far as it is known.
struct OpenLap {
  std::optional<std::int32_t> start_ms;
  std::int32_t sector_end_ms[3] = {};
  std::optional<std::int32_t> pit_in_ms, pit_out_ms;
  std::optional<std::int16_t> trap_1_kmh, trap_2_kmh, finish_line_kmh, straight_kmh;
};

struct Duel {
  int target = -1;           // car that is being passed; -1: none
  double boost = 0;          // share of speed more than it
  double side = 1;           // +1 passes on the left
  bool is_certain = false;   // the other gives way
  std::int32_t next_ms = 0;  // no attempt before
};

struct Car {
  int index = 0;  // in World::cars and History::cars
  int number = 0;
  int team = 0;
  double pace = 1, tyre_care = 1;
  Random laps_random, duel_random, pit_random;

  Task task = Task::parked;
  Place place = Place::garage;
  double s_m = 0;  // along the track, also beside it in the pit lane
  double speed_mps = 0, offset_m = 0, acceleration_mps2 = 0;
  std::int16_t lap_number = 0;  // 0 in front of its first
  bool counts = false;          // crossings are timed
  bool is_line_free = false;    // the next passing of the line ends no lap: it leaves the grid
  bool has_drs = false;
  std::size_t next_cut = 0;  // of World::cuts
  int grid_slot = 0;         // from 1

  TyreSet tyres;
  Compound planned = Compound::medium;  // slick for the next stint
  std::vector<int> stop_laps;           // planned, at the end of these laps
  double form = 1;                      // of this lap
  double fuel_laps = 0;

  bool wants_pit = false;                // drives in at the next entry
  std::int32_t box_leave_ms = never_ms;  // stands in its box until then
  bool has_boxed = false;                // in this drive through the lane
  double hold_m = -1;                    // of the lane: stands there, in the queue under red; -1: not
  std::int32_t stationary_ms = 0;
  std::int32_t penalty_s = 0;   // imposed, not served: stands as long at its next stop
  bool drives_through = false;  // its next drive through the lane is a penalty
  Duel duel;
  bool may_pass_all = false;  // unlaps itself behind the safety car
  OpenLap lap;
  record::Stint stint;  // that runs; number 0: none yet
  int stops = 0;
  std::optional<std::int32_t> finish_ms;  // took the flag
  std::optional<std::int32_t> retired_ms;
  double follow_mps = 1000;  // the traffic's limit for this step
  double traffic_pace = 1;   // dirty air, slipstream, boost
  double nose_gap_m = 1e9;   // to the car ahead on the road
};

// A car has completed a lap.
struct LineEvent {
  int car = 0;
  std::int32_t at_ms = 0;
  int lap_number = 0;  // that it completed
};

// The end of a mini-sector.
struct Cut {
  double at_m = 0;
  std::uint8_t sector = 1, mini_sector = 1;
  bool ends_sector = false;
};

enum class Phase : std::uint8_t { waiting, green, vsc, vsc_ending, safety_car, red, finished };

struct World {
  History history;
  SpeedProfile profile;
  Sky sky;
  std::vector<Cut> cuts;
  std::vector<Car> cars;
  std::int32_t now_ms = 0;
  Phase phase = Phase::waiting;
  bool is_passing_allowed = true;
  bool is_drs_enabled = false;
  int total_laps = 0;
  int session_part = 0;             // of qualifying
  std::vector<int> last_part;       // of qualifying, that each car takes part in
  std::vector<LineEvent> lines;     // of this step
  std::vector<int> road;            // cars on track in order of s_m
  std::vector<int> yellow_sectors;  // of the marshals, where yellow flags are waved: no passing, lift

  const Options& options() const { return history.options; }
  const Circuit& circuit() const { return history.circuit; }
  SessionKey key() const { return history.session.session_key; }
  UtcTime date(std::int32_t at_ms) const {
    return *history.session.zero_date + std::chrono::milliseconds(at_ms);
  }
  Random random(Purpose purpose, int number = 0) const { return {options().seed, purpose, number}; }
  bool is_race() const { return options().kind == Kind::race || options().kind == Kind::sprint; }
  // The scheduled start; the feed begins a while before: in races the cars drive to the grid.
  std::int32_t scheduled_ms() const { return is_race() ? 557'300 : 257'300; }
  double length_m() const { return circuit().length_m; }
};

World make_world(const Options& options, Circuit circuit);

inline bool is_on_road(const Car& car) { return car.place == Place::track && car.task != Task::on_grid; }
inline bool is_racing(const Car& car) { return car.task == Task::race && !car.finish_ms && !car.retired_ms; }
// How far a car of a race has come.
inline double progress_m(const World& world, const Car& car) {
  return (car.lap_number - (car.is_line_free ? 1 : 0)) * world.length_m() + car.s_m;
}
// Distance of the pit lane beside s_m.
inline double lane_m(const World& world, const Car& car) {
  return ahead_m(world.circuit().pit_lane.entry_m, car.s_m, world.length_m());
}
inline double box_m(const World& world, const Car& car) {
  return world.circuit().pit_lane.first_box_m + car.index * world.circuit().pit_lane.box_spacing_m;
}

}  // namespace slipstream::simulate
