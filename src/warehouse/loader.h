// One load: batches, rejects and offsets into the staging tables, in one transaction.
//
// Fresh rows (key_order.h) go straight through the chunk appender, contested ones are merged (merge.h); when
// that makes a build whole, what earlier builds left behind goes (settle.h).
// Not thread-safe: the warehouse holds its lock around every call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "warehouse/chunks.h"
#include "warehouse/database.h"
#include "warehouse/key_order.h"
#include "warehouse/merge.h"
#include "warehouse/schema.h"
#include "warehouse/settle.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

class Loader {
 public:
  // `connection` must outlive the loader and be its alone.
  Loader(Connection& connection, std::vector<StagingTable> tables);

  Result<LoadCounts> load(std::span<const record::RowBatch> batches, std::span<const StoredOffset> offsets,
                          std::span<const RejectedRecord> rejected);

  // Tables without a row are in key order, and stay it as long as rows come in key order. Called after
  // opening.
  Result<void> note_empty_tables();

  // What is known about the tables' content is read again: somebody else may have changed it.
  void forget();

  // True if the table's rows stand in key order, so that an export need not sort.
  bool is_in_key_order(const record::TableSpec& spec) const;

 private:
  // What this loader knows of one table's rows.
  struct TableState {
    StagingTable table;
    std::map<SessionKey, HighWater> high_water;
    std::optional<bool> has_tombstones;
    bool is_in_key_order = false;
    std::optional<std::pair<SessionKey, OrdinalKey>> last_appended;
  };

  Result<LoadCounts> load_in_transaction(std::span<const record::RowBatch> batches,
                                         std::span<const StoredOffset> offsets,
                                         std::span<const RejectedRecord> rejected);
  Result<LoadCounts> load_table(TableState& state, std::span<const record::RowBatch* const> batches);
  void note_order(TableState& state, const record::RowBatch& batch, std::span<const std::uint32_t> fresh);
  // Reads what the table holds of the session, unless it is known.
  Result<void> know_session(TableState& state, SessionKey session_key);
  Result<void> raise_to_tombstones(const record::TableSpec& spec, SessionKey session_key, HighWater& marks);

  Connection& connection_;
  Settler settler_;
  std::vector<TableState> states_;
  std::int64_t loaded_date_ms_ = 0;  // differs from load to load
};

}  // namespace slipstream::warehouse
