#include "warehouse/key_order.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace slipstream::warehouse {
namespace {

constexpr std::size_t key_columns_max = std::tuple_size_v<KeyPrefix> + 1;

OrdinalKey key_of(const std::array<std::int64_t, key_columns_max>& values, std::size_t count) {
  OrdinalKey key;
  if (count == 0) return key;
  for (std::size_t at = 0; at + 1 < count; ++at) key.prefix[at] = values[at];
  key.last = values[count - 1];
  return key;
}

}  // namespace

bool is_ordinal(const record::TableSpec& spec) {
  const std::size_t count = spec.key_count();
  if (count > key_columns_max + 1) return false;
  return std::all_of(spec.columns.begin(), spec.columns.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const record::ColumnSpec& column) {
                       return column.type == record::ColumnType::int32 ||
                              column.type == record::ColumnType::int64 ||
                              column.type == record::ColumnType::date;
                     });
}

OrdinalKeys::OrdinalKeys(const record::RowBatch& batch) : count_(batch.table().key_count() - 1) {
  for (std::size_t at = 0; at < count_; ++at) {
    const auto& values = batch.columns()[at + 1].values;
    if (const auto* narrow = std::get_if<std::vector<std::int32_t>>(&values))
      columns_[at].narrow = narrow->data();
    else columns_[at].wide = std::get<std::vector<std::int64_t>>(values).data();
  }
}

OrdinalKey OrdinalKeys::operator[](std::size_t row) const {
  std::array<std::int64_t, key_columns_max> values{};
  for (std::size_t at = 0; at < count_; ++at) {
    values[at] = columns_[at].narrow != nullptr ? columns_[at].narrow[row] : columns_[at].wide[row];
  }
  return key_of(values, count_);
}

std::size_t HighWater::PrefixHash::operator()(const KeyPrefix& prefix) const noexcept {
  std::uint64_t hash = 0;
  for (const std::int64_t part : prefix) {
    hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  return hash;
}

void HighWater::raise(const OrdinalKey& key) {
  const auto [mark, is_new] = marks_.try_emplace(key.prefix, Mark{key.last, {}});
  if (!is_new) mark->second.last = std::max(mark->second.last, key.last);
}

SplitRows HighWater::split(const record::RowBatch& batch) {
  SplitRows rows;
  const OrdinalKeys keys(batch);
  for (std::uint32_t row = 0; row < batch.row_count(); ++row) {
    const OrdinalKey key = keys[row];
    const auto [found, is_new] = marks_.try_emplace(key.prefix, Mark{key.last, {}});
    Mark& mark = found->second;
    const bool is_past = is_new || key.last > mark.last;
    if (is_past) mark.last = key.last;
    if (is_past && batch.withdrawn()[row] == 0) mark.rows.push_back(row);
    else rows.contested.push_back(row);
  }
  std::vector<std::pair<const KeyPrefix*, Mark*>> touched;
  for (auto& [prefix, mark] : marks_) {
    if (!mark.rows.empty()) touched.emplace_back(&prefix, &mark);
  }
  std::ranges::sort(touched, [](const auto& a, const auto& b) { return *a.first < *b.first; });
  for (const auto& [prefix, mark] : touched) {
    rows.fresh.insert(rows.fresh.end(), mark->rows.begin(), mark->rows.end());
    mark->rows = {};
  }
  return rows;
}

OrdinalKey parse_key_text(std::string_view text) {
  std::array<std::int64_t, key_columns_max> values{};
  std::size_t count = 0;
  while (!text.empty() && count < values.size()) {
    const std::size_t end = std::min(text.find('/'), text.size());
    std::from_chars(text.data(), text.data() + end, values[count++]);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return key_of(values, count);
}

}  // namespace slipstream::warehouse
