#include "cli/rows_behind.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <string>

namespace slipstream::cli {
namespace {

// What one of many messages publishes: now and then telemetry of a lap, a sample with each
// message, a lap that is revised again and again.
void publish(int message, session::Output& output) {
  record::Lap lap;
  lap.session_key = SessionKey{7};
  lap.driver_number = 4;
  lap.lap_number = message / 50 + 1;
  lap.lap_time_ms = message;
  output.rows<record::Lap>().push_back({lap, {message % 50, false}, message});
  record::CarSample sample;
  sample.session_key = SessionKey{7};
  sample.driver_number = message % 3 + 1;
  sample.sample_date = UtcTime(SessionTime(message));
  output.rows<record::CarSample>().push_back({sample, {}, message});
  if (message % 90 != 89) return;
  for (int i = 0; i < 600; ++i) {
    auto& row = output.rows<record::Telemetry>().emplace_back().row;
    row.session_key = SessionKey{7};
    row.driver_number = 4;
    row.sample_date = UtcTime(SessionTime(message * 1000 + i));
  }
}

// Table by table, and of each its columns with sizes and sums.
std::vector<std::string> contents(SessionRows rows) {
  std::vector<std::string> texts;
  for (const record::RowBatch& batch : std::move(rows).finish("build")) {
    std::string text = fmt::format("{} rows of {}:", batch.row_count(), batch.table().name);
    for (const std::int32_t revision : batch.revisions()) text += fmt::format(" r{}", revision);
    for (const record::ColumnData& column : batch.columns()) {
      const auto* whole = std::get_if<std::vector<std::int32_t>>(&column.values);
      const auto* date = std::get_if<std::vector<std::int64_t>>(&column.values);
      if (whole) text += fmt::format(" {}", fmt::join(*whole, ","));
      if (date) text += fmt::format(" {}", fmt::join(*date, ","));
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(RowsBehind, HoldsWhatRowsPutInOneByOneWould) {
  for (const int count : {0, 1, 89, 90, 5000}) {
    SCOPED_TRACE(count);
    SessionRows rows, rows_of_thread;
    RowsBehind behind(rows_of_thread);
    session::Output output, output_of_thread;
    for (int message = 0; message < count; ++message) {
      publish(message, output);
      rows.take(output);
      publish(message, output_of_thread);
      behind.take(output_of_thread);
    }
    behind.finish(output_of_thread);
    EXPECT_EQ(contents(std::move(rows_of_thread)), contents(std::move(rows)));
  }
}

TEST(RowsBehind, StopsInTheMiddle) {
  SessionRows rows;
  RowsBehind behind(rows);
  session::Output output;
  for (int message = 0; message < 1000; ++message) {
    publish(message, output);
    behind.take(output);
  }
}

}  // namespace
}  // namespace slipstream::cli
