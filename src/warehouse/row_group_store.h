// Rows on their way into Parquet files: packed while the session is still read, on a thread of its own or,
// where other sessions keep the cores busy, on that of the caller.
//
// Samples are most of a session, and a table of them in memory would be most of its memory. Here a few
// thousand rows of a car become a row group of a hundredth of that size; a file is row groups one behind the
// other, by session, car and time. Rows of the other tables come at the session's end, in key order.
// Thread rule: one thread at a time.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "core/bounded_queue.h"
#include "warehouse/row_group.h"

namespace slipstream::warehouse {

class RowGroupStore {
 public:
  // Rows of a car that go into one group: enough to pack well, few enough to find a lap's quickly.
  static constexpr std::size_t group_rows = 8192;

  enum class Packing { beside, in_place };
  explicit RowGroupStore(Packing packing = Packing::beside);
  ~RowGroupStore();

  // An empty batch with room for group_rows.
  record::RowBatch empty_batch(const record::TableSpec& table, SessionKey session_key);
  // False if a batch that empty_batch() gave should be added before it gets so many more rows.
  bool has_room(const record::RowBatch& batch, std::size_t row_count) const;
  // Rows behind those of the session that were added before; samples: of one car, behind those of the car.
  void add(record::RowBatch batch);
  // The session's rows are in no file.
  void drop(SessionKey session_key) { dropped_.insert(session_key); }
  // Nothing is added any more. Packs what is left, with both threads.
  void finish();
  // After finish(): writes the table's file, of one session or of all. Returns how many rows it has.
  Result<std::int64_t> write(const record::TableSpec& table, const std::string& path,
                             std::optional<SessionKey> session_key = std::nullopt) const;

 private:
  // Table, session, car (0 where rows do not come by car), and which of its groups.
  using Place = std::tuple<const record::TableSpec*, SessionKey, record::Int, std::size_t>;
  struct Task {
    Place place;
    record::RowBatch batch;
  };
  void work();
  void pack(RowGroupEncoder& encoder, Task task);

  RowGroupEncoder encoder_;  // of the caller's thread
  BoundedQueue<Task> tasks_;
  std::set<SessionKey> dropped_;
  std::map<std::tuple<const record::TableSpec*, SessionKey, record::Int>, std::size_t> group_counts_;
  std::mutex mutex_;  // of what follows
  std::map<Place, RowGroup> groups_;
  std::map<const record::TableSpec*, std::vector<record::RowBatch>> spare_;
  std::jthread packer_;
};

}  // namespace slipstream::warehouse
