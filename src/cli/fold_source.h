// A whole source folded into the tables of its sessions, in the order in which they began.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "feed/source.h"
#include "record/batch.h"
#include "session/lap_estimate.h"
#include "warehouse/row_group_store.h"

namespace slipstream::cli {

struct FoldedSession {
  SessionKey session_key;
  std::string build;
  std::string date;  // as SessionRows::date
  std::vector<record::RowBatch> batches;
};

struct FoldedSource {
  std::vector<FoldedSession> sessions;  // those that were asked for
  std::vector<SessionKey> all_keys;
  std::int64_t broken_count = 0;
  std::string first_reason;  // of the first broken piece
};

// Called now and then while a source is read, with the session's time.
using OnProgress = std::function<void(const feed::Source& source, SessionTime time)>;

struct FoldPlan {
  std::optional<SessionKey> wanted;  // the session to keep; nothing: all
  std::vector<std::string> tables;   // whose rows to keep; empty: all
  bool is_for_files = false;         // and for no warehouse, which would say itself what is complete
  warehouse::RowGroupStore* packed = nullptr;                      // where rows go; nullptr: into the batches
  std::shared_ptr<const session::KnownCircuit> circuit = nullptr;  // where cars without positions are placed
  OnProgress on_progress = nullptr;
  bool is_beside = false;  // rows go into their columns on a thread of their own
};

// Reads `source` to its end. Errors: those of the source; malformed, no message could be
// decoded.
Result<FoldedSource> fold_source(feed::Source& source, const FoldPlan& plan);

}  // namespace slipstream::cli
