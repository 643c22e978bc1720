// What the tests that cross modules share: real sessions, and what stands in a warehouse's tables.
#pragma once

#include <gtest/gtest.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bus/bus.h"
#include "cli/bus_publisher.h"
#include "cli/session_rows.h"
#include "tests/recorded_sessions.h"
#include "warehouse/format.h"
#include "warehouse/sink.h"
#include "warehouse/warehouse.h"

namespace slipstream::testing_support {

inline std::unique_ptr<warehouse::Warehouse> new_warehouse() {
  return std::move(*warehouse::open_duckdb(":memory:"));
}

// The rows that `sql` answers, as CSV.
inline std::string csv_of(warehouse::Warehouse& warehouse, const std::string& sql) {
  std::string text;
  const auto rows = warehouse.query(sql);
  EXPECT_TRUE(rows) << rows.error().message;
  if (rows) warehouse::format_result(*rows, warehouse::OutputFormat::csv, text);
  return text;
}

// One staging table as text, but for the columns that say how and when a row came.
inline std::string table_of(warehouse::Warehouse& warehouse, std::string_view table) {
  return csv_of(warehouse, "select columns(c -> c not like '\\_%' escape '\\') from staging.stg_" +
                               std::string(table) + " order by all");
}

// All of them.
inline std::string tables_of(warehouse::Warehouse& warehouse) {
  std::string text;
  for (const record::TableSpec& table : record::all_tables()) {
    text += "-- " + std::string(table.name) + "\n" + table_of(warehouse, table.name);
  }
  return text;
}

inline void sink(bus::Bus& bus, warehouse::Warehouse& warehouse, std::size_t batch_rows = 5000) {
  warehouse::SinkOptions options;
  options.batch_rows_max = batch_rows;
  const auto counts = warehouse::Sink(bus, warehouse, options).run_once();
  ASSERT_TRUE(counts) << counts.error().message;
  EXPECT_EQ(counts->rejected, 0);
}

// The name of a parameterised test from the last two parts of a path.
inline std::string test_name(const std::filesystem::path& path) {
  std::string name = path.parent_path().filename().string() + "_" + path.filename().string();
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

}  // namespace slipstream::testing_support
