// Track status, weather, clock, lap count, team radio, championship prediction.
#include "feed/parse.h"
#include "session/folds.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

optional<Int> last_known(const JsonTree& value, optional<Int>& known) {
  if (const auto said = value.integer()) known = *said;
  return known;
}

}  // namespace

void fold_track_status(State& state, Publisher& publisher, const Change& change) {
  record::TrackStatus row;
  row.session_time_ms = change.session_time_ms();
  row.status = text_of(change.merged["Status"]);
  row.message = text_of(change.merged["Message"]);
  if (!row.status) return;
  if (row.status == "1") state.flag_zones.take_track_clear(row.session_time_ms);
  auto& log = state.log.track_status;
  if (!log.empty() && log.back().status == *row.status) return;  // said again
  row.message_number = static_cast<Int>(log.size());
  log.push_back({row.session_time_ms, *row.status, false});
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
  // Corrected late (L14): the last that was said counts.
  row.current_lap = last_known(change.merged["CurrentLap"], state.current_lap);
  row.total_laps = last_known(change.merged["TotalLaps"], state.log.total_laps);
  publisher.emit(row);
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

// One row of each driver and team that the change names, with all that is known of it.
void fold_championship_prediction(State&, Publisher& publisher, const Change& change) {
  const auto publish_all = [&](const char* list, const char* kind) {
    simdjson::dom::element named;
    if (change.payload[list].get(named) != simdjson::SUCCESS) return;
    for_each_member(named, [&](std::string_view name, simdjson::dom::element) {
      const JsonTree& entry = change.merged[list][name];
      record::ChampionshipPrediction row;
      row.message_number = change.message_number;
      row.kind = kind;
      row.entry = std::string(name);
      row.session_time_ms = change.session_time_ms();
      row.current_position = entry["CurrentPosition"].integer();
      row.predicted_position = entry["PredictedPosition"].integer();
      row.current_points = entry["CurrentPoints"].number();
      row.predicted_points = entry["PredictedPoints"].number();
      publisher.emit(std::move(row));
    });
  };
  publish_all("Drivers", "driver");
  publish_all("Teams", "team");
}

}  // namespace slipstream::session
