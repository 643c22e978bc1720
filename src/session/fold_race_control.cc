// Race control's messages, and what follows from them: deleted laps, flags by zone, modes of the track.
#include "session/folds.h"
#include "session/laps.h"
#include "session/race_control_text.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

record::RaceControl row_of(const JsonTree& message, std::size_t index, const Change& change) {
  record::RaceControl row;
  row.message_number = static_cast<Int>(index);
  row.session_time_ms = change.session_time_ms();
  row.message_date = utc_of(message["Utc"]);
  row.lap_number = message["Lap"].integer();
  row.category = text_of(message["Category"]);
  row.flag = text_of(message["Flag"]);
  row.scope = text_of(message["Scope"]);
  row.status = text_of(message["Status"]);
  row.mode = text_of(message["Mode"]);
  row.sector_number = message["Sector"].integer();
  row.driver_number = message["RacingNumber"].integer();
  row.message = text_of(message["Message"]);
  if (!row.driver_number && row.message) row.driver_number = car_of(*row.message);
  return row;
}

void take_deletion(State& state, const record::RaceControl& row) {
  auto deletion = deletion_of(*row.message, row.session_time_ms);
  if (!deletion) return;
  if (!state.has_room_for(deletion->driver_number)) return;
  state.set_laps_due(state.car(deletion->driver_number), row.session_time_ms);
  state.log.deletions.push_back(std::move(*deletion));
}

void take_mode(State& state, Publisher& publisher, const std::string& message, Int at_ms) {
  const auto change = mode_change_of(message);
  if (!change) return;
  const std::string mode(change->mode);
  const auto open = state.open_modes.find(mode);
  if (change->is_on == (open != state.open_modes.end())) return;  // said again
  record::TrackMode row;
  if (change->is_on) {
    row.mode = mode;
    row.from_session_time_ms = at_ms;
    state.open_modes.emplace(mode, row);
  } else {
    row = open->second;
    row.to_session_time_ms = std::max(at_ms, row.from_session_time_ms);
    state.open_modes.erase(open);
  }
  publisher.track_modes.publish(row, publisher.at_ms, *publisher.output);
}

void take_stewards_note(State& state, Publisher& publisher, const record::RaceControl& row) {
  const auto note = stewards_note_of(*row.message);
  if (!note) return;
  state.penalties.take(*note, row.message_number, [&](const record::Penalty& penalty) {
    publisher.penalties.publish(penalty, publisher.at_ms, *publisher.output);
  });
  state.has_result_change = true;
}

void publish_zones(Publisher& publisher, const std::vector<record::FlagZone>& changed) {
  for (const record::FlagZone& row : changed) {
    publisher.flag_zones.publish(row, publisher.at_ms, *publisher.output);
  }
}

}  // namespace

void fold_race_control(State& state, Publisher& publisher, const Change& change) {
  state.log.has_race_control = true;
  for_each_named(change.payload, "Messages", [&](std::size_t index) {
    record::RaceControl row = row_of(change.merged["Messages"][index], index, change);
    if (row.message_date) {
      take_zero(state, *row.message_date - change.message.session_time, ZeroEvidence::race_control);
    }
    const record::RaceControl* known = publisher.race_control.find(row);
    const bool is_new = known == nullptr;
    if (known) {
      row.session_time_ms = known->session_time_ms;  // a correction is as old as what it corrects
    }
    row.session_part = session_part_at(row.session_time_ms, state.log);
    if (!publisher.race_control.publish(row, publisher.at_ms, *publisher.output)) return;
    // A snapshot brings old messages: they hold since they were written, not since they came.
    const Int since_ms =
        change.message.is_snapshot ? happened_at_ms(state, change, row.message_date) : row.session_time_ms;
    if (row.category == "Flag") publish_zones(publisher, state.flag_zones.take(row, since_ms));
    if (!row.message) return;
    take_deletion(state, row);
    if (is_new) take_stewards_note(state, publisher, row);
    take_mode(state, publisher, *row.message, since_ms);
  });
}

void expire_flags(State& state, Publisher& publisher) {
  publish_zones(publisher, state.flag_zones.expire(publisher.at_ms));
}

}  // namespace slipstream::session
