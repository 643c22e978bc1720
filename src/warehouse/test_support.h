// Short ways for the warehouse's tests to make rows and to read what came of them.
#pragma once

#include <gtest/gtest.h>

#include <fmt/core.h>
#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "record/batch.h"
#include "record/rows.h"
#include "warehouse/format.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse::testing {

inline const SessionKey session_key{9877};
inline const std::string recording_build = "1.0001.2025-10-25T20:46:27.009Z";
inline const std::string archive_build = "3.0001.2025-10-25T20:46:11.110Z";

// A folder of its own that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::temp_directory_path() / fmt::format("slip_warehouse_{}_{}", ::getpid(), ++count);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<Warehouse> open(const std::string& path = ":memory:") {
  auto warehouse = open_duckdb(path);
  if (!warehouse) {
    ADD_FAILURE() << warehouse.error().message;
    return nullptr;
  }
  return std::move(*warehouse);
}

inline record::Lap lap(int driver_number, int lap_number, std::optional<int> lap_time_ms = {}) {
  record::Lap row;
  row.session_key = session_key;
  row.driver_number = driver_number;
  row.lap_number = lap_number;
  row.lap_time_ms = lap_time_ms;
  return row;
}

template <class Row>
record::RowBatch batch_of(const std::vector<std::pair<Row, record::Envelope>>& rows,
                          const std::string& build = recording_build) {
  record::RowBatch batch(record::table_of<Row>(), rows.front().first.session_key, build);
  for (const auto& [row, envelope] : rows) batch.append(row, envelope);
  return batch;
}

inline LoadCounts load(Warehouse& warehouse, const std::vector<record::RowBatch>& batches) {
  const auto counts = warehouse.load(batches, {});
  if (!counts) ADD_FAILURE() << counts.error().message;
  return counts.value_or(LoadCounts{});
}

// The rows of a query as CSV without its header.
inline std::string rows_of(Warehouse& warehouse, const std::string& sql) {
  const auto result = warehouse.query(sql);
  if (!result) return "error: " + result.error().message;
  std::string csv;
  format_result(*result, OutputFormat::csv, csv);
  return csv.substr(std::min(csv.find('\n') + 1, csv.size()));
}

// The laps of a session, or of all.
inline std::string laps_of(Warehouse& warehouse, std::optional<SessionKey> of_session = {}) {
  return rows_of(warehouse,
                 fmt::format("SELECT driver_number, lap_number, lap_time_ms, left(build, 1), revision FROM "
                             "staging.stg_laps {} ORDER BY ALL",
                             of_session ? fmt::format("WHERE session_key = {}", of_session->value) : ""));
}

}  // namespace slipstream::warehouse::testing
