// Rows of one table, one session and one build, column by column: what the warehouse loads.
//
// Columns are in the order of the TableSpec. Unknown values have a zero or empty slot, so that the values of
// every column are row_count(). One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "record/table.h"

namespace slipstream::record {

// Texts of which most say the same few things ("OnTrack"): each is kept once, and a row has its place.
class TextColumn {
 public:
  using value_type = std::string;

  using Place = std::uint32_t;

  void push_back(std::string_view text);
  Place last_place() const { return places_.back(); }
  // The text of a row before once more.
  void push_place(Place place) { places_.push_back(place); }
  const std::string& operator[](std::size_t row) const { return texts_[places_[row]]; }
  std::size_t size() const { return places_.size(); }
  void reserve(std::size_t rows) { places_.reserve(rows); }
  void clear() {
    texts_.clear();
    places_.clear();
  }

 private:
  std::vector<std::string> texts_;
  std::vector<Place> places_;
};

struct ColumnData {
  // int32: int32_t; int64: int64_t; date: int64_t, milliseconds since 1970 UTC; real: double; boolean:
  // uint8_t.
  std::variant<std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<double>,
               std::vector<std::uint8_t>, TextColumn>
      values;
  std::vector<std::uint8_t> valid;  // by row, 0: unknown; it ends where no unknown value follows

  bool is_known(std::size_t row) const { return row >= valid.size() || valid[row] != 0; }
  // Rows may be told in rising order only.
  void set_unknown(std::size_t row) {
    valid.resize(row, 1);
    valid.push_back(0);
  }
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
  // Appends each of [first, last): a run of objects with members `row` and `envelope`, column by column.
  template <class Iterator>
  void append_run(Iterator first, Iterator last);
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
    std::get<TextColumn>(column.values).push_back(value.text);
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Word>) {
    std::get<TextColumn>(column.values).push_back(value);
  } else {
    std::get<std::vector<T>>(column.values).push_back(value);
  }
}

template <class T>
void push(ColumnData& column, const std::optional<T>& value) {
  static const T none{};
  push(column, value ? *value : none);
  if (value) return;
  column.set_unknown(std::visit([](const auto& values) { return values.size(); }, column.values) - 1);
}

template <class T>
struct Stored {  // as what it lies in its column
  using Type = T;
};
template <>
struct Stored<SessionKey> {
  using Type = std::int64_t;
};
template <>
struct Stored<UtcTime> {
  using Type = std::int64_t;
};
template <>
struct Stored<bool> {
  using Type = std::uint8_t;
};
template <class T>
struct Stored<std::optional<T>> : Stored<T> {};

inline std::int64_t stored(SessionKey key) { return key.value; }
inline std::int64_t stored(UtcTime time) { return time.time_since_epoch().count(); }
template <class T>
auto stored(const T& value) {
  return static_cast<Stored<T>::Type>(value);
}

// Words, of which a run has few different ones.
template <class Iterator, class Row, class T>
void push_words(ColumnData& column, Iterator first, Iterator last, T Row::*member) {
  auto& words = std::get<TextColumn>(column.values);
  std::array<std::pair<Word, TextColumn::Place>, 3> seen;
  std::size_t count = 0;
  for (auto each = first; each != last; ++each) {
    Word word;
    if constexpr (std::is_same_v<T, Word>) {
      word = (each->row).*member;
    } else {
      const T& value = (each->row).*member;
      if (value) word = *value;
      else column.set_unknown(words.size());
    }
    std::size_t at = 0;
    while (at < count && seen[at].first != word) ++at;
    if (at < count) {
      words.push_place(seen[at].second);
      continue;
    }
    words.push_back(word);
    if (count < seen.size()) seen[count++] = {word, words.last_place()};
  }
}

template <class Iterator, class Row, class T>
void push_run(ColumnData& column, Iterator first, Iterator last, T Row::*member) {
  using Value = Stored<T>::Type;
  if constexpr (std::is_same_v<Value, Word>) {
    push_words(column, first, last, member);
  } else if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Value, JsonText>) {
    for (auto each = first; each != last; ++each) push(column, (each->row).*member);
  } else {
    auto& values = std::get<std::vector<Value>>(column.values);
    const std::size_t start = values.size(), count = static_cast<std::size_t>(last - first);
    values.resize(start + count);
    std::size_t row = start;
    for (auto each = first; each != last; ++each, ++row) {
      if constexpr (std::is_same_v<T, Value> || !requires(T known) { known.has_value(); }) {
        values[row] = stored((each->row).*member);
      } else {
        const T& known = (each->row).*member;
        if (known) values[row] = stored(*known);
        else column.set_unknown(row);
      }
    }
  }
}

}  // namespace detail

template <class Iterator>
void RowBatch::append_run(Iterator first, Iterator last) {
  using Row = std::remove_cvref_t<decltype(first->row)>;
  SLIP_CHECK(table_->name == Table<Row>::name);
  constexpr std::ptrdiff_t near = 32;  // so many rows stay in the nearest cache from column to column
  while (first != last) {
    const Iterator end = last - first > near ? first + near : last;
    std::size_t at = 0;
    std::apply(
        [&](const auto&... column) { (detail::push_run(columns_[at++], first, end, column.member), ...); },
        Table<Row>::columns);
    for (; first != end; ++first) {
      revisions_.push_back(first->envelope.revision);
      withdrawn_.push_back(first->envelope.is_withdrawn ? 1 : 0);
    }
  }
}

template <class Row>
void RowBatch::append(const Row& row, Envelope envelope) {
  SLIP_CHECK(table_->name == Table<Row>::name);
  std::size_t at = 0;
  std::apply([&](const auto&... column) { (detail::push(columns_[at++], row.*(column.member)), ...); },
             Table<Row>::columns);
  revisions_.push_back(envelope.revision);
  withdrawn_.push_back(envelope.is_withdrawn ? 1 : 0);
}

namespace detail {

template <class T>
void pull(const ColumnData& column, std::size_t row, T& out) {
  if constexpr (std::is_same_v<T, SessionKey>) {
    out = SessionKey(std::get<std::vector<std::int64_t>>(column.values)[row]);
  } else if constexpr (std::is_same_v<T, UtcTime>) {
    out = UtcTime(std::chrono::milliseconds(std::get<std::vector<std::int64_t>>(column.values)[row]));
  } else if constexpr (std::is_same_v<T, bool>) {
    out = std::get<std::vector<std::uint8_t>>(column.values)[row] != 0;
  } else if constexpr (std::is_same_v<T, JsonText>) {
    out.text = std::get<TextColumn>(column.values)[row];
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Word>) {
    out = std::string_view(std::get<TextColumn>(column.values)[row]);
  } else {
    out = std::get<std::vector<T>>(column.values)[row];
  }
}

template <class T>
void pull(const ColumnData& column, std::size_t row, std::optional<T>& out) {
  if (!column.is_known(row)) return out.reset();
  pull(column, row, out.emplace());
}

}  // namespace detail

// The row that was appended. Row must be the struct of the batch's table.
template <class Row>
Row row_at(const RowBatch& batch, std::size_t number) {
  SLIP_CHECK(batch.table().name == Table<Row>::name);
  Row row;
  std::size_t at = 0;
  std::apply(
      [&](const auto&... column) {
        (detail::pull(batch.columns()[at++], number, row.*(column.member)), ...);
      },
      Table<Row>::columns);
  return row;
}

}  // namespace slipstream::record
