// Contested rows against what a staging table holds: the highest (build, revision) of a key stays.
//
// The best record of every key inside one load goes to a temporary table; what loses there against the stored
// row or tombstone is dropped; the rest replaces, withdraws or adds. Equal (build, revision): the higher bus
// offset wins, without offsets the stored row, or, if that came in this very load, the incoming one. Runs
// inside the caller's transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "warehouse/database.h"
#include "warehouse/schema.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

// The best record of every key among rows of one table. Borrows the batches.
class Contested {
 public:
  void add(const record::RowBatch& batch, std::span<const std::uint32_t> rows);
  bool empty() const { return best_.empty(); }
  std::int64_t loser_count() const { return loser_count_; }
  // The winners' row numbers, ascending, by batch.
  std::map<const record::RowBatch*, std::vector<std::uint32_t>> winners() const;

 private:
  struct Place {
    const record::RowBatch* batch;
    std::uint32_t row;
  };
  // By the bytes of the key after session_key: a car's sample or lap fits into a string without allocation.
  std::map<SessionKey, std::unordered_map<std::string, Place>> best_;
  std::int64_t loser_count_ = 0;
};

struct MergeOutcome {
  LoadCounts counts;
  bool has_inserted = false;    // rows were added to the table or replaced in it
  bool has_tombstones = false;  // the table has tombstones now
};

struct MergeContext {
  const StagingTable& table;
  bool has_tombstones;
  std::int64_t loaded_date_ms;
};

Result<MergeOutcome> merge(Connection& connection, const MergeContext& context, const Contested& contested);

}  // namespace slipstream::warehouse
