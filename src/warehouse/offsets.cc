#include "warehouse/offsets.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

#include "core/limits.h"
#include "warehouse/chunks.h"
#include "warehouse/log_check.h"

namespace slipstream::warehouse {
namespace {

using TopicPartition = std::pair<std::string, std::int32_t>;

// The values come as parameters, so that no byte of them is read as SQL.
constexpr std::string_view insert_reject = R"(
INSERT INTO f1.staging.stg_rejected_records SELECT $1, $2, $3, $4, $5, make_timestamp_ms($6)
WHERE NOT EXISTS (FROM f1.staging.stg_rejected_records
                  WHERE topic = $1 AND "partition" = $2 AND "offset" = $3))";

}  // namespace

Result<std::vector<StoredOffset>> read_offsets(Connection& connection) {
  auto rows = connection.query(
      "SELECT log_identity, topic, \"partition\", next_offset FROM f1.staging._offsets ORDER BY topic, "
      "\"partition\"");
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  std::vector<StoredOffset> offsets;
  while (const OwnedChunk chunk = rows->next()) {
    const auto column = [&](idx_t at) { return VectorView(duckdb_data_chunk_get_vector(chunk.get(), at)); };
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      offsets.push_back({std::string(column(0).text(row)), std::string(column(1).text(row)),
                         Partition(column(2).at<std::int32_t>(row)),
                         Offset(column(3).at<std::int64_t>(row))});
    }
  }
  return offsets;
}

Result<void> store_offsets(Connection& connection, std::span<const StoredOffset> offsets) {
  if (offsets.empty()) return {};
  const auto stored = read_offsets(connection);
  if (!stored) return tl::make_unexpected(stored.error());
  std::map<TopicPartition, StoredOffset> merged;
  for (const StoredOffset& offset : *stored)
    merged.emplace(TopicPartition(offset.topic, offset.partition.value), offset);
  for (const StoredOffset& offset : offsets) {
    if (!merged.empty() && merged.begin()->second.log_identity != offset.log_identity) {
      return tl::make_unexpected(
          log_mismatch(offset, fmt::format("the rows here came from log {}, not from log {}",
                                           merged.begin()->second.log_identity, offset.log_identity)));
    }
    const auto [place, is_new] =
        merged.try_emplace(TopicPartition(offset.topic, offset.partition.value), offset);
    if (!is_new) place->second.next = std::max(place->second.next, offset.next);
  }
  std::string values;
  for (const auto& [key, offset] : merged) {
    values += fmt::format("{}({}, {}, {}, {})", values.empty() ? "" : ", ", quoted_text(offset.log_identity),
                          quoted_text(offset.topic), offset.partition.value, offset.next.value);
  }
  SLIP_TRY(connection.run("DELETE FROM f1.staging._offsets"));
  return connection.run(fmt::format("INSERT INTO f1.staging._offsets VALUES {}", values));
}

Result<void> store_rejected(Connection& connection, std::span<const RejectedRecord> rejected,
                            std::int64_t loaded_date_ms) {
  for (const RejectedRecord& record : rejected) {
    const Parameter parameters[] = {
        record.topic,
        std::int64_t{record.partition.value},
        record.offset.value,
        valid_utf8(record.reason),
        valid_utf8(std::string_view(record.raw).substr(0, limits::rejected_raw_bytes_max)),
        loaded_date_ms};
    SLIP_TRY(connection.query(std::string(insert_reject), parameters));
  }
  return {};
}

}  // namespace slipstream::warehouse
