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

// Reads `source` to its end, with a progress bar. Keeps the session of key `wanted`, or all, and of it the
// rows of `tables`, or all. Errors: those of the source; malformed, no message could be decoded.
Result<FoldedSource> fold_source(feed::Source& source, std::optional<SessionKey> wanted,
                                 const std::vector<std::string>& tables = {});

}  // namespace slipstream::cli
