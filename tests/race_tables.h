// The tables of what happened in a race at the end of a recorded session, for the tests that compare them.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "tests/recorded_sessions.h"

namespace slipstream::testing_support {

struct RaceTables {
  std::map<record::RowKey, record::SessionResult> results;
  std::map<record::RowKey, record::PitStop> pit_stops;
  std::map<record::RowKey, record::Penalty> penalties;
  std::map<record::RowKey, record::Overtake> overtakes;
  std::map<record::RowKey, record::RaceControl> race_control;
};

template <class Row>
void keep(session::Output& output, std::map<record::RowKey, Row>& table) {
  for (const auto& published : output.rows<Row>()) {
    record::RowKey key = record::row_key(published.row);
    if (published.envelope.is_withdrawn) table.erase(key);
    else table.insert_or_assign(std::move(key), published.row);
  }
}

inline RaceTables load_race(const char* source) {
  RaceTables tables;
  fold_session(data_root() / source, [&tables](session::Output& output) {
    keep(output, tables.results);
    keep(output, tables.pit_stops);
    keep(output, tables.penalties);
    keep(output, tables.overtakes);
    keep(output, tables.race_control);
    output.clear();
  });
  return tables;
}

// By place; who has none comes last.
inline std::vector<record::SessionResult> in_order(const RaceTables& tables) {
  std::vector<record::SessionResult> rows;
  for (const auto& [key, row] : tables.results) rows.push_back(row);
  std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.position.value_or(1000); });
  return rows;
}

}  // namespace slipstream::testing_support
