#include "warehouse/merge.h"

#include <fmt/core.h>
#include <algorithm>
#include <tuple>

#include "warehouse/chunks.h"

namespace slipstream::warehouse {
namespace {

constexpr std::string_view incoming = "temp.main.slip_incoming";

template <class T>
void append_bytes(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// Bytes that are equal exactly for rows of the same key in one session.
std::string key_bytes(const record::RowBatch& batch, std::uint32_t row) {
  std::string bytes;
  for (std::size_t at = 1; at < batch.table().key_count(); ++at) {
    std::visit(
        [&](const auto& values) {
          const auto& value = values[row];
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
            append_bytes(bytes, value.size());
            bytes += value;
          } else {
            append_bytes(bytes, value);
          }
        },
        batch.columns()[at].values);
  }
  return bytes;
}

auto rank_of(const record::RowBatch& batch, std::uint32_t row) {
  const std::int64_t offset = batch.origins().empty() ? -1 : batch.origins()[row].offset;
  return std::tuple<const std::string&, std::int32_t, std::int64_t>(batch.build(), batch.revisions()[row],
                                                                    offset);
}

std::vector<StagingColumn> incoming_columns(const StagingTable& table) {
  std::vector<StagingColumn> columns = table.columns;
  columns.push_back({"slip_is_withdrawn", DUCKDB_TYPE_BOOLEAN, ColumnSource::is_withdrawn});
  return columns;
}

std::string column_list(const StagingTable& table) {
  std::string list;
  for (const StagingColumn& column : table.columns) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quoted_name(column.name));
  }
  return list;
}

Result<void> fill_incoming(Connection& connection, const MergeContext& context, const Contested& contested) {
  SLIP_TRY(
      connection.run(fmt::format("CREATE OR REPLACE TEMP TABLE slip_incoming AS SELECT {}, "
                                 "false AS slip_is_withdrawn FROM {} LIMIT 0",
                                 column_list(context.table), staging_name(*context.table.spec))));
  const std::vector<StagingColumn> columns = incoming_columns(context.table);
  auto writer =
      ChunkWriter::open(connection, {"temp", "main", "slip_incoming"}, columns, context.loaded_date_ms);
  if (!writer) return tl::make_unexpected(std::move(writer.error()));
  for (const auto& [batch, rows] : contested.winners()) SLIP_TRY(writer->append({*batch, rows}));
  return writer->close();
}

// Deletes incoming rows that what is stored beats or equals; answers how many.
Result<std::int64_t> drop_losers(Connection& connection, const MergeContext& context) {
  const record::TableSpec& spec = *context.table.spec;
  auto dropped =
      connection.change(fmt::format("DELETE FROM {} AS i USING {} AS t WHERE {} AND "
                                    "row(t.build, t.revision, coalesce(t._offset, -1)) >= row(i.build, "
                                    "i.revision, coalesce(i._offset, -1)) AND NOT "
                                    "(t.build = i.build AND t.revision = i.revision AND t._offset IS NULL "
                                    "AND t._loaded_date = i._loaded_date)",
                                    incoming, staging_name(spec), keys_equal(spec, "i", "t")));
  if (!dropped || !context.has_tombstones) return dropped;
  const auto by_tombstone = connection.change(
      fmt::format("DELETE FROM {} AS i USING f1.staging._withdrawn AS w WHERE w.table_name = {} AND "
                  "w.session_key = i.session_key AND w.\"key\" = {} AND "
                  "row(w.build, w.revision, coalesce(w._offset, -1)) >= row(i.build, i.revision, "
                  "coalesce(i._offset, -1))",
                  incoming, quoted_text(spec.name), key_text(spec, "i")));
  if (!by_tombstone) return by_tombstone;
  return *dropped + *by_tombstone;
}

// Puts what is left of the incoming rows in the place of what is stored under their keys.
Result<MergeOutcome> apply_incoming(Connection& connection, const MergeContext& context) {
  const record::TableSpec& spec = *context.table.spec;
  const std::string table = staging_name(spec);
  const auto remove = [&](std::string_view condition) {
    return connection.change(fmt::format("DELETE FROM {} AS t USING {} AS i WHERE {} AND {}", table, incoming,
                                         keys_equal(spec, "t", "i"), condition));
  };
  const auto replaced = remove("NOT i.slip_is_withdrawn");
  if (!replaced) return tl::make_unexpected(replaced.error());
  const auto withdrawn = remove("i.slip_is_withdrawn");
  if (!withdrawn) return tl::make_unexpected(withdrawn.error());
  if (context.has_tombstones) {
    SLIP_TRY(connection.run(
        fmt::format("DELETE FROM f1.staging._withdrawn AS w USING {} AS i WHERE w.table_name = {} AND "
                    "w.session_key = i.session_key AND w.\"key\" = {}",
                    incoming, quoted_text(spec.name), key_text(spec, "i"))));
  }
  const auto tombstones = connection.change(fmt::format(
      "INSERT INTO f1.staging._withdrawn SELECT {}, i.session_key, {}, i.build, i.revision, i._offset "
      "FROM {} AS i WHERE i.slip_is_withdrawn",
      quoted_text(spec.name), key_text(spec, "i"), incoming));
  if (!tombstones) return tl::make_unexpected(tombstones.error());
  const std::string columns = column_list(context.table);
  const auto inserted = connection.change(
      fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} WHERE NOT slip_is_withdrawn ORDER BY {}", table,
                  columns, columns, incoming, key_list(spec)));
  if (!inserted) return tl::make_unexpected(inserted.error());
  MergeOutcome outcome;
  outcome.counts = {*inserted - *replaced, *replaced, *withdrawn, *tombstones - *withdrawn};
  outcome.has_inserted = *inserted > 0;
  outcome.has_tombstones = context.has_tombstones || *tombstones > 0;
  return outcome;
}

}  // namespace

void Contested::add(const record::RowBatch& batch, std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  auto& best_of_session = best_[batch.session_key()];
  best_of_session.reserve(best_of_session.size() + rows.size());
  for (const std::uint32_t row : rows) {
    const auto [found, is_new] = best_of_session.try_emplace(key_bytes(batch, row), Place{&batch, row});
    if (is_new) continue;
    ++loser_count_;
    Place& best = found->second;
    if (rank_of(batch, row) >= rank_of(*best.batch, best.row)) best = {&batch, row};
  }
}

std::map<const record::RowBatch*, std::vector<std::uint32_t>> Contested::winners() const {
  std::map<const record::RowBatch*, std::vector<std::uint32_t>> winners;
  for (const auto& [session_key, best_of_session] : best_) {
    for (const auto& [key, place] : best_of_session) winners[place.batch].push_back(place.row);
  }
  for (auto& [batch, rows] : winners) std::ranges::sort(rows);
  return winners;
}

Result<MergeOutcome> merge(Connection& connection, const MergeContext& context, const Contested& contested) {
  SLIP_TRY(fill_incoming(connection, context, contested));
  const auto dropped = drop_losers(connection, context);
  if (!dropped) return tl::make_unexpected(dropped.error());
  auto outcome = apply_incoming(connection, context);
  if (!outcome) return outcome;
  outcome->counts.ignored += *dropped + contested.loser_count();
  SLIP_TRY(connection.run("DROP TABLE temp.main.slip_incoming"));
  return outcome;
}

}  // namespace slipstream::warehouse
