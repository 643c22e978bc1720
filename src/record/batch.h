// Rows of one table, one session and one build, column by column: what the warehouse loads.
//
// Columns are in the order of the TableSpec. Unknown values have valid[i] == 0 and a zero or empty slot, so
// that every vector of a batch has row_count() entries. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "record/table.h"

namespace slipstream::record {

struct ColumnData {
  // int32: int32_t; int64: int64_t; date: int64_t, milliseconds since 1970 UTC; real: double; boolean:
  // uint8_t.
  std::variant<std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<double>,
               std::vector<std::uint8_t>, std::vector<std::string>>
      values;
  std::vector<std::uint8_t> valid;
};

// What counts of a record besides its row (docs/tables.md, "Build and revision").
struct Envelope {
  std::int32_t revision = 0;
  bool is_withdrawn = false;
};

// Where on the bus a record stood; partition -1: it did not come from a bus.
struct Origin {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::int64_t create_date_ms = 0;  // the bus record's timestamp
};

class RowBatch {
 public:
  RowBatch(const TableSpec& table, SessionKey session_key, std::string build, std::string bus_topic = {});

  const TableSpec& table() const { return *table_; }
  SessionKey session_key() const { return session_key_; }
  const std::string& build() const { return build_; }
  const std::string& bus_topic() const { return bus_topic_; }  // empty: did not come from a bus
  std::size_t row_count() const { return revisions_.size(); }

  const std::vector<ColumnData>& columns() const { return columns_; }
  const std::vector<std::int32_t>& revisions() const { return revisions_; }
  const std::vector<std::uint8_t>& withdrawn() const { return withdrawn_; }
  const std::vector<Origin>& origins() const { return origins_; }  // row_count() entries, or none at all

  // Row must be the struct of table().
  template <class Row>
  void append(const Row& row, Envelope envelope);
  template <class Row>
  void append(const Row& row, Envelope envelope, Origin origin) {
    append(row, envelope);
    origins_.push_back(origin);
  }
  // For batches that are begun before the build is known.
  void set_build(std::string build) { build_ = std::move(build); }
  void reserve(std::size_t rows);
  void clear();  // keeps the memory

 private:
  const TableSpec* table_;
  SessionKey session_key_;
  std::string build_;
  std::string bus_topic_;
  std::vector<ColumnData> columns_;
  std::vector<std::int32_t> revisions_;
  std::vector<std::uint8_t> withdrawn_;
  std::vector<Origin> origins_;
};

namespace detail {

template <class T>
void push(ColumnData& column, const T& value) {
  if constexpr (std::is_same_v<T, SessionKey>) {
    std::get<std::vector<std::int64_t>>(column.values).push_back(value.value);
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    std::get<std::vector<std::int64_t>>(column.values).push_back(value.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, bool>) {
    std::get<std::vector<std::uint8_t>>(column.values).push_back(value ? 1 : 0);
  } else if constexpr (std::is_same_v<T, JsonText>) {
    std::get<std::vector<std::string>>(column.values).push_back(value.text);
  } else {
    std::get<std::vector<T>>(column.values).push_back(value);
  }
  column.valid.push_back(1);
}

template <class T>
void push(ColumnData& column, const std::optional<T>& value) {
  push(column, value ? *value : T{});
  column.valid.back() = value.has_value() ? 1 : 0;
}

}  // namespace detail

template <class Row>
void RowBatch::append(const Row& row, Envelope envelope) {
  SLIP_CHECK(table_->name == Table<Row>::name);
  std::size_t at = 0;
  std::apply([&](const auto&... column) { (detail::push(columns_[at++], row.*(column.member)), ...); },
             Table<Row>::columns);
  revisions_.push_back(envelope.revision);
  withdrawn_.push_back(envelope.is_withdrawn ? 1 : 0);
}

}  // namespace slipstream::record
