#include "simulate/session_path.h"

#include <algorithm>

#include "simulate/entry_list.h"
#include "simulate/feed_text.h"

namespace slipstream::simulate {
namespace {

std::string folder_name(UtcTime local, std::string name) {
  std::ranges::replace(name, ' ', '_');
  return feed_date(local) + "_" + name;
}

UtcTime local(const record::Session& session, const std::optional<UtcTime>& date) {
  return date.value_or(UtcTime{}) + std::chrono::seconds(session.gmt_offset_s.value_or(0));
}

void write_meeting_members(const History& history, JsonWriter& json) {
  const record::Session& session = history.session;
  json.field("Key", session.meeting_key.value_or(static_cast<record::Int>(session.session_key.value)));
  json.field("Name", session.meeting_name.value_or(""))
      .field("OfficialName", session.meeting_official_name.value_or(""));
  json.field("Location", session.location.value_or("")).field("Number", round_number(history.options));
  json.key("Country").begin_object();
  json.field("Key", 0)
      .field("Code", session.country_code.value_or(""))
      .field("Name", session.country_name.value_or(""));
  json.end_object();
  json.key("Circuit").begin_object();
  json.field("Key", session.circuit_key.value_or(0))
      .field("ShortName", session.circuit_short_name.value_or(""));
  json.end_object();
}

void write_session_members(const History& history, JsonWriter& json) {
  const record::Session& session = history.session;
  json.field("Key", session.session_key.value).field("Type", session.session_type.value_or(""));
  if (history.options.kind == Kind::practice) json.field("Number", 1);
  json.field("Name", session.session_name.value_or(""));
  json.field("StartDate", feed_utc_seconds(local(session, session.start_date)));
  json.field("EndDate", feed_utc_seconds(local(session, session.end_date)));
  json.field("GmtOffset", feed_gmt_offset(session.gmt_offset_s.value_or(0)));
  json.field("Path", session_path(history));
}

}  // namespace

std::string session_path(const History& history) {
  const record::Session& session = history.session;
  const UtcTime day = local(session, session.start_date);
  const UtcTime race = day + std::chrono::days(days_to_race(history.options.kind));
  return std::to_string(session.season_year.value_or(history.options.year)) + "/" +
         folder_name(race, session.meeting_name.value_or("")) + "/" +
         folder_name(day, session.session_name.value_or("")) + "/";
}

void write_info_json(const History& history, std::string_view status, std::string_view archive_status,
                     std::string& out) {
  JsonWriter json(out);
  json.begin_object().key("Meeting").begin_object();
  write_meeting_members(history, json);
  json.end_object();
  json.field("Simulated", true).field("SessionStatus", status);
  json.key("ArchiveStatus").begin_object().field("Status", archive_status).end_object();
  write_session_members(history, json);
  json.end_object();
}

}  // namespace slipstream::simulate
