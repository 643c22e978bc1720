#include "simulate/drive.h"

#include <utility>

#include "simulate/championship.h"
#include "simulate/race.h"
#include "simulate/radio.h"
#include "simulate/timed_session.h"
#include "simulate/world.h"

namespace slipstream::simulate {
namespace {

// A session that is not told in parts is one part, from its start to its finish.
void book_only_part(World& world) {
  record::SessionPart part;
  part.session_key = world.key();
  part.part_number = 1;
  bool has_started = false;
  for (const record::SessionStatus& row : world.history.session_status) {
    if (row.status == "Started" && !std::exchange(has_started, true))
      part.from_session_time_ms = row.session_time_ms;
    if (row.status == "Finished") part.to_session_time_ms = row.session_time_ms;
  }
  if (has_started) world.history.session_parts.push_back(part);
}

}  // namespace

Result<History> drive(const Options& options) {
  SLIP_TRY(check(options));
  auto circuit = make_circuit(options);
  if (!circuit) return tl::make_unexpected(std::move(circuit.error()));
  World world = make_world(options, std::move(*circuit));
  if (world.is_race()) drive_race(world);
  else drive_timed_session(world);
  if (world.history.session_parts.empty()) book_only_part(world);
  if (world.is_race()) book_championship(world);
  book_team_radio(world);
  world.history.weather = world.sky.rows(world.key(), world.history.end_ms);
  return std::move(world.history);
}

}  // namespace slipstream::simulate
