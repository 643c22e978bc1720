// What happens around the cars: flags, weather, race control, the radio.
#include "core/json_writer.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/numbers.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

std::string decimal(const std::optional<double>& value) {
  const auto tenths = rounded(value.value_or(0) * 10);
  const auto size = tenths < 0 ? -tenths : tenths;
  return std::string(tenths < 0 ? "-" : "") + std::to_string(size / 10) + "." + std::to_string(size % 10);
}

std::string control_json(const record::RaceControl& row) {
  std::string json;
  JsonWriter out(json);
  out.begin_object();
  if (row.message_date) out.field("Utc", feed_utc_seconds(*row.message_date));
  if (row.lap_number) out.field("Lap", *row.lap_number);
  if (row.category) out.field("Category", *row.category);
  if (row.flag) out.field("Flag", *row.flag);
  if (row.status) out.field("Status", *row.status);
  if (row.mode) out.field("Mode", *row.mode);
  if (row.scope) out.field("Scope", *row.scope);
  if (row.sector_number) out.field("Sector", *row.sector_number);
  // Where the flag is a driver's; else the text alone says whom it is about.
  if (row.driver_number && row.scope == "Driver")
    out.field("RacingNumber", std::to_string(*row.driver_number));
  out.field("Message", row.message.value_or(""));
  out.end_object();
  return json;
}

// The text alone, by the clock at the track.
std::string local_control_json(const FeedView& view, const record::RaceControl& row) {
  const auto offset = std::chrono::seconds(view.history->session.gmt_offset_s.value_or(0));
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("Timestamp",
             feed_utc_seconds(row.message_date.value_or(view.date(row.session_time_ms)) + offset))
      .field("Message", row.message.value_or(""))
      .end_object();
  return json;
}

// A list comes as a list with its first item, then item by item.
void append_to_list(Document& document, std::string_view list, int count, const std::string& item) {
  if (count == 0) document.put({list}, "[" + item + "]");
  else document.put({list, index_text(count)}, item);
}

}  // namespace

void write_track_status(const FeedView& view, Script& script) {
  TopicLog log(script, "TrackStatus");
  for (const record::TrackStatus& row : view.history->track_status) {
    log.document.set({"Status"}, row.status.value_or(""));
    log.document.set({"Message"}, row.message.value_or(""));
    log.send(row.session_time_ms);
  }
}

void write_weather(const FeedView& view, Script& script) {
  TopicLog log(script, "WeatherData"), series(script, "WeatherDataSeries");
  int count = 0;
  for (const record::Weather& row : view.history->weather) {
    log.document.set({"AirTemp"}, decimal(row.air_temperature_c));
    log.document.set({"Humidity"}, decimal(row.humidity_pct));
    log.document.set({"Pressure"}, decimal(row.pressure_mbar));
    log.document.set({"Rainfall"}, row.is_raining.value_or(false) ? "1" : "0");
    log.document.set({"TrackTemp"}, decimal(row.track_temperature_c));
    log.document.set({"WindDirection"}, std::to_string(row.wind_direction_deg.value_or(0)));
    log.document.set({"WindSpeed"}, decimal(row.wind_speed_mps));
    // Every minute in full, changed or not.
    (void)log.document.take_patch();
    const std::string weather = log.document.keyframe();
    script.messages.push_back({row.session_time_ms, "WeatherData", weather});
    std::string entry;
    JsonWriter(entry)
        .begin_object()
        .field("Timestamp", feed_utc(view.date(row.session_time_ms)))
        .key("Weather")
        .raw(weather)
        .end_object();
    append_to_list(series.document, "Series", count++, entry);
    series.send(row.session_time_ms);
  }
}

void write_race_control(const FeedView& view, Script& script) {
  TopicLog log(script, "RaceControlMessages");
  int count = 0;
  std::string text;
  for (const record::RaceControl& row : view.history->race_control) {
    append_to_list(log.document, "Messages", count++, control_json(row));
    log.send(row.session_time_ms);
    text = local_control_json(view, row);
    script.messages.push_back({row.session_time_ms, "TlaRcm", text});
  }
  script.keyframes.push_back({"TlaRcm", text});
}

void write_team_radio(const FeedView& view, Script& script) {
  TopicLog log(script, "TeamRadio");
  int count = 0;
  for (const record::TeamRadio& row : view.history->team_radio) {
    std::string json;
    JsonWriter out(json);
    out.begin_object();
    if (row.message_date) out.field("Utc", feed_utc(*row.message_date));
    if (row.driver_number) out.field("RacingNumber", std::to_string(*row.driver_number));
    out.field("Path", row.path.value_or("")).end_object();
    append_to_list(log.document, "Captures", count++, json);
    log.send(row.session_time_ms);
  }
}

}  // namespace slipstream::simulate
