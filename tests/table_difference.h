// In which columns two sets of rows of one table differ, as lines for people.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/time.h"
#include "record/row_key.h"
#include "record/rows.h"

namespace slipstream::test {

inline std::string shown(const std::string& value) { return value; }
inline std::string shown(const record::Word& value) { return std::string(value.text()); }
inline std::string shown(bool value) { return value ? "true" : "false"; }
inline std::string shown(record::Int value) { return std::to_string(value); }
inline std::string shown(double value) { return fmt::format("{}", value); }
inline std::string shown(UtcTime value) { return format_utc(value); }
inline std::string shown(SessionKey value) { return std::to_string(value.value); }
template <class T>
std::string shown(const std::optional<T>& value) {
  return value ? shown(*value) : "null";
}

// The difference of one value of a row, or "row" where one of the two is missing.
struct Difference {
  std::string table, column, text;
};

template <class Row>
std::string key_text(const Row& row) {
  std::string text;
  std::apply(
      [&](const auto&... column) {
        ((column.is_key && column.name != "session_key"
              ? void(text += fmt::format(" {}={}", column.name, shown(row.*(column.member))))
              : void()),
         ...);
      },
      record::Table<Row>::columns);
  return text;
}

// `is_known(column, truth)` says of which differences nobody wants to hear.
template <class Row>
std::vector<Difference> differences(const std::vector<Row>& read, const std::vector<Row>& truth,
                                    std::function<bool(std::string_view, const Row&)> is_known) {
  const std::string table(record::Table<Row>::name);
  std::vector<Difference> all;
  std::map<std::string, const Row*> by_key;
  for (const Row& row : read) by_key[key_text(row)] = &row;
  for (const Row& row : truth) {
    const auto found = by_key.find(key_text(row));
    if (found == by_key.end()) {
      if (!is_known("row", row)) all.push_back({table, "row", key_text(row) + ": not read"});
      continue;
    }
    std::apply(
        [&](const auto&... column) {
          const auto compare = [&](const auto& one) {
            const std::string was = shown(row.*(one.member)), is = shown(found->second->*(one.member));
            if (was == is || is_known(one.name, row)) return;
            all.push_back(
                {table, std::string(one.name), fmt::format("{}: read {}, was {}", key_text(row), is, was)});
          };
          (compare(column), ...);
        },
        record::Table<Row>::columns);
    by_key.erase(found);
  }
  for (const auto& [key, row] : by_key) {
    if (!is_known("row", *row)) all.push_back({table, "row", key + ": read, but was not"});
  }
  return all;
}

}  // namespace slipstream::test
