#include "warehouse/schema.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <map>

namespace slipstream::warehouse {
namespace {

struct MetaColumn {
  std::string_view name;
  std::string_view sql_type;
  duckdb_type type;
  ColumnSource source;
};

constexpr std::array<MetaColumn, 7> meta_columns{{
    {"build", "VARCHAR", DUCKDB_TYPE_VARCHAR, ColumnSource::build},
    {"revision", "INTEGER", DUCKDB_TYPE_INTEGER, ColumnSource::revision},
    {"_topic", "VARCHAR", DUCKDB_TYPE_VARCHAR, ColumnSource::topic},
    {"_partition", "INTEGER", DUCKDB_TYPE_INTEGER, ColumnSource::partition},
    {"_offset", "BIGINT", DUCKDB_TYPE_BIGINT, ColumnSource::offset},
    {"_create_date", "TIMESTAMP_MS", DUCKDB_TYPE_TIMESTAMP_MS, ColumnSource::create_date},
    {"_loaded_date", "TIMESTAMP_MS", DUCKDB_TYPE_TIMESTAMP_MS, ColumnSource::loaded_date},
}};

// Tables beside those of the records. _withdrawn: which keys are removed, and by what (build, revision), so
// that an older record that comes later does not bring them back; `key` is key_text(). _settled: which build
// was whole and removed what earlier builds had left in a table.
constexpr std::string_view side_tables = R"(
CREATE SCHEMA IF NOT EXISTS f1.staging;
CREATE SCHEMA IF NOT EXISTS f1.marts;
CREATE TABLE IF NOT EXISTS f1.staging._offsets (
  log_identity VARCHAR NOT NULL, topic VARCHAR NOT NULL, "partition" INTEGER NOT NULL,
  next_offset BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS f1.staging._withdrawn (
  table_name VARCHAR NOT NULL, session_key BIGINT NOT NULL, "key" VARCHAR NOT NULL, build VARCHAR NOT NULL,
  revision INTEGER NOT NULL, _offset BIGINT);
CREATE TABLE IF NOT EXISTS f1.staging._settled (
  table_name VARCHAR NOT NULL, session_key BIGINT NOT NULL, build VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS f1.staging.stg_rejected_records (
  topic VARCHAR NOT NULL, "partition" INTEGER NOT NULL, "offset" BIGINT NOT NULL, reason VARCHAR NOT NULL,
  raw VARCHAR, _loaded_date TIMESTAMP_MS);
)";

std::string_view sql_type_of(record::ColumnType type) {
  switch (type) {
    case record::ColumnType::int32: return "INTEGER";
    case record::ColumnType::int64: return "BIGINT";
    case record::ColumnType::real: return "DOUBLE";
    case record::ColumnType::boolean: return "BOOLEAN";
    case record::ColumnType::text: return "VARCHAR";
    case record::ColumnType::date: break;
  }
  return "TIMESTAMP_MS";
}

std::string create_statement(const record::TableSpec& spec) {
  std::string columns;
  for (const record::ColumnSpec& column : spec.columns) {
    columns += fmt::format("{}{} {}{}", columns.empty() ? "" : ", ", quoted_name(column.name),
                           sql_type_of(column.type), column.is_key ? " NOT NULL" : "");
  }
  for (const MetaColumn& column : meta_columns) {
    columns += fmt::format(", {} {}", quoted_name(column.name), column.sql_type);
  }
  return fmt::format("CREATE TABLE IF NOT EXISTS {} ({});", staging_name(spec), columns);
}

StagingColumn classify(const record::TableSpec& spec, std::string name) {
  for (std::size_t index = 0; index < spec.columns.size(); ++index) {
    if (spec.columns[index].name != name) continue;
    return {std::move(name), duckdb_type_of(spec.columns[index].type), ColumnSource::record, index};
  }
  for (const MetaColumn& column : meta_columns) {
    if (column.name == name) return {std::move(name), column.type, column.source};
  }
  return {std::move(name), DUCKDB_TYPE_INVALID, ColumnSource::unknown};
}

bool has_column(const StagingTable& table, std::string_view name) {
  return std::ranges::find(table.columns, name, &StagingColumn::name) != table.columns.end();
}

// ALTER TABLE statements for the columns that an older file lacks.
std::string missing_columns(const StagingTable& table) {
  std::string sql;
  const auto add = [&](std::string_view name, std::string_view type) {
    if (has_column(table, name)) return;
    sql +=
        fmt::format("ALTER TABLE {} ADD COLUMN {} {};", staging_name(*table.spec), quoted_name(name), type);
  };
  for (const record::ColumnSpec& column : table.spec->columns) add(column.name, sql_type_of(column.type));
  for (const MetaColumn& column : meta_columns) add(column.name, column.sql_type);
  return sql;
}

}  // namespace

std::string staging_name(const record::TableSpec& spec) {
  return fmt::format("{}.{}.{}", database_name, staging_schema,
                     quoted_name(fmt::format("stg_{}", spec.name)));
}

duckdb_type duckdb_type_of(record::ColumnType type) {
  switch (type) {
    case record::ColumnType::int32: return DUCKDB_TYPE_INTEGER;
    case record::ColumnType::int64: return DUCKDB_TYPE_BIGINT;
    case record::ColumnType::real: return DUCKDB_TYPE_DOUBLE;
    case record::ColumnType::boolean: return DUCKDB_TYPE_BOOLEAN;
    case record::ColumnType::text: return DUCKDB_TYPE_VARCHAR;
    case record::ColumnType::date: break;
  }
  return DUCKDB_TYPE_TIMESTAMP_MS;
}

Result<void> ensure_schema(Connection& connection) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return tl::make_unexpected(std::move(transaction.error()));
  std::string sql(side_tables);
  for (const record::TableSpec& spec : record::all_tables()) sql += create_statement(spec);
  SLIP_TRY(connection.run(sql));
  const auto tables = read_schema(connection);
  if (!tables) return tl::make_unexpected(tables.error());
  std::string additions;
  for (const StagingTable& table : *tables) additions += missing_columns(table);
  if (!additions.empty()) SLIP_TRY(connection.run(additions));
  return transaction->commit();
}

Result<std::vector<StagingTable>> read_schema(Connection& connection) {
  std::map<std::string, StagingTable, std::less<>> by_name;
  for (const record::TableSpec& spec : record::all_tables()) {
    by_name.emplace(fmt::format("stg_{}", spec.name), StagingTable{&spec, {}});
  }
  auto rows = connection.query(
      "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'f1' "
      "AND schema_name = 'staging' ORDER BY table_name, column_index");
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  while (const OwnedChunk chunk = rows->next()) {
    const VectorView table_name(duckdb_data_chunk_get_vector(chunk.get(), 0));
    const VectorView name(duckdb_data_chunk_get_vector(chunk.get(), 1));
    const VectorView type(duckdb_data_chunk_get_vector(chunk.get(), 2));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      const auto found = by_name.find(table_name.text(row));
      if (found == by_name.end()) continue;
      StagingTable& table = found->second;
      StagingColumn column = classify(*table.spec, std::string(name.text(row)));
      if (column.source == ColumnSource::record &&
          sql_type_of(table.spec->columns[column.index].type) != type.text(row)) {
        return fail(Errc::unsupported, fmt::format("column staging.{}.{} has type {}, this version writes {}",
                                                   found->first, column.name, type.text(row),
                                                   sql_type_of(table.spec->columns[column.index].type)));
      }
      table.columns.push_back(std::move(column));
    }
  }
  std::vector<StagingTable> tables;
  for (const record::TableSpec& spec : record::all_tables()) {
    tables.push_back(std::move(by_name.at(fmt::format("stg_{}", spec.name))));
  }
  return tables;
}

std::string key_list(const record::TableSpec& spec, std::string_view prefix) {
  std::string list;
  for (const record::ColumnSpec& column : spec.columns) {
    if (column.is_key)
      list += fmt::format("{}{}{}", list.empty() ? "" : ", ", prefix, quoted_name(column.name));
  }
  return list;
}

std::string keys_equal(const record::TableSpec& spec, std::string_view a, std::string_view b) {
  std::string condition;
  for (const record::ColumnSpec& column : spec.columns) {
    if (!column.is_key) continue;
    const std::string name = quoted_name(column.name);
    condition += fmt::format("{}{}.{} = {}.{}", condition.empty() ? "" : " AND ", a, name, b, name);
  }
  return condition;
}

std::string key_text(const record::TableSpec& spec, std::string_view prefix) {
  std::string parts;
  for (std::size_t index = 1; index < spec.key_count(); ++index) {
    const record::ColumnSpec& column = spec.columns[index];
    const std::string name = fmt::format("{}.{}", prefix, quoted_name(column.name));
    parts += parts.empty() ? "" : ", ";
    if (column.type == record::ColumnType::date) parts += fmt::format("epoch_ms({})", name);
    else if (column.type == record::ColumnType::text) {
      parts += fmt::format("replace(replace({}, '~', '~0'), '/', '~1')", name);
    } else parts += name;
  }
  return parts.empty() ? "''" : fmt::format("concat_ws('/', {})", parts);
}

}  // namespace slipstream::warehouse
