#include "warehouse/loader.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <numeric>

#include "warehouse/offsets.h"

namespace slipstream::warehouse {
namespace {

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::vector<std::uint32_t> all_rows(const record::RowBatch& batch) {
  std::vector<std::uint32_t> rows(batch.row_count());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

// The key columns after session_key as BIGINTs, the last one as its maximum.
std::string high_water_sql(const record::TableSpec& spec, SessionKey session_key) {
  std::string columns;
  std::string groups;
  for (std::size_t at = 1; at < spec.key_count(); ++at) {
    const std::string name = quoted_name(spec.columns[at].name);
    const bool is_last = at + 1 == spec.key_count();
    const std::string value =
        spec.columns[at].type == record::ColumnType::date ? fmt::format("epoch_ms({})", name) : name;
    columns += fmt::format("{}CAST({} AS BIGINT)", columns.empty() ? "" : ", ",
                           is_last ? fmt::format("max({})", value) : value);
    if (!is_last) groups += fmt::format("{}{}", groups.empty() ? " GROUP BY " : ", ", name);
  }
  if (columns.empty()) columns = "CAST(0 AS BIGINT)";
  return fmt::format("SELECT {} FROM {} WHERE session_key = {}{} HAVING count(*) > 0", columns,
                     staging_name(spec), session_key.value, groups);
}

}  // namespace

LoadCounts& LoadCounts::operator+=(const LoadCounts& other) {
  added += other.added;
  replaced += other.replaced;
  withdrawn += other.withdrawn;
  ignored += other.ignored;
  return *this;
}

Loader::Loader(Connection& connection, std::vector<StagingTable> tables)
    : connection_(connection), settler_(connection) {
  for (StagingTable& table : tables) states_.push_back(TableState{std::move(table), {}, {}, false, {}});
}

void Loader::forget() {
  settler_.forget();
  for (TableState& state : states_) {
    state.high_water.clear();
    state.has_tombstones.reset();
    state.is_in_key_order = false;
    state.last_appended.reset();
  }
}

bool Loader::is_in_key_order(const record::TableSpec& spec) const {
  return std::ranges::any_of(
      states_, [&](const TableState& state) { return state.table.spec == &spec && state.is_in_key_order; });
}

Result<void> Loader::note_empty_tables() {
  // DuckDB's estimate counts deleted rows too, so 0 is certain.
  auto rows = connection_.query(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = 'f1' AND schema_name = 'staging' "
      "AND estimated_size = 0");
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  while (const OwnedChunk chunk = rows->next()) {
    const VectorView names(duckdb_data_chunk_get_vector(chunk.get(), 0));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      for (TableState& state : states_) {
        if (names.text(row) == fmt::format("stg_{}", state.table.spec->name)) state.is_in_key_order = true;
      }
    }
  }
  return {};
}

Result<LoadCounts> Loader::load(std::span<const record::RowBatch> batches,
                                std::span<const StoredOffset> offsets,
                                std::span<const RejectedRecord> rejected) {
  loaded_date_ms_ = std::max(now_ms(), loaded_date_ms_ + 1);
  auto counts = load_in_transaction(batches, offsets, rejected);
  if (!counts) forget();  // what was noted along the way never happened
  return counts;
}

Result<LoadCounts> Loader::load_in_transaction(std::span<const record::RowBatch> batches,
                                               std::span<const StoredOffset> offsets,
                                               std::span<const RejectedRecord> rejected) {
  auto transaction = Transaction::begin(connection_);
  if (!transaction) return tl::make_unexpected(std::move(transaction.error()));
  LoadCounts counts;
  for (TableState& state : states_) {
    std::vector<const record::RowBatch*> of_table;
    for (const record::RowBatch& batch : batches) {
      if (&batch.table() != state.table.spec || batch.row_count() == 0) continue;
      const auto is_late = settler_.is_settled_by_later(batch);
      if (!is_late) return tl::make_unexpected(is_late.error());
      if (*is_late) counts.ignored += static_cast<std::int64_t>(batch.row_count());
      else of_table.push_back(&batch);
    }
    if (of_table.empty()) continue;
    const auto table_counts = load_table(state, of_table);
    if (!table_counts) return tl::make_unexpected(with_context(table_counts.error(), state.table.spec->name));
    counts += *table_counts;
  }
  const auto removed = settler_.settle(batches);
  if (!removed) return tl::make_unexpected(with_context(removed.error(), "manifest"));
  counts.withdrawn += *removed;
  SLIP_TRY(store_rejected(connection_, rejected, loaded_date_ms_));
  SLIP_TRY(store_offsets(connection_, offsets));
  SLIP_TRY(transaction->commit());
  return counts;
}

Result<LoadCounts> Loader::load_table(TableState& state, std::span<const record::RowBatch* const> batches) {
  const record::TableSpec& spec = *state.table.spec;
  LoadCounts counts;
  Contested contested;
  // Read before the appender opens: one transaction, but what it has not flushed is not seen.
  for (const record::RowBatch* batch : batches) SLIP_TRY(know_session(state, batch->session_key()));
  auto writer =
      ChunkWriter::open(connection_, {database_name, staging_schema, fmt::format("stg_{}", spec.name)},
                        state.table.columns, loaded_date_ms_);
  if (!writer) return tl::make_unexpected(std::move(writer.error()));
  for (const record::RowBatch* batch : batches) {
    if (!is_ordinal(spec)) {
      contested.add(*batch, all_rows(*batch));
      continue;
    }
    const SplitRows rows = state.high_water[batch->session_key()].split(*batch);
    contested.add(*batch, rows.contested);
    if (!rows.contested.empty()) settler_.tallies().note_changed(spec, batch->session_key());
    if (rows.fresh.empty()) continue;
    note_order(state, *batch, rows.fresh);
    settler_.tallies().note_fresh(*batch, rows.fresh);
    SLIP_TRY(writer->append({*batch, rows.fresh}));
    counts.added += static_cast<std::int64_t>(rows.fresh.size());
  }
  SLIP_TRY(writer->close());
  if (contested.empty()) return counts;
  const auto outcome = merge(connection_, {state.table, *state.has_tombstones, loaded_date_ms_}, contested);
  if (!outcome) return tl::make_unexpected(outcome.error());
  state.has_tombstones = outcome->has_tombstones;
  if (outcome->has_inserted) state.is_in_key_order = false;
  return counts += outcome->counts;
}

void Loader::note_order(TableState& state, const record::RowBatch& batch,
                        std::span<const std::uint32_t> fresh) {
  const OrdinalKeys keys(batch);
  const std::pair first(batch.session_key(), keys[fresh.front()]);
  if (state.last_appended && !(*state.last_appended < first)) state.is_in_key_order = false;
  state.last_appended = std::pair(batch.session_key(), keys[fresh.back()]);
}

Result<void> Loader::know_session(TableState& state, SessionKey session_key) {
  const record::TableSpec& spec = *state.table.spec;
  if (!state.has_tombstones) {
    const auto count = connection_.integer(fmt::format(
        "SELECT count(*) FROM f1.staging._withdrawn WHERE table_name = {}", quoted_text(spec.name)));
    if (!count) return tl::make_unexpected(count.error());
    state.has_tombstones = *count > 0;
  }
  if (!is_ordinal(spec) || state.high_water.contains(session_key)) return {};
  HighWater marks;
  auto rows = connection_.query(high_water_sql(spec, session_key));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  bool is_empty = true;
  while (const OwnedChunk chunk = rows->next()) {
    is_empty = is_empty && duckdb_data_chunk_get_size(chunk.get()) == 0;
    const std::size_t column_count = rows->column_count();
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      OrdinalKey key;
      for (std::size_t column = 0; column < column_count; ++column) {
        const auto value =
            VectorView(duckdb_data_chunk_get_vector(chunk.get(), column)).at<std::int64_t>(row);
        if (column + 1 == column_count) key.last = value;
        else key.prefix[column] = value;
      }
      marks.raise(key);
    }
  }
  if (is_empty) settler_.tallies().note_empty(spec, session_key);
  if (*state.has_tombstones) SLIP_TRY(raise_to_tombstones(spec, session_key, marks));
  state.high_water.emplace(session_key, std::move(marks));
  return {};
}

Result<void> Loader::raise_to_tombstones(const record::TableSpec& spec, SessionKey session_key,
                                         HighWater& marks) {
  auto rows = connection_.query(
      fmt::format("SELECT \"key\" FROM f1.staging._withdrawn WHERE table_name = {} AND session_key = {}",
                  quoted_text(spec.name), session_key.value));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  while (const OwnedChunk chunk = rows->next()) {
    const VectorView keys(duckdb_data_chunk_get_vector(chunk.get(), 0));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      marks.raise(parse_key_text(keys.text(row)));
    }
  }
  return {};
}

}  // namespace slipstream::warehouse
