#include "serve/status.h"

#include "core/json_writer.h"

namespace slipstream::serve {
namespace {

void write(JsonWriter& json, const Pipeline& pipeline) {
  json.begin_object().field("messages", pipeline.messages).field("records", pipeline.records);
  json.field("rows", pipeline.rows).field("lag_ms", pipeline.lag_ms);
  json.field("laps_checked", pipeline.laps_checked).field("lap_errors", pipeline.lap_errors);
  json.end_object();
}

void write(JsonWriter& json, const NextSession& next) {
  json.begin_object().field("meeting_name", next.meeting_name).field("session_name", next.session_name);
  json.field("start_date", next.start_date ? std::optional(format_utc(*next.start_date)) : std::nullopt);
  json.field("gmt_offset_s", next.gmt_offset_s).field("schedule_trouble", next.schedule_trouble);
  json.field("is_feed_connected", next.is_feed_connected).end_object();
}

}  // namespace

std::string encode_status(const std::optional<Pipeline>& pipeline, const std::optional<NextSession>& next) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("pipeline");
  if (pipeline) write(json, *pipeline);
  else json.null();
  json.key("next_session");
  if (next) write(json, *next);
  else json.null();
  json.end_object();
  return text;
}

}  // namespace slipstream::serve
