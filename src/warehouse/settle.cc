#include "warehouse/settle.h"

#include <fmt/core.h>
#include <algorithm>
#include <set>

#include "record/table.h"
#include "warehouse/schema.h"

namespace slipstream::warehouse {
namespace {

using record::TableCount;
using record::TableSpec;

// The parts of record::row_hash: the key behind session_key, texts as they are, and the revision.
std::string hashed_columns(const TableSpec& spec) {
  std::string columns;
  for (std::size_t at = 1; at < spec.key_count(); ++at) {
    const std::string name = quoted_name(spec.columns[at].name);
    switch (spec.columns[at].type) {
      case record::ColumnType::text: columns += name; break;
      case record::ColumnType::date: columns += fmt::format("epoch_ms({})", name); break;
      default: columns += fmt::format("CAST({} AS BIGINT)", name);
    }
    columns += ", ";
  }
  return columns + "revision";
}

// Adds up what a chunk of hashed_columns() comes to.
std::uint64_t checksum_of(const TableSpec& spec, const OwnedChunk& chunk) {
  std::vector<VectorView> columns;
  for (std::size_t at = 0; at < spec.key_count(); ++at) {
    columns.emplace_back(duckdb_data_chunk_get_vector(chunk.get(), at));
  }
  std::uint64_t sum = 0;
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
    record::RowKey key{};
    for (std::size_t at = 1; at < spec.key_count(); ++at) {
      const bool is_text = spec.columns[at].type == record::ColumnType::text;
      key[at] = is_text ? record::text_key(columns[at - 1].text(row)) : columns[at - 1].at<std::int64_t>(row);
    }
    sum += record::row_hash(key, columns.back().at<std::int32_t>(row));
  }
  return sum;
}

}  // namespace

void Settler::forget() {
  tallies_.forget();
  settled_.clear();
  waiting_.clear();
}

Result<bool> Settler::is_settled_by_later(const record::RowBatch& batch) {
  const auto tables = settled_tables(batch.session_key());
  if (!tables) return tl::make_unexpected(tables.error());
  const auto settled = (*tables)->find(batch.table().name);
  return settled != (*tables)->end() && batch.build() < settled->second;
}

Result<const Settler::BuildByTable*> Settler::settled_tables(SessionKey session_key) {
  const auto known = settled_.find(session_key);
  if (known != settled_.end()) return &known->second;
  auto rows = connection_.query(fmt::format(
      "SELECT table_name, build FROM f1.staging._settled WHERE session_key = {}", session_key.value));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  BuildByTable tables;
  while (const OwnedChunk chunk = rows->next()) {
    const VectorView names(duckdb_data_chunk_get_vector(chunk.get(), 0));
    const VectorView builds(duckdb_data_chunk_get_vector(chunk.get(), 1));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      tables.emplace(names.text(row), builds.text(row));
    }
  }
  return &settled_.insert_or_assign(session_key, std::move(tables)).first->second;
}

Result<std::optional<Settler::Waiting>*> Settler::waiting(SessionKey session_key) {
  const auto known = waiting_.find(session_key);
  if (known != waiting_.end()) return &known->second;
  auto rows = connection_.query(
      fmt::format("SELECT m.build, m.tables FROM f1.staging.stg_manifest AS m WHERE m.session_key = {0} "
                  "AND NOT EXISTS (FROM f1.staging.stg_sessions AS s JOIN f1.staging._settled AS e "
                  "USING (session_key) WHERE s.session_key = {0} AND s.is_complete AND s.build = m.build AND "
                  "e.build = m.build AND e.table_name = 'manifest')",
                  session_key.value));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  std::optional<Waiting> waiting;
  const OwnedChunk chunk = rows->next();
  if (chunk && duckdb_data_chunk_get_size(chunk.get()) > 0) {
    record::Manifest manifest;
    manifest.tables.text = VectorView(duckdb_data_chunk_get_vector(chunk.get(), 1)).text(0);
    auto counts = record::table_counts_of(manifest);
    if (!counts) return tl::make_unexpected(with_context(counts.error(), "staging.stg_manifest"));
    waiting = Waiting{std::string(VectorView(duckdb_data_chunk_get_vector(chunk.get(), 0)).text(0)),
                      std::move(*counts), 0};
    // A table that this version does not know cannot be compared.
    std::erase_if(waiting->counts, [](const TableCount& count) { return !record::find_table(count.table); });
  }
  return &waiting_.insert_or_assign(session_key, std::move(waiting)).first->second;
}

Result<std::int64_t> Settler::settle(std::span<const record::RowBatch> batches) {
  std::map<SessionKey, std::vector<const record::RowBatch*>> sessions;
  for (const record::RowBatch& batch : batches) {
    if (batch.row_count() > 0) sessions[batch.session_key()].push_back(&batch);
  }
  std::int64_t removed = 0;
  for (const auto& [session_key, of_session] : sessions) {
    // These two say whether a build waits.
    const bool is_news = std::ranges::any_of(of_session, [](const record::RowBatch* batch) {
      return &batch->table() == &record::table_of<record::Manifest>() ||
             &batch->table() == &record::table_of<record::Session>();
    });
    if (is_news) waiting_.erase(session_key);
    const auto found = waiting(session_key);
    if (!found) return tl::make_unexpected(found.error());
    std::optional<Waiting>& waiting = **found;
    if (!waiting) continue;
    bool has_rows = is_news;
    for (const record::RowBatch* batch : of_session) {
      if (batch->build() != waiting->build) continue;
      has_rows = true;
      waiting->missing_rows -= static_cast<std::int64_t>(batch->row_count());
    }
    if (!has_rows || waiting->missing_rows > 0) continue;
    auto outcome = look(session_key, waiting);
    if (!outcome) return outcome;
    removed += *outcome;
  }
  return removed;
}

Result<std::int64_t> Settler::look(SessionKey session_key, std::optional<Waiting>& waiting) {
  std::int64_t earlier_rows = 0;
  const auto is_whole = has_all(session_key, *waiting, earlier_rows);
  if (!is_whole) return tl::make_unexpected(is_whole.error());
  if (!*is_whole) return 0;
  SLIP_TRY(remove_earlier(session_key, *waiting, earlier_rows > 0));
  waiting.reset();
  settled_.erase(session_key);
  return earlier_rows;
}

// Counts first: what is missing then is most often a whole partition.
Result<bool> Settler::has_all(SessionKey session_key, Waiting& waiting, std::int64_t& earlier_rows) {
  const auto held = held_rows(session_key, waiting);
  if (!held) return tl::make_unexpected(held.error());
  waiting.missing_rows = 0;
  bool is_equal = true;
  for (std::size_t at = 0; at < waiting.counts.size(); ++at) {
    const TableCount& count = waiting.counts[at];
    const std::int64_t row_count = (*held)[at].of_build.row_count;
    is_equal = is_equal && row_count == count.row_count;
    waiting.missing_rows += std::max<std::int64_t>(count.row_count - row_count, 0);
    if (count.is_gapless) earlier_rows += (*held)[at].earlier_rows;
  }
  for (std::size_t at = 0; is_equal && at < waiting.counts.size(); ++at) {
    const auto sum =
        checksum(session_key, waiting, *record::find_table(waiting.counts[at].table), (*held)[at]);
    if (!sum) return tl::make_unexpected(sum.error());
    is_equal = *sum == waiting.counts[at].checksum;
  }
  return is_equal;
}

// One for each of waiting.counts; the checksums only where they are known without asking the table.
Result<std::vector<Settler::Held>> Settler::held_rows(SessionKey session_key, const Waiting& waiting) const {
  std::vector<Held> held(waiting.counts.size());
  std::string sql;
  for (std::size_t at = 0; at < held.size(); ++at) {
    const TableSpec& spec = *record::find_table(waiting.counts[at].table);
    if (const TallyByBuild* known = tallies_.find(spec, session_key)) {
      for (const auto& [build, tally] : *known) {
        if (build == waiting.build) held[at].of_build = tally;
        else if (build < waiting.build) held[at].earlier_rows += tally.row_count;
      }
      continue;
    }
    const std::string build = quoted_text(waiting.build);
    sql += fmt::format(
        "{}SELECT CAST({} AS BIGINT), count(*) FILTER (build = {}), count(*) FILTER (build < {}) FROM {} "
        "WHERE session_key = {}",
        sql.empty() ? "" : " UNION ALL ", at, build, build, staging_name(spec), session_key.value);
  }
  if (sql.empty()) return held;
  auto rows = connection_.query(sql);
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  while (const OwnedChunk chunk = rows->next()) {
    const auto value = [&](idx_t column, idx_t row) {
      return VectorView(duckdb_data_chunk_get_vector(chunk.get(), column)).at<std::int64_t>(row);
    };
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      held[static_cast<std::size_t>(value(0, row))] = {{value(1, row), 0}, value(2, row)};
    }
  }
  return held;
}

Result<std::uint64_t> Settler::checksum(SessionKey session_key, const Waiting& waiting, const TableSpec& spec,
                                        const Held& held) const {
  if (held.of_build.row_count == 0) return 0;
  if (tallies_.find(spec, session_key)) return held.of_build.checksum;
  auto keys = connection_.query(fmt::format("SELECT {} FROM {} WHERE session_key = {} AND build = {}",
                                            hashed_columns(spec), staging_name(spec), session_key.value,
                                            quoted_text(waiting.build)));
  if (!keys) return tl::make_unexpected(std::move(keys.error()));
  std::uint64_t sum = 0;
  while (const OwnedChunk chunk = keys->next()) sum += checksum_of(spec, chunk);
  return sum;
}

Result<void> Settler::remove_earlier(SessionKey session_key, const Waiting& waiting, bool has_earlier_rows) {
  // The manifest's own row is one of those that take nothing of earlier builds: so it is known to be settled.
  std::string names = "'manifest'";
  std::string settled = fmt::format("('manifest', {}, {})", session_key.value, quoted_text(waiting.build));
  for (const TableCount& count : waiting.counts) {
    if (!count.is_gapless) continue;
    names += fmt::format(", {}", quoted_text(count.table));
    settled += fmt::format(", ({}, {}, {})", quoted_text(count.table), session_key.value,
                           quoted_text(waiting.build));
    if (!has_earlier_rows) continue;
    tallies_.note_changed(*record::find_table(count.table), session_key);
    SLIP_TRY(connection_.run(fmt::format("DELETE FROM {} WHERE session_key = {} AND build < {}",
                                         staging_name(*record::find_table(count.table)), session_key.value,
                                         quoted_text(waiting.build))));
  }
  SLIP_TRY(connection_.run(fmt::format(
      "DELETE FROM f1.staging._withdrawn WHERE session_key = {} AND build < {} AND table_name IN ({})",
      session_key.value, quoted_text(waiting.build), names)));
  SLIP_TRY(connection_.run(
      fmt::format("DELETE FROM f1.staging._settled WHERE session_key = {} AND table_name IN ({}); "
                  "INSERT INTO f1.staging._settled VALUES {}",
                  session_key.value, names, settled)));
  return connection_.run(fmt::format(
      "UPDATE f1.staging.stg_sessions SET is_complete = true WHERE session_key = {} AND build = {}",
      session_key.value, quoted_text(waiting.build)));
}

}  // namespace slipstream::warehouse
