#include "serve/sections.h"

#include <algorithm>

#include "core/json_writer.h"
#include "serve/race_sections.h"
#include "serve/tower_row.h"

namespace slipstream::serve {
namespace {

// A car without a sample for this long is not drawn: its place is not known any more.
constexpr std::int64_t car_shown_ms = 5000;
// What still goes on is drawn up to the cursor in steps of this, so that the timeline is not sent with every
// frame.
constexpr std::int64_t open_end_step_ms = 5000;

template <class Write>
std::string text_of(Write write) {
  std::string text;
  JsonWriter json(text);
  write(json);
  return text;
}

std::optional<std::string> date_text(const std::optional<UtcTime>& date) {
  return date ? std::optional<std::string>(format_utc(*date)) : std::nullopt;
}

void write_player(JsonWriter& json, const Player& player) {
  json.begin_object().field("mode", to_string(player.mode)).field("is_playing", player.is_playing);
  json.field("speed", player.speed).field("is_at_edge", player.is_at_edge);
  json.field("edge_ms", player.edge_ms).field("delay_ms", player.delay_ms).end_object();
}

// Records can come before the session's own row does: then only its key is known.
void write_session(JsonWriter& json, SessionKey session_key, const record::Session* current) {
  static const record::Session unknown;
  const record::Session* row = current ? current : &unknown;
  json.begin_object().field("session_key", session_key.value).field("meeting_name", row->meeting_name);
  json.field("session_name", row->session_name).field("session_kind", row->session_kind);
  json.field("circuit_short_name", row->circuit_short_name).field("country_code", row->country_code);
  json.field("start_date", date_text(row->start_date)).field("gmt_offset_s", row->gmt_offset_s);
  json.field("zero_date", date_text(row->zero_date)).key("source_kind");
  row->source_kind.empty() ? json.null() : json.value(row->source_kind);
  json.end_object();
}

// Races have one part; only sessions that are cut into several have a number to show.
void write_session_part(JsonWriter& json, const View& view) {
  const std::vector<PartSpan> parts = part_spans(view);
  const record::Session* session = view.session.current();
  const std::string kind = session != nullptr ? session->session_kind.value_or("") : "";
  const bool is_qualifying = kind.find("qualifying") != std::string::npos;
  const bool is_race = kind == "race" || kind == "sprint";
  if (parts.empty() || is_race || (view.session_parts.empty() && !is_qualifying)) {
    json.null();
  } else {
    json.value(parts.back().part_number);
  }
}

void write_track_status(JsonWriter& json, const record::TrackStatus* row) {
  if (row == nullptr) {
    json.null();
    return;
  }
  json.begin_object().field("status", row->status).field("message", row->message);
  json.field("session_time_ms", row->session_time_ms).end_object();
}

void write_clock(JsonWriter& json, const record::SessionClock* row) {
  if (row == nullptr) {
    json.null();
    return;
  }
  json.begin_object().field("session_time_ms", row->session_time_ms).field("remaining_ms", row->remaining_ms);
  json.field("is_extrapolating", row->is_extrapolating).end_object();
}

// Each number by itself is the last one that was sent: the total is corrected late, in a message of its own.
void write_lap_count(JsonWriter& json, const Keyed<record::LapCount>& rows) {
  if (rows.empty()) {
    json.null();
    return;
  }
  std::optional<record::Int> current_lap, total_laps;
  rows.for_each([&](const record::LapCount& row) {
    if (row.current_lap) current_lap = row.current_lap;
    if (row.total_laps) total_laps = row.total_laps;
  });
  json.begin_object().field("current_lap", current_lap).field("total_laps", total_laps).end_object();
}

void write_weather(JsonWriter& json, const record::Weather* row) {
  if (row == nullptr) {
    json.null();
    return;
  }
  json.begin_object().field("air_temperature_c", row->air_temperature_c);
  json.field("track_temperature_c", row->track_temperature_c).field("humidity_pct", row->humidity_pct);
  json.field("pressure_mbar", row->pressure_mbar).field("is_raining", row->is_raining);
  json.field("wind_direction_deg", row->wind_direction_deg).field("wind_speed_mps", row->wind_speed_mps);
  json.field("session_time_ms", row->session_time_ms).end_object();
}

std::int64_t open_end(std::int64_t from_ms, std::int64_t cursor_ms) {
  return std::max(from_ms, cursor_ms - cursor_ms % open_end_step_ms);
}

// Flags as bands: from each status other than "clear" to the next one.
void write_bands(JsonWriter& json, const Keyed<record::TrackStatus>& rows, std::int64_t cursor_ms) {
  json.key("bands").begin_array();
  const record::TrackStatus* open = nullptr;
  const auto close = [&](std::int64_t to_ms) {
    if (open == nullptr || open->status == "1") return;
    json.begin_object().field("from_ms", open->session_time_ms).field("to_ms", to_ms);
    json.field("status", open->status).end_object();
  };
  rows.for_each([&](const record::TrackStatus& row) {
    if (!row.status || (open != nullptr && open->status == row.status)) return;
    close(row.session_time_ms);
    open = &row;
  });
  if (open != nullptr) close(open_end(open->session_time_ms, cursor_ms));
  json.end_array();
}

// What a race-control message is on the timeline; empty: not shown there.
std::string_view tick_kind(const record::RaceControl& row) {
  if (row.flag == "RED") return "red_flag";
  if (row.flag == "CHEQUERED") return "chequered";
  if (row.category == "SafetyCar" && row.status == "DEPLOYED") {
    return row.mode.value_or("").starts_with("VIRTUAL") ? "virtual_safety_car" : "safety_car";
  }
  // "TURN 4 INCIDENT INVOLVING CARS 10 (GAS) AND 1 (VER) NOTED - ...": the stewards' later messages about the
  // same incident begin with "FIA STEWARDS" and are no new tick.
  const std::string_view text = row.message ? std::string_view(*row.message) : std::string_view();
  const bool is_incident = text.find("INCIDENT INVOLVING CAR") != std::string_view::npos;
  return is_incident && !text.starts_with("FIA STEWARDS") ? "incident" : "";
}

void write_timeline(JsonWriter& json, const View& view, const FrameContext& context) {
  json.begin_object().field("from_ms", context.from_ms).field("to_ms", context.to_ms);
  write_bands(json, view.track_status, context.cursor_ms);
  json.key("ticks").begin_array();
  view.race_control.for_each([&](const record::RaceControl& row) {
    const std::string_view kind = tick_kind(row);
    if (kind.empty()) return;
    json.begin_object().field("session_time_ms", row.session_time_ms).field("kind", kind);
    json.field("label", row.message).end_object();
  });
  json.end_array().key("parts").begin_array();
  for (const PartSpan& part : part_spans(view)) {
    json.begin_object().field("part_number", part.part_number).field("from_ms", part.from_ms);
    const std::int64_t end_ms = open_end(part.from_ms, context.cursor_ms);
    json.field("to_ms", part.to_ms ? std::min<std::int64_t>(*part.to_ms, context.cursor_ms) : end_ms)
        .end_object();
  }
  json.end_array().end_object();
}

void write_driver(JsonWriter& json, const record::Driver& row) {
  json.begin_object().field("driver_number", row.driver_number).field("driver_code", row.driver_code);
  json.field("given_name", row.given_name).field("family_name", row.family_name);
  json.field("full_name", row.full_name).field("team_name", row.team_name);
  json.field("team_colour", row.team_colour).field("line", row.line).end_object();
}

void write_car(JsonWriter& json, const SessionLog& log, const CarState& car, std::int64_t cursor_ms) {
  const SampleEntry& place = *car.position;
  const auto known = [](std::int16_t value) {
    return value < 0 ? std::nullopt : std::optional<std::int32_t>(value);
  };
  json.begin_object();
  if (place.has_position) {
    json.field("x_dm", place.position.x_dm).field("y_dm", place.position.y_dm);
  } else {
    json.key("x_dm").null().key("y_dm").null();
  }
  json.field("session_time_ms", place.session_time_ms).field("is_estimated", place.is_estimated);
  const std::string_view status = log.status_text(place.status);
  json.field("status", status.empty() ? std::nullopt : std::optional<std::string_view>(status));
  SampleEntry none;
  none.car = {SampleEntry::unknown, SampleEntry::unknown, SampleEntry::unknown, SampleEntry::unknown};
  const bool has_car = car.car && car.car->session_time_ms >= cursor_ms - car_shown_ms;
  const SampleEntry& sample = has_car ? *car.car : none;
  json.field("speed_kmh", known(sample.car.speed_kmh)).field("gear", known(sample.gear));
  json.field("throttle_pct", known(sample.car.throttle_pct));
  const bool knows_brake = sample.is_braking >= 0;
  json.field("is_braking", knows_brake ? std::optional<bool>(sample.is_braking == 1) : std::nullopt);
  json.field("drs", known(sample.car.drs)).field("rpm", known(sample.car.rpm)).end_object();
}

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::live: return "live";
    case Mode::replay: return "replay";
    case Mode::archive: return "archive";
  }
  return "archive";
}

Sections make_sections(const SessionLog& log, const View& view, const FrameContext& context) {
  Sections out;
  out.cursor_ms = context.cursor_ms;
  const auto put = [&out](Whole section, auto write) {
    out.whole[static_cast<std::size_t>(section)] = text_of(write);
  };
  put(Whole::player, [&](JsonWriter& json) { write_player(json, context.player); });
  put(Whole::session,
      [&](JsonWriter& json) { write_session(json, log.session_key(), view.session.current()); });
  const record::SessionStatus* status = view.session_status.current();
  put(Whole::session_status, [&](JsonWriter& json) { json.value(status ? status->status : std::nullopt); });
  put(Whole::session_part, [&](JsonWriter& json) { write_session_part(json, view); });
  put(Whole::track_status, [&](JsonWriter& json) { write_track_status(json, view.track_status.current()); });
  put(Whole::clock, [&](JsonWriter& json) { write_clock(json, view.clock.current()); });
  put(Whole::lap_count, [&](JsonWriter& json) { write_lap_count(json, view.lap_count); });
  put(Whole::weather, [&](JsonWriter& json) { write_weather(json, view.weather.current()); });
  put(Whole::timeline, [&](JsonWriter& json) { write_timeline(json, view, context); });
  put(Whole::battle, [&](JsonWriter& json) { write_battle(json, view); });
  out.outline = context.outline;
  const std::optional<record::Int> best_ms = best_lap_overall_ms(view);
  for (const CarState& car : view.cars) {
    const std::int32_t number = car.driver_number;
    if (const record::Driver* driver = car.driver.current()) {
      out[Numbered::drivers].emplace_back(number,
                                          text_of([&](JsonWriter& json) { write_driver(json, *driver); }));
    }
    if (car.has_row()) {
      out[Numbered::rows].emplace_back(
          number, text_of([&](JsonWriter& json) { write_tower_row(json, car, best_ms); }));
    }
    if (car.position && car.position->session_time_ms >= context.cursor_ms - car_shown_ms) {
      out[Numbered::cars].emplace_back(
          number, text_of([&](JsonWriter& json) { write_car(json, log, car, context.cursor_ms); }));
    }
    if (const record::SessionResult* result = car.result.current()) {
      out[Numbered::results].emplace_back(number,
                                          text_of([&](JsonWriter& json) { write_result(json, *result); }));
    }
    if (!car.stints.empty()) {
      out[Numbered::stints].emplace_back(number, text_of([&](JsonWriter& json) { write_stints(json, car); }));
    }
    if (!car.pit_stops.empty()) {
      out[Numbered::pit_stops].emplace_back(number,
                                            text_of([&](JsonWriter& json) { write_pit_stops(json, car); }));
    }
  }
  view.penalties.for_each([&](const record::Penalty& row) {
    out[Numbered::penalties].emplace_back(row.penalty_number,
                                          text_of([&](JsonWriter& json) { write_penalty(json, row); }));
  });
  view.race_control.for_each([&](const record::RaceControl& row) { out.race_control.push_back(&row); });
  view.team_radio.for_each([&](const record::TeamRadio& row) { out.team_radio.push_back(&row); });
  return out;
}

}  // namespace slipstream::serve
