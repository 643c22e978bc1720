// The staging schema in DuckDB: tables made from the record specs, and the columns a file really has.
//
// A file made by an older version lacks columns: they are added, at the end. So the order of a table's
// columns is read from the file, never assumed. Uses one Connection; one thread at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "record/table.h"
#include "warehouse/database.h"

namespace slipstream::warehouse {

inline constexpr std::string_view database_name = "f1";
inline constexpr std::string_view staging_schema = "staging";

// Where the value of a staging column comes from.
enum class ColumnSource {
  record,  // the table's own column, number `index` of its spec
  build,
  revision,
  topic,
  partition,
  offset,
  create_date,
  loaded_date,
  is_withdrawn,  // of the table of incoming rows only (merge.cc)
  unknown,       // of a newer version; stays NULL
};

struct StagingColumn {
  std::string name;
  duckdb_type type;
  ColumnSource source;
  std::size_t index = 0;  // in the spec, for ColumnSource::record
};

// A staging table as it stands in the file, columns in the file's order.
struct StagingTable {
  const record::TableSpec* spec;
  std::vector<StagingColumn> columns;
};

// "f1.staging.stg_laps", quoted.
std::string staging_name(const record::TableSpec& spec);
duckdb_type duckdb_type_of(record::ColumnType type);

// Makes what is missing: schemas, tables, columns. Idempotent, one transaction.
Result<void> ensure_schema(Connection& connection);

// All staging tables in the order of record::all_tables(); a table that is not in the file (opened read-only)
// has no columns. Errors: unsupported, a column has another type than the spec's (names it).
Result<std::vector<StagingTable>> read_schema(Connection& connection);

// `"session_key", "driver_number", ...`, each with `prefix` in front.
std::string key_list(const record::TableSpec& spec, std::string_view prefix = "");
// `a."session_key" = b."session_key" AND ...`
std::string keys_equal(const record::TableSpec& spec, std::string_view a, std::string_view b);
// SQL for the key after session_key as one text: numbers and epoch milliseconds joined by '/'.
std::string key_text(const record::TableSpec& spec, std::string_view prefix);

}  // namespace slipstream::warehouse
