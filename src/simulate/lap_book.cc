#include "simulate/lap_book.h"

namespace slipstream::simulate {
namespace {

using record::Lap;

std::size_t cut_behind(const World& world, double s_m) {
  for (std::size_t n = 0; n < world.cuts.size(); ++n) {
    if (world.cuts[n].at_m > s_m) return n;
  }
  return 0;
}

const record::Driver& driver_of(const World& world, const Car& car) {
  return world.history.drivers[static_cast<std::size_t>(car.index)];
}

void set_tyres(Lap& lap, const Car& car) {
  lap.driver_stint = car.stint.stint_number;
  lap.tyre_compound = std::string(name_of(car.tyres.compound));
  lap.tyre_life_laps = car.tyres.age_laps + car.tyres.laps;
  lap.is_fresh_tyre = car.tyres.is_fresh;
}

Lap lap_of(const World& world, const Car& car, std::int32_t end_ms) {
  const OpenLap& open = car.lap;
  Lap lap;
  lap.session_key = world.key();
  lap.driver_number = car.number;
  lap.lap_number = car.lap_number;
  lap.driver_code = driver_of(world, car).driver_code;
  lap.team_name = driver_of(world, car).team_name;
  lap.session_time_ms = end_ms;
  lap.lap_start_session_time_ms = open.start_ms;
  lap.lap_start_date = world.date(*open.start_ms);
  lap.lap_end_date = world.date(end_ms);
  lap.pit_in_time_ms = open.pit_in_ms;
  lap.pit_out_time_ms = open.pit_out_ms;
  lap.speed_trap_1_kmh = open.trap_1_kmh;
  lap.speed_trap_2_kmh = open.trap_2_kmh;
  lap.speed_finishline_kmh = open.finish_line_kmh;
  lap.speed_straight_kmh = open.straight_kmh;
  if (world.session_part > 0) lap.session_part = world.session_part;
  set_tyres(lap, car);
  lap.is_deleted = false;
  lap.is_personal_best = false;
  lap.lap_time_source = "feed";
  return lap;
}

// A lap out of the garage is timed from its second sector on.
void forget_first_sector(Lap& lap) { lap.sector1_time_ms = lap.sector1_session_time_ms = std::nullopt; }

void set_times(const World& world, Lap& lap, const OpenLap& open) {
  const std::int32_t start = *open.start_ms;
  lap.sector1_session_time_ms = open.sector_end_ms[0];
  lap.sector2_session_time_ms = open.sector_end_ms[1];
  lap.sector3_session_time_ms = open.sector_end_ms[2];
  lap.sector1_time_ms = open.sector_end_ms[0] - start;
  lap.sector2_time_ms = open.sector_end_ms[1] - open.sector_end_ms[0];
  lap.sector3_time_ms = open.sector_end_ms[2] - open.sector_end_ms[1];
  lap.lap_time_ms = open.sector_end_ms[2] - start;
  if (world.is_race() || !open.pit_out_ms) return;
  forget_first_sector(lap);
  lap.lap_time_ms = std::nullopt;
  lap.lap_time_source = std::nullopt;
}

void end_lap(World& world, Car& car, std::int32_t at_ms) {
  ++car.tyres.laps;
  Lap lap = lap_of(world, car, at_ms);
  set_times(world, lap, car.lap);
  world.history.laps.push_back(std::move(lap));
  world.lines.push_back({car.index, at_ms, car.lap_number});
  car.lap = {};
  car.lap.start_ms = at_ms;
  ++car.lap_number;
  car.form = 1 + 0.0014 * car.laps_random.normal();
  if (car.fuel_laps > 0) --car.fuel_laps;
}

void close_stint(World& world, Car& car) {
  if (car.stint.stint_number == 0 || car.tyres.laps == 0) return;
  car.stint.lap_count = car.tyres.laps;
  car.stint.last_lap_number = *car.stint.first_lap_number + car.tyres.laps - 1;
  world.history.stints.push_back(car.stint);
}

}  // namespace

void begin_first_lap(World& world, Car& car, std::int32_t at_ms) {
  car.counts = true;
  car.lap_number = 1;
  car.lap = {};
  car.lap.start_ms = at_ms;
  car.next_cut = car.is_line_free ? world.cuts.size() - 1 : cut_behind(world, car.s_m);
  car.stint.first_lap_number = 1;
}

void pass_cut(World& world, Car& car, const Cut& cut, std::int32_t at_ms, std::int16_t speed_kmh) {
  const bool in_pit_lane = car.place == Place::pit_lane;
  world.history.cars[static_cast<std::size_t>(car.index)].crossings.push_back(
      {at_ms, car.lap_number, cut.sector, cut.mini_sector, cut.ends_sector, in_pit_lane, speed_kmh});
  if (!cut.ends_sector) return;
  car.lap.sector_end_ms[cut.sector - 1] = at_ms;
  if (cut.sector == 1) car.lap.trap_1_kmh = speed_kmh;
  if (cut.sector == 2) car.lap.trap_2_kmh = speed_kmh;
  if (cut.sector < 3) return;
  if (!in_pit_lane) car.lap.finish_line_kmh = speed_kmh;
  end_lap(world, car, at_ms);
}

void note_pit_entry(World& world, Car& car, std::int32_t at_ms) {
  if (!car.counts || !world.is_race()) return;
  record::PitStop stop;
  stop.session_key = world.key();
  stop.driver_number = car.number;
  stop.stop_number = ++car.stops;
  stop.lap_number = car.lap_number;
  stop.pit_in_time_ms = at_ms;
  stop.source = "timing";  // F1 tells the times of a stop as it ends
  world.history.pit_stops.push_back(stop);
}

void note_pit_exit(World& world, Car& car, std::int32_t at_ms) {
  if (world.is_race()) {
    if (!car.counts) return;
    car.lap.pit_out_ms = at_ms;
    for (auto stop = world.history.pit_stops.rbegin(); stop != world.history.pit_stops.rend(); ++stop) {
      if (stop->driver_number != car.number) continue;
      stop->pit_out_time_ms = at_ms;
      stop->lane_duration_ms = at_ms - *stop->pit_in_time_ms;
      stop->source = "series";
      if (car.stationary_ms > 0) stop->stationary_duration_ms = car.stationary_ms;
      break;
    }
    return;
  }
  if (car.lap_number == 0) begin_first_lap(world, car, at_ms);
  car.counts = true;
  car.lap.pit_out_ms = at_ms;
}

void fit_tyres(World& world, Car& car, const TyreSet& set) {
  close_stint(world, car);
  if (car.tyres.laps > 0 || car.stint.stint_number == 0) ++car.stint.stint_number;
  car.tyres = set;
  car.stint.session_key = world.key();
  car.stint.driver_number = car.number;
  car.stint.tyre_compound = std::string(name_of(set.compound));
  car.stint.is_fresh_tyre = set.is_fresh;
  car.stint.tyre_age_laps_at_start = set.age_laps;
  car.stint.first_lap_number = std::max<std::int16_t>(1, car.lap_number);
}

void retire_from_book(World& world, Car& car, std::int32_t at_ms, bool has_lap) {
  if (has_lap && car.counts && car.lap.start_ms) {
    ++car.tyres.laps;
    Lap lap = lap_of(world, car, at_ms);
    const std::int32_t s1 = car.lap.sector_end_ms[0], s2 = car.lap.sector_end_ms[1];
    if (s1 > 0) lap.sector1_session_time_ms = s1, lap.sector1_time_ms = s1 - *car.lap.start_ms;
    if (s2 > 0) lap.sector2_session_time_ms = s2, lap.sector2_time_ms = s2 - s1;
    if (!world.is_race() && car.lap.pit_out_ms) forget_first_sector(lap);
    lap.is_generated = true;
    lap.lap_time_source = std::nullopt;
    world.history.laps.push_back(std::move(lap));
  }
  car.counts = false;
}

}  // namespace slipstream::simulate
