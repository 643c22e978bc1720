// A whole source folded into the tables of its sessions, in the order in which they began.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "feed/source.h"
#include "record/batch.h"

namespace slipstream::cli {

struct FoldedSession {
  SessionKey session_key;
  std::string build;
  std::vector<record::RowBatch> batches;
};

struct FoldedSource {
  std::vector<FoldedSession> sessions;  // those that were asked for
  std::vector<SessionKey> all_keys;
  std::int64_t broken_count = 0;
  std::string first_reason;  // of the first broken piece
};

struct FoldPlan {
  std::optional<SessionKey> wanted;  // the session to keep; nothing: all
  std::vector<std::string> tables;   // whose rows to keep; empty: all
  bool is_for_files = false;         // and for no warehouse, which would say itself what is complete
};

// Reads `source` to its end, with a progress bar. Errors: those of the source; malformed, no message could be
// decoded.
Result<FoldedSource> fold_source(feed::Source& source, const FoldPlan& plan);

}  // namespace slipstream::cli
