#include "warehouse/database.h"

#include <dlfcn.h>
#include <fmt/core.h>
#include <algorithm>
#include <charconv>

namespace slipstream::warehouse {
namespace {

// DuckDB draws the place of a mistake below its message; an error here is one line.
std::string one_line(std::string_view text) {
  text = text.substr(0, text.find("\n\nLINE "));
  text = text.substr(0, text.find("\nStack Trace"));
  std::string line;
  for (const char c : text) {
    if (c != '\n' && c != '\r') line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

Errc code_of(duckdb_error_type type) {
  switch (type) {
    case DUCKDB_ERROR_CATALOG: return Errc::not_found;
    case DUCKDB_ERROR_TRANSACTION:
    case DUCKDB_ERROR_CONSTRAINT: return Errc::conflict;
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_OUT_OF_MEMORY:
    case DUCKDB_ERROR_INTERRUPT:
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_PERMISSION: return Errc::unavailable;
    case DUCKDB_ERROR_NOT_IMPLEMENTED:
    case DUCKDB_ERROR_SERIALIZATION: return Errc::unsupported;
    default: return Errc::malformed;
  }
}

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

// "v1.5.6" -> {1, 5}; {0, 0} if it reads otherwise.
std::pair<int, int> version_of(std::string_view text) {
  int major = 0;
  int minor = 0;
  if (text.starts_with('v')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, major);
  if (first.ptr == end || *first.ptr != '.') return {0, 0};
  std::from_chars(first.ptr + 1, end, minor);
  return {major, minor};
}

// The program is linked without DuckDB (src/warehouse/CMakeLists.txt): its functions are there from now on.
// Where it is linked already, this finds that one.
std::string load_library() {
  static const bool is_loaded = dlopen("libduckdb.so", RTLD_LAZY | RTLD_GLOBAL) != nullptr;
  if (is_loaded) return {};
  const char* text = dlerror();
  return text == nullptr ? "libduckdb.so cannot be loaded" : text;
}

Result<ResultSet> outcome(duckdb_state state, duckdb_result result) {
  ResultSet owned(result);
  if (state == DuckDBSuccess) return owned;
  const char* text = duckdb_result_error(&result);
  return tl::make_unexpected(
      duckdb_error(duckdb_result_error_type(&result), text == nullptr ? "failed" : text));
}

}  // namespace

Error duckdb_error(duckdb_error_type type, std::string_view text) { return {code_of(type), one_line(text)}; }

std::string quoted_name(std::string_view name) { return doubled(name, '"'); }
std::string quoted_text(std::string_view text) { return doubled(text, '\''); }

std::string_view VectorView::text(idx_t row) const {
  const auto& string = static_cast<const duckdb_string_t*>(data_)[row];
  const std::uint32_t length = string.value.inlined.length;
  return {length <= sizeof(string.value.inlined.inlined) ? string.value.inlined.inlined
                                                         : string.value.pointer.ptr,
          length};
}

Result<ResultSet> Connection::query(const std::string& sql) {
  duckdb_result result{};
  const duckdb_state state = duckdb_query(handle_.get(), sql.c_str(), &result);
  return outcome(state, result);
}

Result<ResultSet> Connection::query(const std::string& sql, std::span<const Parameter> parameters) {
  OwnedPrepared statement;
  if (duckdb_prepare(handle_.get(), sql.c_str(), statement.out()) != DuckDBSuccess) {
    const char* text = duckdb_prepare_error(statement.get());
    return tl::make_unexpected(duckdb_error(DUCKDB_ERROR_INVALID, text == nullptr ? "failed" : text));
  }
  idx_t index = 1;
  for (const Parameter& parameter : parameters) {
    if (const auto* number = std::get_if<std::int64_t>(&parameter)) {
      duckdb_bind_int64(statement.get(), index++, *number);
    } else {
      const auto& text = std::get<std::string>(parameter);
      duckdb_bind_varchar_length(statement.get(), index++, text.data(), text.size());
    }
  }
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_prepared(statement.get(), &result);
  return outcome(state, result);
}

Result<void> Connection::run(const std::string& sql) {
  SLIP_TRY(query(sql));
  return {};
}

Result<std::int64_t> Connection::change(const std::string& sql) {
  auto result = query(sql);
  if (!result) return tl::make_unexpected(std::move(result.error()));
  return result->rows_changed();
}

Result<std::optional<std::int64_t>> Connection::integer(const std::string& sql) {
  auto result = query(fmt::format("SELECT CAST(({}) AS BIGINT)", sql));
  if (!result) return tl::make_unexpected(std::move(result.error()));
  const OwnedChunk chunk = result->next();
  if (!chunk || duckdb_data_chunk_get_size(chunk.get()) == 0) return std::optional<std::int64_t>{};
  const VectorView column(duckdb_data_chunk_get_vector(chunk.get(), 0));
  return column.is_null(0) ? std::optional<std::int64_t>{} : column.at<std::int64_t>(0);
}

Result<Database> Database::open(const Settings& settings) {
  if (const std::string failure = load_library(); !failure.empty()) return fail(Errc::unavailable, failure);
  const std::string_view version = duckdb_library_version();
  if (version_of(version) < std::pair(1, 4)) {
    return fail(Errc::unsupported,
                fmt::format("DuckDB library {} is too old, 1.4 is the oldest that works", version));
  }
  OwnedConfig config;
  duckdb_create_config(config.out());
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config.get(), name.c_str(), value.c_str()) != DuckDBSuccess) {
      return fail(Errc::unsupported, fmt::format("DuckDB {} knows no setting {} = {}", version, name, value));
    }
  }
  Database database;
  char* text = nullptr;
  const duckdb_state state = duckdb_open_ext(":memory:", database.handle_.out(), config.get(), &text);
  if (state == DuckDBSuccess) return database;
  Error error = duckdb_error(DUCKDB_ERROR_IO, text == nullptr ? "DuckDB does not start" : text);
  duckdb_free(text);
  return tl::make_unexpected(std::move(error));
}

Result<Connection> Database::connect() const {
  Connection connection;
  if (duckdb_connect(handle_.get(), connection.handle_.out()) == DuckDBSuccess) return connection;
  return fail(Errc::unavailable, "DuckDB gives no connection");
}

Result<Transaction> Transaction::begin(Connection& connection) {
  SLIP_TRY(connection.run("BEGIN TRANSACTION"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  // An error of the rollback itself changes nothing: what was not committed is gone with the connection.
  if (connection_ != nullptr) static_cast<void>(connection_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
  SLIP_TRY(connection_->run("COMMIT"));
  connection_ = nullptr;
  return {};
}

}  // namespace slipstream::warehouse
