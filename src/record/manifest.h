// The manifest of a build: what every table of it comes to, so that a warehouse can tell when it has all.
//
// The checksum is a sum of one number a row, so it does not depend on the order in which rows come or are
// read. A row's number is made from its key and revision alone: inside a build these two settle the rest of
// it. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "record/row_key.h"
#include "record/rows.h"

namespace slipstream::record {

struct TableCount {
  std::string table;              // "laps"
  std::int64_t record_count = 0;  // published: rows, their corrections and withdrawals
  std::int64_t row_count = 0;     // keys that have a row when all is published
  std::uint64_t checksum = 0;     // sum of row_hash() over these rows
  bool is_gapless = false;        // the feed topics that decide which rows there are came without a gap
  bool operator==(const TableCount&) const = default;
};

// Of a row's key behind session_key, unused parts 0, and its revision.
inline std::uint64_t row_hash(const RowKey& key, Int revision) {
  std::uint64_t hash = static_cast<std::uint64_t>(revision);
  for (std::size_t at = 1; at < key.size(); ++at) {  // one round of splitmix64 a part
    hash += static_cast<std::uint64_t>(key[at]) + 0x9e3779b97f4a7c15;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
    hash ^= hash >> 31;
  }
  return hash;
}

// [{"table":"laps","record_count":412,"row_count":307,"checksum":"00c0ffee00c0ffee","is_gapless":true}, ...]
JsonText to_json(std::span<const TableCount> counts);
JsonText to_json(std::span<const std::string> texts);

// Errors: malformed, not such a list (names the field).
Result<std::vector<TableCount>> table_counts_of(const Manifest& manifest);

}  // namespace slipstream::record
