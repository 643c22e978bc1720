// DuckDB's C API with owners and Results: the only place, with chunks.h, where its handles are seen raw.
//
// The header is of 1.4 and the library of 1.5 (cmake/FindDuckDB.cmake), so the version is asked for at run
// time. Errors: malformed, the statement is wrong; not_found, no such file or table; conflict, two
// transactions met; unavailable, the disk is full or gone, or another process holds the file. Texts are one
// line. Thread rule: a Database may be used by any thread, a Connection and what came from it by one at a
// time.
#pragma once

#include <duckdb.h>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"

namespace slipstream::warehouse {

// Owns a handle of the C API and destroys it with the function the API gives for it.
template <class Handle, auto destroy>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Handle handle) : handle_(handle) {}
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Owned() {
    if (handle_ != nullptr) destroy(&handle_);
  }
  Handle get() const { return handle_; }
  Handle* out() { return &handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  Handle handle_ = nullptr;
};

using OwnedDatabase = Owned<duckdb_database, duckdb_close>;
using OwnedConnection = Owned<duckdb_connection, duckdb_disconnect>;
using OwnedConfig = Owned<duckdb_config, duckdb_destroy_config>;
using OwnedPrepared = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using OwnedStatements = Owned<duckdb_extracted_statements, duckdb_destroy_extracted>;
using OwnedChunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using OwnedType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;
using OwnedAppender = Owned<duckdb_appender, duckdb_appender_destroy>;

Error duckdb_error(duckdb_error_type type, std::string_view text);

// "name" with quotes inside doubled; 'text' as a literal.
std::string quoted_name(std::string_view name);
std::string quoted_text(std::string_view text);

// One vector of a fetched chunk. Lives as long as the chunk.
class VectorView {
 public:
  explicit VectorView(duckdb_vector vector)
      : data_(duckdb_vector_get_data(vector)), validity_(duckdb_vector_get_validity(vector)) {}
  bool is_null(idx_t row) const {
    return validity_ != nullptr && !duckdb_validity_row_is_valid(validity_, row);
  }
  template <class T>
  T at(idx_t row) const {
    return static_cast<const T*>(data_)[row];
  }
  std::string_view text(idx_t row) const;

 private:
  const void* data_;
  std::uint64_t* validity_;
};

class ResultSet {
 public:
  explicit ResultSet(duckdb_result result) : result_(result) {}
  ResultSet(ResultSet&& other) noexcept : result_(std::exchange(other.result_, duckdb_result{})) {}
  ResultSet& operator=(ResultSet&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
  }
  ~ResultSet() { duckdb_destroy_result(&result_); }

  std::size_t column_count() { return duckdb_column_count(&result_); }
  std::string_view column_name(std::size_t column) { return duckdb_column_name(&result_, column); }
  duckdb_type column_type(std::size_t column) { return duckdb_column_type(&result_, column); }
  bool returns_rows() const { return duckdb_result_return_type(result_) == DUCKDB_RESULT_TYPE_QUERY_RESULT; }
  // Of an INSERT, UPDATE or DELETE.
  std::optional<std::int64_t> changed_count() {
    if (duckdb_result_return_type(result_) != DUCKDB_RESULT_TYPE_CHANGED_ROWS) return std::nullopt;
    return rows_changed();
  }
  std::int64_t rows_changed() { return static_cast<std::int64_t>(duckdb_rows_changed(&result_)); }
  // The next rows; none at the end.
  OwnedChunk next() { return OwnedChunk(duckdb_fetch_chunk(result_)); }

 private:
  duckdb_result result_;
};

using Parameter = std::variant<std::int64_t, std::string>;

class Connection {
 public:
  // Runs the statements of `sql`, answers the last one's result.
  Result<ResultSet> query(const std::string& sql);
  Result<ResultSet> query(const std::string& sql, std::span<const Parameter> parameters);
  Result<void> run(const std::string& sql);
  // Rows that an INSERT, UPDATE or DELETE touched.
  Result<std::int64_t> change(const std::string& sql);
  // The first column of the only row of the result, NULL as nothing.
  Result<std::optional<std::int64_t>> integer(const std::string& sql);
  duckdb_connection get() const { return handle_.get(); }

 private:
  friend class Database;
  OwnedConnection handle_;
};

class Database {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;
  // A DuckDB instance in memory; files are attached to it. Refuses a library older than 1.4.
  static Result<Database> open(const Settings& settings);
  Result<Connection> connect() const;

 private:
  OwnedDatabase handle_;
};

// BEGIN now, COMMIT by commit(), ROLLBACK at the end of the scope otherwise.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace slipstream::warehouse
