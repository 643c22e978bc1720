#include "simulate/drive.h"

#include "simulate/race.h"
#include "simulate/radio.h"
#include "simulate/timed_session.h"
#include "simulate/world.h"

namespace slipstream::simulate {

Result<History> drive(const Options& options) {
  SLIP_TRY(check(options));
  auto circuit = make_circuit(options);
  if (!circuit) return tl::make_unexpected(std::move(circuit.error()));
  World world = make_world(options, std::move(*circuit));
  if (world.is_race()) drive_race(world);
  else drive_timed_session(world);
  book_team_radio(world);
  world.history.weather = world.sky.rows(world.key(), world.history.end_ms);
  return std::move(world.history);
}

}  // namespace slipstream::simulate
