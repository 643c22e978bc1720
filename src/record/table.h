// Every table as data: names, types and keys, for code that does not know the row structs (warehouse,
// exports).
//
// The specs are made from the columns in record/columns.h; nothing is listed twice. Immutable after first
// use; safe from any thread.
#pragma once

#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "record/rows.h"

namespace slipstream::record {

enum class ColumnType { int32, int64, real, boolean, text, date };

struct ColumnSpec {
  std::string_view name;
  ColumnType type;
  bool is_key;       // part of the table's key; key columns come first, session_key is the first of all
  bool is_nullable;  // false where the row struct always has a value
};

struct TableSpec {
  std::string_view name;       // "laps"; in the warehouse "stg_laps"
  std::string_view bus_topic;  // the topic that carries it
  std::vector<ColumnSpec> columns;

  std::size_t key_count() const;
};

// All row structs, in the order in which tables are made and exported. Manifest is last: a producer puts it
// out behind all that it counts.
using AnyRow = std::variant<Session, Driver, Lap, CarSample, PositionSample, Telemetry, Timing, MiniSector,
                            Stint, PitStop, Penalty, Overtake, SessionResult, CircuitPoint, Corner,
                            CircuitLine, PitLanePoint, Weather, RaceControl, TrackStatus, SessionStatus,
                            SessionPart, TeamRadio, LapCount, SessionClock, FlagZone, TrackMode,
                            ChampionshipPrediction, Rejected, Completeness, FeedGap, Manifest>;

std::span<const TableSpec> all_tables();
// nullptr if there is no table of that name.
const TableSpec* find_table(std::string_view name);

template <class Row>
const TableSpec& table_of() {
  static const TableSpec& spec = *find_table(Table<Row>::name);
  return spec;
}

}  // namespace slipstream::record
