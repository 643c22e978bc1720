#include "simulate/world.h"

namespace slipstream::simulate {
namespace {

std::vector<Cut> cuts_of(const Circuit& circuit) {
  std::vector<Cut> cuts;
  for (std::uint8_t sector = 0; sector < 3; ++sector) {
    const auto& ends = circuit.mini_sector_ends_m[sector];
    for (std::size_t n = 0; n < ends.size(); ++n) {
      cuts.push_back({ends[n], static_cast<std::uint8_t>(sector + 1), static_cast<std::uint8_t>(n + 1),
                      n + 1 == ends.size()});
    }
  }
  return cuts;
}

int total_laps_of(const Options& options) {
  return options.laps.value_or(options.kind == Kind::sprint ? 19 : 57);
}

double rain_probability(const Options& options) { return options.kind == Kind::race ? 0.22 : 0.16; }

}  // namespace

World make_world(const Options& options, Circuit circuit) {
  World world;
  History& history = world.history;
  history.options = options;
  history.circuit = std::move(circuit);
  history.session = make_session(options, history.circuit);
  history.session.zero_date = *history.session.start_date - std::chrono::milliseconds(world.scheduled_ms());
  world.profile = SpeedProfile(history.circuit);
  world.cuts = cuts_of(history.circuit);
  world.total_laps = total_laps_of(options);
  world.sky = Sky(options.seed, rain_probability(options), 5 * 3600 * 1000);
  for (Entrant& entrant : make_entry_list(options, history.session.session_key)) {
    Car car;
    car.index = static_cast<int>(world.cars.size());
    car.number = entrant.row.driver_number;
    car.team = entrant.team;
    car.pace = entrant.pace;
    car.tyre_care = entrant.tyre_care;
    car.laps_random = world.random(Purpose::laps, car.index);
    car.duel_random = world.random(Purpose::duels, car.index);
    car.pit_random = world.random(Purpose::pits, car.index);
    car.s_m = wrapped(history.circuit.pit_lane.entry_m + box_m(world, car), world.length_m());
    world.cars.push_back(std::move(car));
    history.drivers.push_back(std::move(entrant.row));
  }
  history.cars.resize(world.cars.size());
  world.last_part.resize(world.cars.size());
  return world;
}

}  // namespace slipstream::simulate
