// The rows of a query as text, column by column: what `slipstream sql` prints.
//
// Values have the texts of the exported CSV files: true/false, numbers in the shortest form that reads back
// the same, instants as 2025-10-25T21:00:00.123Z (six decimals only where there are microseconds), dates as
// 2025-10-25. Compact: a cell costs its text and nine bytes. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream::warehouse {

enum class ValueKind { number, boolean, text, date };  // numbers and booleans stand unquoted in JSON

class ResultColumn {
 public:
  ResultColumn(std::string name, ValueKind kind) : name_(std::move(name)), kind_(kind) {}
  const std::string& name() const { return name_; }
  ValueKind kind() const { return kind_; }
  std::size_t row_count() const { return ends_.size(); }

  // The text of a row; nothing for NULL.
  std::optional<std::string_view> cell(std::size_t row) const {
    if (valid_[row] == 0) return std::nullopt;
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(texts_).substr(begin, ends_[row] - begin);
  }

  void push_null() {
    ends_.push_back(texts_.size());
    valid_.push_back(0);
  }
  // Appends a value by letting `write` append its text.
  template <class Write>
  void push(Write&& write) {
    write(texts_);
    ends_.push_back(texts_.size());
    valid_.push_back(1);
  }

 private:
  std::string name_;
  ValueKind kind_;
  std::string texts_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint8_t> valid_;
};

struct QueryResult {
  std::vector<ResultColumn> columns;
  // Rows that an INSERT, UPDATE or DELETE touched; nothing for statements with rows.
  std::optional<std::int64_t> changed_count;
  std::size_t row_count() const { return columns.empty() ? 0 : columns.front().row_count(); }
};

}  // namespace slipstream::warehouse
