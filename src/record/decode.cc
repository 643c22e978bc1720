// Bus values to rows. The inverse is encode.cc.
#include <fmt/core.h>
#include <simdjson.h>
#include <charconv>

#include "record/codec.h"
#include "record/fastf1_fields.h"
#include "record/json_fields.h"
#include "record/manifest.h"
#include "record/telemetry.h"

namespace slipstream::record {
namespace {

template <class Row, class Fields>
Result<void> read_fields(json::Object& object, Row& row, const Fields& fields) {
  Result<void> result;
  const auto read_one = [&](const auto& field) {
    result = json::get(object, field.name, row.*(field.member));
    return result.has_value();
  };
  std::apply([&](const auto&... field) { (void)(read_one(field) && ...); }, fields);
  return result;
}

Result<DecodedRecord> decode_lap(json::Object& object) {
  DecodedRecord record;
  Lap& row = record.row.emplace<Lap>();
  SLIP_TRY(read_fields(object, row, lap_reference_fields));
  SLIP_TRY(read_fields(object, row, lap_further_fields));
  SLIP_TRY(json::get(object, "Build", record.build));
  SLIP_TRY(json::get(object, "Revision", record.envelope.revision));
  SLIP_TRY(json::get(object, "Withdrawn", record.envelope.is_withdrawn));
  return record;
}

// "4", as FastF1 has it; "" and null: nobody.
Result<void> read_driver_ahead(json::Object& object, Telemetry& row) {
  optional<Text> ahead;
  SLIP_TRY(json::get(object, "DriverAhead", ahead));
  if (!ahead || ahead->empty()) return {};
  Int number = 0;
  const auto [end, error] = std::from_chars(ahead->data(), ahead->data() + ahead->size(), number);
  if (error != std::errc() || end != ahead->data() + ahead->size())
    return json::wrong("DriverAhead", "not a car's number");
  row.driver_ahead = number;
  return {};
}

// In the order of the encoder, so that no field is searched for.
Result<void> read_telemetry(json::Object& object, Telemetry& row, DecodedRecord& record) {
  SLIP_TRY(json::get(object, "X", row.x_dm));
  SLIP_TRY(json::get(object, "Y", row.y_dm));
  SLIP_TRY(json::get(object, "Z", row.z_dm));
  SLIP_TRY(json::get(object, "Status", row.status));
  SLIP_TRY(json::get(object, "Speed", row.speed_kmh));
  SLIP_TRY(json::get(object, "RPM", row.rpm));
  SLIP_TRY(json::get(object, "Throttle", row.throttle_pct));
  SLIP_TRY(json::get(object, "Brake", row.is_braking));
  SLIP_TRY(json::get(object, "DRS", row.drs));
  SLIP_TRY(json::get(object, "nGear", row.gear));
  SLIP_TRY(json::get(object, "Date", row.sample_date));
  SLIP_TRY(json::get(object, "Lap", row.lap_number));
  SLIP_TRY(json::get(object, "SessionTime", row.session_time_ms));
  SLIP_TRY(json::get(object, "Distance", row.distance_m));
  SLIP_TRY(json::get(object, "RelativeDistance", row.relative_distance));
  SLIP_TRY(read_driver_ahead(object, row));
  SLIP_TRY(json::get(object, "DistanceToDriverAhead", row.distance_to_driver_ahead_m));
  SLIP_TRY(json::get(object, "SessionKey", row.session_key));
  SLIP_TRY(json::get(object, "DriverNumber", row.driver_number));
  SLIP_TRY(json::get(object, "Source", row.source));
  SLIP_TRY(json::get(object, "Build", record.build));
  SLIP_TRY(json::get(object, "Revision", record.envelope.revision));
  SLIP_TRY(json::get(object, "DriverCode", row.driver_code));
  SLIP_TRY(json::get(object, "Quality", row.quality));
  SLIP_TRY(json::get(object, "LongitudinalAcceleration", row.longitudinal_acceleration_mps2));
  SLIP_TRY(json::get(object, "LateralAcceleration", row.lateral_acceleration_mps2));
  // The last field, and only where it is true: looked for from here on, where it can be.
  if (row.quality != quality_estimated) return {};
  bool is_withdrawn = false;
  if (object.find_field("Withdrawn").get_bool().get(is_withdrawn) == simdjson::SUCCESS)
    record.envelope.is_withdrawn = is_withdrawn;
  return {};
}

Result<DecodedRecord> decode_telemetry(json::Object& object) {
  DecodedRecord record;
  Telemetry& row = record.row.emplace<Telemetry>();
  SLIP_TRY(read_telemetry(object, row, record));
  const bool is_position = row.source == "pos";
  if (!is_position && row.source != "car")
    return fail(Errc::unsupported, fmt::format("field Source: \"{}\" is neither car nor pos", row.source));
  if (record.envelope.revision > 0 || row.quality == quality_estimated) return record;
  if (is_position) record.sample = position_sample_of(row);
  else record.sample = car_sample_of(row);
  return record;
}

template <class Row>
Result<DecodedRecord> decode_row(json::Object& object) {
  DecodedRecord record;
  Row& row = record.row.emplace<Row>();
  SLIP_TRY(read_fields(object, row, Table<Row>::columns));
  SLIP_TRY(json::get(object, "build", record.build));
  SLIP_TRY(json::get(object, "revision", record.envelope.revision));
  SLIP_TRY(json::get(object, "is_withdrawn", record.envelope.is_withdrawn));
  if constexpr (std::is_same_v<Row, Manifest>) SLIP_TRY(table_counts_of(row));
  return record;
}

// The row struct whose table is `type`, among those that `topic` carries.
template <class... Rows>
Result<DecodedRecord> decode_typed(std::string_view topic, std::string_view type, json::Object& object,
                                   const std::variant<Rows...>*) {
  Result<DecodedRecord> result = fail(Errc::unsupported, fmt::format("type \"{}\" in topic {}", type, topic));
  const auto try_one = [&]<class Row>(const Row*) {
    if (Table<Row>::name != type || Table<Row>::bus_topic != topic) return false;
    result = decode_row<Row>(object);
    return true;
  };
  (void)(try_one(static_cast<const Rows*>(nullptr)) || ...);
  return result;
}

}  // namespace

struct Decoder::Impl {
  simdjson::ondemand::parser parser;
  std::string padded;
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

Result<DecodedRecord> Decoder::decode(std::string_view topic, std::string_view value) {
  impl_->padded.reserve(value.size() + simdjson::SIMDJSON_PADDING);
  impl_->padded.assign(value);
  simdjson::ondemand::document document;
  json::Object object;
  if (impl_->parser.iterate(impl_->padded.data(), value.size(), impl_->padded.capacity()).get(document) !=
          simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return fail(Errc::malformed, "not a JSON object");
  }
  if (topic == topic_laps) return decode_lap(object);
  if (topic == topic_telemetry) return decode_telemetry(object);
  std::string type;
  SLIP_TRY(json::get(object, "type", type));
  return decode_typed(topic, type, object, static_cast<const AnyRow*>(nullptr));
}

SessionKey session_key_of(const AnyRow& row) {
  return std::visit([](const auto& typed) { return typed.session_key; }, row);
}

}  // namespace slipstream::record
