#include "warehouse/row_tally.h"

#include "record/manifest.h"
#include "warehouse/key_order.h"

namespace slipstream::warehouse {

void RowTallies::note_empty(const record::TableSpec& table, SessionKey session_key) {
  known_[{&table, session_key}].clear();
}

void RowTallies::note_fresh(const record::RowBatch& batch, std::span<const std::uint32_t> rows) {
  const auto known = known_.find({&batch.table(), batch.session_key()});
  if (known == known_.end()) return;
  RowTally& tally = known->second[batch.build()];
  const OrdinalKeys keys(batch);
  const std::size_t last = batch.table().key_count() - 1;
  for (const std::uint32_t row : rows) {
    const OrdinalKey key = keys[row];
    record::RowKey parts{};
    for (std::size_t at = 1; at < last; ++at) parts[at] = key.prefix[at - 1];
    if (last > 0) parts[last] = key.last;
    tally.checksum += record::row_hash(parts, batch.revisions()[row]);
  }
  tally.row_count += static_cast<std::int64_t>(rows.size());
}

void RowTallies::note_changed(const record::TableSpec& table, SessionKey session_key) {
  known_.erase({&table, session_key});
}

const TallyByBuild* RowTallies::find(const record::TableSpec& table, SessionKey session_key) const {
  const auto known = known_.find({&table, session_key});
  return known == known_.end() ? nullptr : &known->second;
}

}  // namespace slipstream::warehouse
