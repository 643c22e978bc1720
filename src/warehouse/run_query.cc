#include "warehouse/run_query.h"

#include <fmt/compile.h>
#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

#include "core/time.h"

namespace slipstream::warehouse {
namespace {

bool is_plain(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_DOUBLE:
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return true;
    default: return false;
  }
}

ValueKind kind_of(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return ValueKind::boolean;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE: return ValueKind::number;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_DATE: return ValueKind::date;
    default: return ValueKind::text;
  }
}

// As DuckDB casts to text: 25.0, 0.1, 1e+20, inf.
void write_double(std::string& out, double value) {
  const std::size_t begin = out.size();
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value);
  if (std::isfinite(value) && out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

void write_instant(std::string& out, std::int64_t microseconds) {
  const std::int64_t remainder = ((microseconds % 1000) + 1000) % 1000;
  const UtcTime time{std::chrono::milliseconds((microseconds - remainder) / 1000)};
  out += format_utc(time);
  if (remainder == 0) return;
  out.pop_back();
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{:03}Z"), remainder);
}

// DuckDB's instants: finite ones in units of `unit_us`; the least and greatest values are infinities.
void write_timestamp(std::string& out, std::int64_t value, std::int64_t unit_us) {
  if (value == std::numeric_limits<std::int64_t>::max()) out += "infinity";
  else if (value == -std::numeric_limits<std::int64_t>::max()) out += "-infinity";
  else write_instant(out, value * unit_us);
}

void write_value(std::string& out, const VectorView& vector, duckdb_type type, idx_t row) {
  const auto integer = [&](auto value) { fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value); };
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: out += vector.at<bool>(row) ? "true" : "false"; break;
    case DUCKDB_TYPE_TINYINT: return integer(static_cast<int>(vector.at<std::int8_t>(row)));
    case DUCKDB_TYPE_SMALLINT: return integer(vector.at<std::int16_t>(row));
    case DUCKDB_TYPE_INTEGER: return integer(vector.at<std::int32_t>(row));
    case DUCKDB_TYPE_BIGINT: return integer(vector.at<std::int64_t>(row));
    case DUCKDB_TYPE_UTINYINT: return integer(static_cast<unsigned>(vector.at<std::uint8_t>(row)));
    case DUCKDB_TYPE_USMALLINT: return integer(vector.at<std::uint16_t>(row));
    case DUCKDB_TYPE_UINTEGER: return integer(vector.at<std::uint32_t>(row));
    case DUCKDB_TYPE_UBIGINT: return integer(vector.at<std::uint64_t>(row));
    case DUCKDB_TYPE_DOUBLE: return write_double(out, vector.at<double>(row));
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return write_timestamp(out, vector.at<std::int64_t>(row), 1);
    case DUCKDB_TYPE_TIMESTAMP_MS: return write_timestamp(out, vector.at<std::int64_t>(row), 1000);
    case DUCKDB_TYPE_TIMESTAMP_S: return write_timestamp(out, vector.at<std::int64_t>(row), 1'000'000);
    default: out += vector.text(row);
  }
}

// The one statement of `sql` without the semicolons, blanks and comments behind it.
std::string_view without_end(std::string_view sql) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    const auto past = [&](std::string_view closing, std::size_t from) {
      const std::size_t found = sql.find(closing, from);
      return found == std::string_view::npos ? sql.size() : found + closing.size();
    };
    if (sql.substr(at).starts_with("--")) {
      at = past("\n", at);
    } else if (sql.substr(at).starts_with("/*")) {
      at = past("*/", at);
    } else if (c == '\'' || c == '"') {
      end = at = past(std::string_view(&c, 1), at + 1);
    } else {
      ++at;
      if (std::string_view("; \t\r\n").find(c) == std::string_view::npos) end = at;
    }
  }
  return sql.substr(0, end);
}

// Around a query: its columns by place, those of types that are not plain cast to text. Empty: none needs it.
std::string with_casts(std::span<const duckdb_type> types, std::string_view sql) {
  std::string names;
  std::string values;
  for (std::size_t column = 0; column < types.size(); ++column) {
    const std::string_view comma = column == 0 ? "" : ", ";
    names += fmt::format("{}c{}", comma, column);
    values += is_plain(types[column]) ? fmt::format("{}c{}", comma, column)
                                      : fmt::format("{}CAST(c{} AS VARCHAR)", comma, column);
  }
  if (std::ranges::all_of(types, is_plain)) return {};
  return fmt::format("SELECT {} FROM ({}\n) AS q({})", values, without_end(sql), names);
}

std::vector<duckdb_type> types_of(duckdb_prepared_statement prepared) {
  std::vector<duckdb_type> types;
  for (idx_t at = 0; at < duckdb_prepared_statement_column_count(prepared); ++at) {
    types.push_back(duckdb_prepared_statement_column_type(prepared, at));
  }
  return types;
}

std::vector<ResultColumn> columns_of(duckdb_prepared_statement prepared) {
  std::vector<ResultColumn> columns;
  for (idx_t at = 0; at < duckdb_prepared_statement_column_count(prepared); ++at) {
    const char* name = duckdb_prepared_statement_column_name(prepared, at);
    columns.emplace_back(name, kind_of(duckdb_prepared_statement_column_type(prepared, at)));
    duckdb_free(const_cast<char*>(name));
  }
  return columns;
}

QueryResult render(ResultSet& result, std::vector<ResultColumn> columns) {
  QueryResult rows{std::move(columns), std::nullopt};
  while (const OwnedChunk chunk = result.next()) {
    const idx_t row_count = duckdb_data_chunk_get_size(chunk.get());
    for (std::size_t column = 0; column < rows.columns.size(); ++column) {
      const VectorView vector(duckdb_data_chunk_get_vector(chunk.get(), column));
      const duckdb_type type = result.column_type(column);
      for (idx_t row = 0; row < row_count; ++row) {
        if (vector.is_null(row)) rows.columns[column].push_null();
        else rows.columns[column].push([&](std::string& out) { write_value(out, vector, type, row); });
      }
    }
  }
  return rows;
}

// The statements of `sql`, and their number. Errors: malformed, none, or not SQL.
struct Statements {
  OwnedStatements handle;
  idx_t count = 0;
};
Result<Statements> extract(Connection& connection, const std::string& sql) {
  Statements statements;
  statements.count = duckdb_extract_statements(connection.get(), sql.c_str(), statements.handle.out());
  if (statements.count > 0) return statements;
  const char* text = duckdb_extract_statements_error(statements.handle.get());
  if (text == nullptr) return fail(Errc::malformed, "there is no SQL statement");
  return tl::make_unexpected(duckdb_error(DUCKDB_ERROR_PARSER, text));
}

// The first statement; nothing if it cannot be prepared: running it then tells why.
OwnedPrepared prepare(Connection& connection, const Statements& statements) {
  OwnedPrepared prepared;
  const duckdb_state state =
      duckdb_prepare_extracted_statement(connection.get(), statements.handle.get(), 0, prepared.out());
  return state == DuckDBSuccess ? std::move(prepared) : OwnedPrepared();
}

bool reads_only(duckdb_statement_type type) {
  return type == DUCKDB_STATEMENT_TYPE_SELECT || type == DUCKDB_STATEMENT_TYPE_EXPLAIN;
}

}  // namespace

bool is_single_select(Connection& connection, const std::string& sql) {
  const auto statements = extract(connection, sql);
  if (!statements || statements->count != 1) return false;
  const OwnedPrepared prepared = prepare(connection, *statements);
  return prepared && reads_only(duckdb_prepared_statement_type(prepared.get()));
}

Result<QueryResult> run_query(Connection& connection, const std::string& sql) {
  const auto statements = extract(connection, sql);
  if (!statements) return tl::make_unexpected(statements.error());
  // Asked before it runs, so that a query with a DECIMAL does not run twice.
  std::string casting;
  std::vector<ResultColumn> columns;
  if (statements->count == 1) {
    const OwnedPrepared prepared = prepare(connection, *statements);
    if (prepared && duckdb_prepared_statement_type(prepared.get()) == DUCKDB_STATEMENT_TYPE_SELECT) {
      columns = columns_of(prepared.get());
      casting = with_casts(types_of(prepared.get()), sql);
    }
  }
  auto result = connection.query(casting.empty() ? sql : casting);
  if (!result) return tl::make_unexpected(std::move(result.error()));
  if (!result->returns_rows()) return QueryResult{{}, result->changed_count()};
  if (!casting.empty()) return render(*result, std::move(columns));
  columns.clear();
  for (std::size_t column = 0; column < result->column_count(); ++column) {
    const duckdb_type type = result->column_type(column);
    if (!is_plain(type)) {
      return fail(Errc::unsupported,
                  fmt::format("column {} has a type that only a single SELECT can show; cast it "
                              "to VARCHAR",
                              result->column_name(column)));
    }
    columns.emplace_back(std::string(result->column_name(column)), kind_of(type));
  }
  return render(*result, std::move(columns));
}

}  // namespace slipstream::warehouse
