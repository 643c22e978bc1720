#include "record/batch.h"

#include <algorithm>
#include <utility>

namespace slipstream::record {
namespace {

ColumnData empty_column(ColumnType type) {
  switch (type) {
    case ColumnType::int32: return {std::vector<std::int32_t>{}, {}};
    case ColumnType::int64:
    case ColumnType::date: return {std::vector<std::int64_t>{}, {}};
    case ColumnType::real: return {std::vector<double>{}, {}};
    case ColumnType::boolean: return {std::vector<std::uint8_t>{}, {}};
    case ColumnType::text: break;
  }
  return {TextColumn{}, {}};
}

}  // namespace

void TextColumn::push_back(std::string_view text) {
  constexpr std::size_t looked_at = 8;  // further ones are rare texts, each of its own
  // Most texts differ in their first letter: then nothing has to be called.
  const auto is_text = [text](const std::string& other) {
    return other.size() == text.size() && (text.empty() || (other[0] == text[0] && other == text));
  };
  if (!places_.empty() && is_text(texts_[places_.back()])) return places_.push_back(places_.back());
  for (std::size_t place = 0; place < std::min(texts_.size(), looked_at); ++place) {
    if (is_text(texts_[place])) return places_.push_back(static_cast<std::uint32_t>(place));
  }
  places_.push_back(static_cast<std::uint32_t>(texts_.size()));
  texts_.emplace_back(text);
}

RowBatch::RowBatch(const TableSpec& table, SessionKey session_key, std::string build, std::string bus_topic)
    : table_(&table), session_key_(session_key), build_(std::move(build)), bus_topic_(std::move(bus_topic)) {
  for (const ColumnSpec& column : table.columns) columns_.push_back(empty_column(column.type));
}

void RowBatch::reserve(std::size_t rows) {
  for (ColumnData& column : columns_) {
    std::visit([rows](auto& values) { values.reserve(rows); }, column.values);
    column.valid.reserve(rows);
  }
  revisions_.reserve(rows);
  withdrawn_.reserve(rows);
}

void RowBatch::clear() {
  for (ColumnData& column : columns_) {
    std::visit([](auto& values) { values.clear(); }, column.values);
    column.valid.clear();
  }
  revisions_.clear();
  withdrawn_.clear();
  origins_.clear();
}

}  // namespace slipstream::record
