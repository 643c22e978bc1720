// One partition of the embedded log: a folder of segment files (docs/bus-format.md).
//
// Thread rule: any thread may call any function. Appends and flushes take turns; fetches read beside them and
// see whole records only, because they stop at the end that the last finished append announced.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bus/bus.h"
#include "bus/file_io.h"
#include "bus/segment.h"

namespace slipstream::bus {

// A place in a partition's files up to which everything is known to be on the disk.
struct FlushedPoint {
  std::int64_t base_offset = 0;  // names the last segment
  std::int64_t position = 0;     // in its file
  friend bool operator==(const FlushedPoint&, const FlushedPoint&) = default;
};

// What may have happened since the last writer: decides whether damage behind the flushed point can be cut
// off.
enum class LastCrash {
  process,  // at worst the writer was killed: files end with a piece of what was written, nothing else
  machine,  // the machine was restarted: bytes that were not flushed may be anything
};

class PartitionLog {
 public:
  // A log without records yet, of which nothing was read: open() is the way to make one.
  explicit PartitionLog(std::string folder) : folder_(std::move(folder)) {}

  // Opens what is in `folder`, which need not exist yet, and cuts off a torn end of the last segment.
  // Errors: malformed, damage that is not a torn end (names file and byte); unavailable.
  static Result<std::unique_ptr<PartitionLog>> open(std::string folder, FlushedPoint flushed,
                                                    LastCrash crash);

  // The records must not be over limits::record_bytes_max. After an error the log holds what range() says.
  Result<void> append(std::span<const OutRecord* const> records);
  Result<FetchResult> fetch(Offset offset, std::size_t bytes_max);
  OffsetRange range() const;

  // True if something was written to disk.
  Result<bool> flush();
  FlushedPoint flushed() const;

 private:
  struct Segment {
    std::int64_t base_offset = 0;
    std::int64_t size = 0;             // whole records only
    std::optional<SparseIndex> index;  // made when it is first needed
  };
  struct Place {  // where a fetch starts to read
    std::shared_ptr<const File> file;
    IndexEntry entry;
    std::int64_t limit = 0;
  };

  Result<void> find_segments();
  Result<void> recover(LastCrash crash);
  Result<void> cut_tail(const File& file, const SegmentScan& scan, std::int64_t size, LastCrash crash);
  std::string path_of(std::int64_t base_offset) const;

  // The caller holds mutex_.
  Result<void> open_active();
  Result<void> start_segment();
  Result<void> write_pending();
  Result<void> give_up(Error error);
  OffsetRange range_locked() const;

  Result<Place> locate(std::int64_t offset);
  Result<void> index_segment(std::size_t number);

  const std::string folder_;
  mutable std::mutex mutex_;
  std::vector<Segment> segments_;  // by base offset; the last one is appended to
  std::int64_t end_offset_ = 0;
  std::shared_ptr<const File> active_;  // the last segment, once it is written to
  FlushedPoint flushed_;
  bool has_new_files_ = false;  // whose folder entries are not on the disk yet
  std::string broken_;          // why nothing more can be appended; empty: nothing is wrong

  std::string pending_;  // encoded, not yet written; kept for its memory
  std::vector<IndexEntry> pending_entries_;
};

}  // namespace slipstream::bus
