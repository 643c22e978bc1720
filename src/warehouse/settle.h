// What happens when a build is whole: what earlier builds of its session left behind goes.
//
// A build is whole when the tables hold of it what its manifest says: for every table so many rows, with this
// checksum. Then rows of earlier builds, which it does not name, are removed, in the tables whose feed topics
// it got without a gap; these tables take nothing of earlier builds from then on (staging._settled); and the
// session's row says is_complete. A manifest that comes before its rows waits. Runs inside the transaction of
// the load that brought the last row. Not thread-safe: the warehouse holds its lock around every call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "record/manifest.h"
#include "warehouse/database.h"
#include "warehouse/row_tally.h"

namespace slipstream::warehouse {

class Settler {
 public:
  // `connection` must outlive the settler.
  explicit Settler(Connection& connection) : connection_(connection) {}

  // True if a later build that is whole has settled the batch's table: its rows count no more.
  Result<bool> is_settled_by_later(const record::RowBatch& batch);

  // Called when the batches' rows are in the transaction. Answers how many rows it removed.
  Result<std::int64_t> settle(std::span<const record::RowBatch> batches);

  // The loader says here what it does to tables.
  RowTallies& tallies() { return tallies_; }

  // What is known about the tables' content is read again.
  void forget();

 private:
  // A build whose manifest has come, and whose rows are not all there yet.
  struct Waiting {
    std::string build;
    std::vector<record::TableCount> counts;
    std::int64_t missing_rows = 0;  // at least so many must come before another look is worth it
  };
  // What a table holds of the waiting build, and how many rows of earlier ones.
  struct Held {
    RowTally of_build;
    std::int64_t earlier_rows = 0;
  };
  using BuildByTable = std::map<std::string, std::string, std::less<>>;

  Result<const BuildByTable*> settled_tables(SessionKey session_key);
  Result<std::optional<Waiting>*> waiting(SessionKey session_key);
  Result<std::int64_t> look(SessionKey session_key, std::optional<Waiting>& waiting);
  Result<bool> has_all(SessionKey session_key, Waiting& waiting, std::int64_t& earlier_rows);
  Result<std::vector<Held>> held_rows(SessionKey session_key, const Waiting& waiting) const;
  Result<std::uint64_t> checksum(SessionKey session_key, const Waiting& waiting,
                                 const record::TableSpec& spec, const Held& held) const;
  Result<void> remove_earlier(SessionKey session_key, const Waiting& waiting, bool has_earlier_rows);

  Connection& connection_;
  RowTallies tallies_;
  std::map<SessionKey, BuildByTable> settled_;
  std::map<SessionKey, std::optional<Waiting>> waiting_;
};

}  // namespace slipstream::warehouse
