// Rows to bus values. The inverse is decode.cc.
#include <cmath>

#include "core/json_writer.h"
#include "record/codec.h"
#include "record/fastf1_fields.h"

namespace slipstream::record {
namespace {

void write(JsonWriter& json, const SessionKey& value, NumberStyle) { json.value(value.value); }
void write(JsonWriter& json, const UtcTime& value, NumberStyle) {
  json.value(value.time_since_epoch().count());
}
void write(JsonWriter& json, const Int& value, NumberStyle style) {
  if (style == NumberStyle::whole_float) json.whole_float(value);
  else json.value(value);
}
void write(JsonWriter& json, const JsonText& value, NumberStyle) { json.raw(value.text); }
template <class T>
void write(JsonWriter& json, const T& value, NumberStyle) {
  json.value(value);
}
template <class T>
void write(JsonWriter& json, const std::optional<T>& value, NumberStyle style) {
  if (value) write(json, *value, style);
  else json.null();
}

template <class Row, class Fields>
void write_fields(JsonWriter& json, const Row& row, const Fields& fields) {
  const auto write_one = [&](const auto& field) {
    json.key(field.name);
    write(json, row.*(field.member), field.style);
  };
  std::apply([&](const auto&... field) { (write_one(field), ...); }, fields);
}

void write_envelope(JsonWriter& json, const RecordMeta& meta) {
  json.field("Build", meta.build).field("Revision", meta.envelope.revision);
  json.field("Withdrawn", meta.envelope.is_withdrawn);
}

void write_float(JsonWriter& json, std::string_view name, const optional<Int>& value) {
  json.key(name);
  write(json, value, NumberStyle::whole_float);
}
void write_float(JsonWriter& json, std::string_view name, const optional<double>& value) {
  json.key(name);
  const bool is_whole = value && *value == std::trunc(*value) && std::fabs(*value) < 0x1p53;
  if (is_whole) json.whole_float(static_cast<std::int64_t>(*value));
  else json.value(value);
}

}  // namespace

template <>
void encode(const Lap& row, const RecordMeta& meta, std::string& out) {
  JsonWriter json(out);
  json.begin_object().field("Driver", meta.driver_key);
  write_fields(json, row, lap_reference_fields);
  write_fields(json, row, lap_further_fields);
  write_envelope(json, meta);
  json.end_object();
}

template <>
void encode(const Telemetry& row, const RecordMeta& meta, std::string& out) {
  JsonWriter json(out);
  json.begin_object();
  write_float(json, "X", row.x_dm);
  write_float(json, "Y", row.y_dm);
  write_float(json, "Z", row.z_dm);
  json.field("Status", row.status);
  write_float(json, "Speed", row.speed_kmh);
  write_float(json, "RPM", row.rpm);
  write_float(json, "Throttle", row.throttle_pct);
  json.field("Brake", row.is_braking).field("DRS", row.drs).field("nGear", row.gear);
  json.field("Driver", meta.driver_key).field("Date", row.sample_date.time_since_epoch().count());
  json.field("Lap", row.lap_number).field("SessionTime", row.session_time_ms);
  write_float(json, "Distance", row.distance_m);
  write_float(json, "RelativeDistance", row.relative_distance);
  json.key("DriverAhead");
  if (row.driver_ahead) json.value(std::string_view(std::to_string(*row.driver_ahead)));
  else json.null();
  write_float(json, "DistanceToDriverAhead", row.distance_to_driver_ahead_m);
  json.field("date_delta", meta.date_delta_ms);
  json.field("SessionKey", row.session_key.value).field("DriverNumber", row.driver_number);
  json.field("Source", row.source).field("Build", meta.build).field("Revision", meta.envelope.revision);
  json.field("DriverCode", row.driver_code).field("Quality", row.quality);
  json.field("LongitudinalAcceleration", row.longitudinal_acceleration_mps2);
  json.field("LateralAcceleration", row.lateral_acceleration_mps2);
  if (meta.envelope.is_withdrawn) json.field("Withdrawn", true);  // only a place that was reckoned too early
  json.end_object();
}

template <class Row>
void encode(const Row& row, const RecordMeta& meta, std::string& out) {
  JsonWriter json(out);
  json.begin_object().field("type", Table<Row>::name);
  const auto write_one = [&](const auto& column) {
    json.key(column.name);
    write(json, row.*(column.member), NumberStyle::integer);
  };
  std::apply([&](const auto&... column) { (write_one(column), ...); }, Table<Row>::columns);
  json.field("build", meta.build).field("revision", meta.envelope.revision);
  json.field("is_withdrawn", meta.envelope.is_withdrawn).end_object();
}

template void encode(const Session&, const RecordMeta&, std::string&);
template void encode(const Driver&, const RecordMeta&, std::string&);
template void encode(const Timing&, const RecordMeta&, std::string&);
template void encode(const MiniSector&, const RecordMeta&, std::string&);
template void encode(const Stint&, const RecordMeta&, std::string&);
template void encode(const PitStop&, const RecordMeta&, std::string&);
template void encode(const Penalty&, const RecordMeta&, std::string&);
template void encode(const Overtake&, const RecordMeta&, std::string&);
template void encode(const SessionResult&, const RecordMeta&, std::string&);
template void encode(const CircuitPoint&, const RecordMeta&, std::string&);
template void encode(const Corner&, const RecordMeta&, std::string&);
template void encode(const CircuitLine&, const RecordMeta&, std::string&);
template void encode(const PitLanePoint&, const RecordMeta&, std::string&);
template void encode(const Weather&, const RecordMeta&, std::string&);
template void encode(const RaceControl&, const RecordMeta&, std::string&);
template void encode(const TrackStatus&, const RecordMeta&, std::string&);
template void encode(const SessionStatus&, const RecordMeta&, std::string&);
template void encode(const SessionPart&, const RecordMeta&, std::string&);
template void encode(const TeamRadio&, const RecordMeta&, std::string&);
template void encode(const LapCount&, const RecordMeta&, std::string&);
template void encode(const SessionClock&, const RecordMeta&, std::string&);
template void encode(const FlagZone&, const RecordMeta&, std::string&);
template void encode(const TrackMode&, const RecordMeta&, std::string&);
template void encode(const ChampionshipPrediction&, const RecordMeta&, std::string&);
template void encode(const Rejected&, const RecordMeta&, std::string&);
template void encode(const Completeness&, const RecordMeta&, std::string&);
template void encode(const FeedGap&, const RecordMeta&, std::string&);
template void encode(const Manifest&, const RecordMeta&, std::string&);

}  // namespace slipstream::record
