// Records as bus values: JSON with FastF1's names in f1_laps and f1_tele, the tables' names everywhere else.
//
// f1_laps   the reference system's 24 fields first, in its order and types (LapNumber 1.0, LapTime 117099 or
//           null, FreshTyre true), then ours. f1_tele: its 19 fields, then ours; a record is a row of
//           `telemetry`, and its revision 0 is the sample as well (car_samples, position_samples): the
//           channels of its own stream are as sent. f1_timing and f1_session: {"type": "weather",
//           "session_key": ..., "build": ..., "revision": 0, "is_withdrawn": false, then the table's
//           columns}.
// Dates are integers, ms since 1970 UTC. Encoding and decoding are exact inverses: decode(encode(row)) ==
// row. One JSON Schema file a topic lies in docs/schemas/. Pure; an encoder or decoder belongs to one thread
// at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "record/batch.h"
#include "record/rows.h"
#include "record/table.h"

namespace slipstream::record {

// Headers of every bus record.
inline constexpr std::string_view header_schema = "schema";          // "f1_laps/1"
inline constexpr std::string_view header_event_time = "event_time";  // ms since 1970 UTC, as text
inline constexpr std::string_view header_session_time =
    "session_time";  // ms, of the feed message that caused it
inline constexpr std::string_view header_session_key = "session_key";
inline constexpr std::string_view header_build = "build";

// What a record carries besides its row.
struct RecordMeta {
  std::string_view build;
  Envelope envelope;
  // f1_laps and f1_tele only: the bus key of the car, which is also the field Driver (code, or number as
  // text).
  std::string_view driver_key;
  // f1_tele only: ms since the sample published before (for paced readers).
  std::optional<Int> date_delta_ms;
};

// Appends the record's JSON to `out`.
template <class Row>
void encode(const Row& row, const RecordMeta& meta, std::string& out);
template <>
void encode(const Lap& row, const RecordMeta& meta, std::string& out);
template <>
void encode(const Telemetry& row, const RecordMeta& meta, std::string& out);

struct DecodedRecord {
  std::string build;
  Envelope envelope;
  AnyRow row;
  std::optional<AnyRow> sample =
      {};  // of f1_tele's revision 0: its CarSample or PositionSample, never revised
};

class Decoder {
 public:
  Decoder();
  ~Decoder();
  // Errors: malformed, not JSON, a field of the wrong type or a key missing (names the field); unsupported, a
  // topic or type that this version does not know. Unknown fields are no error.
  Result<DecodedRecord> decode(std::string_view topic, std::string_view value);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

SessionKey session_key_of(const AnyRow& row);

}  // namespace slipstream::record
