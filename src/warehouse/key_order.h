// Which rows of a batch need no look into the table: those past every key that their car has there.
//
// Samples, laps and messages arrive in the order of their keys, so nearly every row is new. HighWater keeps,
// per key prefix (driver; driver, lap and sector), the greatest last key column that was stored or withdrawn;
// a row above it is fresh and is appended as it is, every other one is contested and is merged by (build,
// revision). Only keys of whole numbers and dates are ordered like this; is_ordinal() says whether a table's
// are. Pure; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "record/batch.h"

namespace slipstream::warehouse {

// The key after session_key without its last column; unused places are 0.
using KeyPrefix = std::array<std::int64_t, 3>;

struct OrdinalKey {
  KeyPrefix prefix{};
  std::int64_t last = 0;
  friend auto operator<=>(const OrdinalKey&, const OrdinalKey&) = default;
};

bool is_ordinal(const record::TableSpec& spec);

// The keys of a batch of an ordinal table. Borrows the batch.
class OrdinalKeys {
 public:
  explicit OrdinalKeys(const record::RowBatch& batch);
  OrdinalKey operator[](std::size_t row) const;

 private:
  struct Column {
    const std::int32_t* narrow = nullptr;
    const std::int64_t* wide = nullptr;
  };
  std::array<Column, 4> columns_{};
  std::size_t count_ = 0;
};

struct SplitRows {
  std::vector<std::uint32_t> fresh;      // in key order
  std::vector<std::uint32_t> contested;  // in batch order
};

// Of one table and session.
class HighWater {
 public:
  // Notes a stored or withdrawn key.
  void raise(const OrdinalKey& key);
  // Sorts the rows of a batch apart and notes their keys. A withdrawn row is contested, and notes its key, so
  // that later rows under the key are contested too.
  SplitRows split(const record::RowBatch& batch);

 private:
  struct PrefixHash {
    std::size_t operator()(const KeyPrefix& prefix) const noexcept;
  };
  struct Mark {
    std::int64_t last;
    std::vector<std::uint32_t> rows;  // fresh ones of the batch being split
  };
  std::unordered_map<KeyPrefix, Mark, PrefixHash> marks_;
};

// The last key column and the prefix out of the text of key_text(); an ordinal table's key only.
OrdinalKey parse_key_text(std::string_view text);

}  // namespace slipstream::warehouse
