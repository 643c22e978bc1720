// How many rows of which build a table holds, as far as that follows from what was loaded: so that a build of
// 700,000 samples need not be read back to see that it is whole.
//
// Known is a table and session that was empty when the loader first met it, and has since only got rows under
// keys that were new. Of everything else nothing is known, and the table must be asked. Pure; one thread at a
// time.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "record/batch.h"

namespace slipstream::warehouse {

struct RowTally {
  std::int64_t row_count = 0;
  std::uint64_t checksum = 0;  // as record::TableCount's
};
using TallyByBuild = std::map<std::string, RowTally, std::less<>>;

class RowTallies {
 public:
  void note_empty(const record::TableSpec& table, SessionKey session_key);
  // Rows of an ordinal table (key_order.h) that were appended under new keys.
  void note_fresh(const record::RowBatch& batch, std::span<const std::uint32_t> rows);
  // Rows were replaced or removed, or may have been.
  void note_changed(const record::TableSpec& table, SessionKey session_key);
  void forget() { known_.clear(); }

  // nullptr: not known.
  const TallyByBuild* find(const record::TableSpec& table, SessionKey session_key) const;

 private:
  std::map<std::pair<const record::TableSpec*, SessionKey>, TallyByBuild> known_;
};

}  // namespace slipstream::warehouse
