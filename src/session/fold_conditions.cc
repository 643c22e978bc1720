// Track status, weather, clock, lap count, race control, team radio.
#include <charconv>
#include <string_view>

#include "feed/parse.h"
#include "session/folds.h"
#include "session/laps.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

// Indices of the list members that a change names; P9: a list or an object.
template <class Visit>
void for_each_named(simdjson::dom::element payload, const char* list, Visit visit) {
  simdjson::dom::element members;
  if (payload[list].get(members) != simdjson::SUCCESS) return;
  for_each_member(members, [&](std::string_view name, simdjson::dom::element) {
    if (const auto index = index_of(name)) visit(*index);
  });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Number behind "CAR " at the front of a race control message.
optional<Int> car_of(std::string_view message) {
  if (!message.starts_with("CAR ")) return std::nullopt;
  Int number = 0;
  const auto end = std::from_chars(message.data() + 4, message.data() + message.size(), number).ptr;
  return end == message.data() + 4 ? std::nullopt : optional(number);
}

// "TRACK LIMITS AT TURN 12 LAP 3 15:03:34" -> without the local time at its end, and "(PIT)" behind it.
std::string without_local_time(std::string_view reason) {
  if (reason.ends_with(" (PIT)")) reason.remove_suffix(6);
  if (reason.size() < 9) return std::string(reason);
  const std::string_view tail = reason.substr(reason.size() - 9);
  const bool is_time = tail[0] == ' ' && is_digit(tail[1]) && is_digit(tail[2]) && tail[3] == ':' &&
                       is_digit(tail[4]) && is_digit(tail[5]) && tail[6] == ':' && is_digit(tail[7]) &&
                       is_digit(tail[8]);
  return std::string(is_time ? reason.substr(0, reason.size() - 9) : reason);
}

// "... LAP 3 15:03:34" or "... LAP 9 15:16:30 (PIT)" -> 3, 9: the last number behind "LAP ".
optional<Int> lap_number_of(std::string_view text) {
  const std::size_t at = text.rfind("LAP ");
  if (at == std::string_view::npos) return std::nullopt;
  Int number = 0;
  const char* const begin = text.data() + at + 4;
  const auto end = std::from_chars(begin, text.data() + text.size(), number).ptr;
  return end == begin ? std::nullopt : optional(number);
}

// "CAR 5 (BOR) TIME 1:18.964 DELETED - reason", "CAR 5 (BOR) TIME 1:18.964 REINSTATED", and for a lap that
// ended in the pits "CAR 43 (COL) LAP DELETED - reason" (L17).
optional<LapDeletion> deletion_of(std::string_view message, Int session_time_ms) {
  const auto car = car_of(message);
  if (!car) return std::nullopt;
  LapDeletion deletion;
  deletion.driver_number = *car;
  deletion.session_time_ms = session_time_ms;
  deletion.lap_number = lap_number_of(message);
  if (const std::size_t at = message.find(" TIME "); at != std::string_view::npos) {
    const std::string_view rest = message.substr(at + 6);
    const auto time = feed::parse_lap_time(rest.substr(0, rest.find(' ')));
    if (!time) return std::nullopt;
    deletion.lap_time_ms = static_cast<Int>(time->count());
  } else if (message.find(") LAP ") == std::string_view::npos || !deletion.lap_number) {
    return std::nullopt;
  }
  constexpr std::string_view deleted = " DELETED - ";
  const std::size_t reason_at = message.find(deleted);
  if (reason_at != std::string_view::npos) {
    deletion.reason = without_local_time(message.substr(reason_at + deleted.size()));
  } else if (message.find("REINSTATED") != std::string_view::npos) {
    deletion.is_reinstated = true;
  } else {
    return std::nullopt;
  }
  return deletion;
}

}  // namespace

void fold_track_status(State& state, Publisher& publisher, const Change& change) {
  record::TrackStatus row;
  row.message_number = change.message_number;
  row.session_time_ms = change.session_time_ms();
  row.status = text_of(change.merged["Status"]);
  row.message = text_of(change.merged["Message"]);
  if (row.status) state.log.track_status.push_back({row.session_time_ms, *row.status, false});
  publisher.emit(std::move(row));
}

void fold_weather(State&, Publisher& publisher, const Change& change) {
  const JsonTree& weather = change.merged;
  record::Weather row;
  row.message_number = change.message_number;
  row.session_time_ms = change.session_time_ms();
  row.air_temperature_c = weather["AirTemp"].number();
  row.track_temperature_c = weather["TrackTemp"].number();
  row.humidity_pct = weather["Humidity"].number();
  row.pressure_mbar = weather["Pressure"].number();
  row.is_raining = weather["Rainfall"].flag();
  row.wind_direction_deg = weather["WindDirection"].integer();
  row.wind_speed_mps = weather["WindSpeed"].number();
  publisher.emit(row);
}

void fold_clock(State& state, Publisher& publisher, const Change& change) {
  record::SessionClock row;
  row.message_number = change.message_number;
  row.session_time_ms = change.session_time_ms();
  row.clock_date = utc_of(change.merged["Utc"]);
  if (const auto text = change.merged["Remaining"].filled_text()) {
    if (const auto remaining = feed::parse_clock(*text))
      row.remaining_ms = static_cast<Int>(remaining->count());
  }
  row.is_extrapolating = change.merged["Extrapolating"].flag();
  if (row.clock_date) take_zero(state, *row.clock_date - change.message.session_time, ZeroEvidence::clock);
  publisher.emit(row);
}

void fold_lap_count(State& state, Publisher& publisher, const Change& change) {
  record::LapCount row;
  row.message_number = change.message_number;
  row.session_time_ms = change.session_time_ms();
  row.current_lap = change.merged["CurrentLap"].integer();
  row.total_laps = change.merged["TotalLaps"].integer();  // corrected late (L14): the last one counts
  if (row.total_laps) state.log.total_laps = row.total_laps;
  publisher.emit(row);
}

void fold_race_control(State& state, Publisher& publisher, const Change& change) {
  state.log.has_race_control = true;
  for_each_named(change.payload, "Messages", [&](std::size_t index) {
    const JsonTree& message = change.merged["Messages"][index];
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
    row.message = text_of(message["Message"]);
    row.driver_number = message["RacingNumber"].integer();
    if (row.message) {
      if (!row.driver_number) row.driver_number = car_of(*row.message);
      if (auto deletion = deletion_of(*row.message, row.session_time_ms)) {
        state.car(deletion->driver_number).laps_due_ms = row.session_time_ms;
        state.log.deletions.push_back(std::move(*deletion));
      }
    }
    row.session_part = session_part_at(row.session_time_ms, state.log);
    if (row.message_date) {
      take_zero(state, *row.message_date - change.message.session_time, ZeroEvidence::race_control);
    }
    publisher.race_control.publish(row, publisher.at_ms, *publisher.output);
  });
}

void fold_team_radio(State&, Publisher& publisher, const Change& change) {
  for_each_named(change.payload, "Captures", [&](std::size_t index) {
    const JsonTree& capture = change.merged["Captures"][index];
    record::TeamRadio row;
    row.message_number = static_cast<Int>(index);
    row.session_time_ms = change.session_time_ms();
    row.message_date = utc_of(capture["Utc"]);
    row.driver_number = capture["RacingNumber"].integer();
    row.path = text_of(capture["Path"]);
    publisher.team_radio.publish(row, publisher.at_ms, *publisher.output);
  });
}

}  // namespace slipstream::session
