#include "cli/session_rows.h"

#include <algorithm>
#include <utility>

namespace slipstream::cli {
namespace {

using record::CarSample;
using record::PositionSample;
using record::RowBatch;

// Of a two-hour session, with room: 2 h at 240 ms.
constexpr std::size_t samples_expected = 30'000;

template <class Row>
void append_sample(std::map<record::Int, RowBatch>& batches, const Row& row) {
  auto batch = batches.find(row.driver_number);
  if (batch == batches.end()) {
    batch =
        batches.try_emplace(row.driver_number, record::table_of<Row>(), row.session_key, std::string()).first;
    batch->second.reserve(samples_expected);
  }
  batch->second.append(row, {});
}

template <class Row>
std::size_t table_index() {
  static const auto index = &record::table_of<Row>() - record::all_tables().data();
  return static_cast<std::size_t>(index);
}

}  // namespace

SessionRows::SessionRows(const std::vector<std::string>& tables) {
  for (const record::TableSpec& table : record::all_tables()) {
    is_wanted_.push_back(tables.empty() || std::ranges::find(tables, table.name) != tables.end());
  }
}

void SessionRows::take(session::Output& output) {
  output.for_each_table([this]<class Row>(std::vector<session::Published<Row>>& list) {
    if (!is_wanted_[table_index<Row>()]) return;
    for (auto& published : list) {
      if constexpr (std::is_same_v<Row, CarSample>) {
        append_sample(car_samples_, published.row);
      } else if constexpr (std::is_same_v<Row, PositionSample>) {
        append_sample(position_samples_, published.row);
      } else {
        const record::RowKey key = record::row_key(published.row);
        std::get<KeyedRows<Row>>(rows_).insert_or_assign(
            key, std::pair(std::move(published.row), published.envelope));
      }
    }
  });
  output.clear();
}

void SessionRows::say_complete() {
  for (auto& [key, entry] : std::get<KeyedRows<record::Session>>(rows_)) entry.first.is_complete = true;
}

std::vector<RowBatch> SessionRows::finish(const std::string& build) && {
  std::vector<RowBatch> batches;
  const auto add = [&]<class Row>(KeyedRows<Row>& rows) {
    if constexpr (std::is_same_v<Row, CarSample> || std::is_same_v<Row, PositionSample>) {
      SampleBatches& samples = std::is_same_v<Row, CarSample> ? car_samples_ : position_samples_;
      for (auto& [driver_number, batch] : samples) {
        batch.set_build(build);
        batches.push_back(std::move(batch));
      }
      samples.clear();
    } else {
      if (rows.empty()) return;
      RowBatch& batch =
          batches.emplace_back(record::table_of<Row>(), rows.begin()->second.first.session_key, build);
      batch.reserve(rows.size());
      for (const auto& [key, entry] : rows) batch.append(entry.first, entry.second);
      rows.clear();
    }
  };
  std::apply([&](auto&... rows) { (add(rows), ...); }, rows_);
  return batches;
}

}  // namespace slipstream::cli
