// The bus: a partitioned, keyed, ordered log of records. Knows no F1: topics, keys and values are bytes.
//
// A topic has a fixed number of partitions, set at its creation. A record goes to the partition of its key
// (Java's murmur2, as Kafka's default partitioner), so order per key holds. Inside a partition records have
// offsets 0, 1, 2, ... A log has an identity, a random text made at its creation, so that a reader whose
// stored offsets belong to another log finds out. Two implementations, one contract test suite
// (bus/bus_contract_test.cc): MemoryBus and EmbeddedBus (segment files, see docs/bus-format.md).
//
// Thread rule: any thread may call any function; one process may open a folder for writing.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace slipstream::bus {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A record to append. Views must live until append() returns.
struct OutRecord {
  std::string_view key;
  std::string_view value;
  std::int64_t timestamp_ms = 0;  // time of publishing, ms since 1970 UTC
  std::span<const std::pair<std::string, std::string>> headers;
};

// A record as read. Views live as long as the FetchResult that they came in.
struct InRecord {
  Offset offset;
  std::string_view key;
  std::string_view value;
  std::int64_t timestamp_ms = 0;
  std::vector<std::pair<std::string_view, std::string_view>> headers;

  // Empty if there is no such header.
  std::string_view header(std::string_view name) const;
};

struct FetchResult {
  std::shared_ptr<const void> storage;  // owns what the views point into
  std::vector<InRecord> records;        // in offset order; empty: nothing at or after the offset yet
};

struct OffsetRange {
  Offset begin;  // of the first record that is kept
  Offset end;    // one past the last
};

struct TopicInfo {
  std::string name;
  std::int32_t partition_count = 0;
};

class Bus {
 public:
  virtual ~Bus() = default;

  // The log's identity: the same for as long as the log exists, another for every new log.
  virtual std::string identity() const = 0;

  // Makes the topic if it is not there. Names have 1 to 200 of A-Z a-z 0-9 . _ -, counts go from 1 to 512.
  // Errors: conflict, it is there with another number of partitions; malformed, name or count cannot be;
  // unavailable.
  virtual Result<void> ensure_topic(std::string_view topic, std::int32_t partition_count) = 0;
  virtual std::vector<TopicInfo> topics() const = 0;

  // Appends all records or, on error, says how far it came by what end offsets say. In order per partition.
  // Errors: not_found, no such topic; malformed, a record over limits::record_bytes_max (nothing is
  // appended); unavailable, the disk is full or gone.
  virtual Result<void> append(std::string_view topic, std::span<const OutRecord> records) = 0;

  // Makes everything appended so far survive a crash of the machine (a crash of the process alone loses
  // nothing that append() returned for). Call it before what was read is committed elsewhere: offsets that
  // the machine's crash took from the log are given to new records. Errors: unavailable; what could not be
  // flushed takes no more records until the log is opened again.
  virtual Result<void> flush() = 0;

  // Records from `offset` on, at most about `bytes_max` of them, at least one if there is one.
  // Errors: not_found, no such topic or partition; conflict, the offset lies outside begin..end;
  // malformed, the record at the offset is damaged (names file, byte and offset); unavailable.
  virtual Result<FetchResult> fetch(std::string_view topic, Partition partition, Offset offset,
                                    std::size_t bytes_max) = 0;
  virtual Result<OffsetRange> offsets(std::string_view topic, Partition partition) const = 0;

  // Waits until something was appended since the call that returned `seen` (0: the first), for `at_most`, or
  // for `stop`. Returns what to hand in the next time.
  virtual std::uint64_t wait_for_append(std::uint64_t seen, std::chrono::milliseconds at_most,
                                        const std::stop_token& stop) const = 0;

  // A reader will not ask for records before `offset` again. Only a MemoryBus made with Keep::unread drops
  // them.
  virtual void done_before(std::string_view /*topic*/, Partition /*partition*/, Offset /*offset*/) {}

  // Offsets that a named reader stored: the next record it wants. Sinks keep theirs in the warehouse instead.
  // Atomic, and on the disk when it returns; set back at open to the log's end if a crash left less of that.
  // Errors: not_found, no such topic or partition; malformed, a name or offset that cannot be; unavailable.
  virtual Result<void> store_offset(std::string_view reader, std::string_view topic, Partition partition,
                                    Offset next) = 0;
  virtual Result<std::optional<Offset>> stored_offset(std::string_view reader, std::string_view topic,
                                                      Partition partition) const = 0;
};

// Java's murmur2 of the key, made positive, modulo the partition count: what Kafka's own clients do.
std::uint32_t murmur2(std::string_view key);
Partition partition_of(std::string_view key, std::int32_t partition_count);

enum class Keep {
  everything,
  unread,  // for one reader that says what it is done with: memory does not grow with the log
};
std::unique_ptr<Bus> make_memory_bus(Keep keep = Keep::everything);

// Opens or creates the log in `folder`. A torn record at the end of a partition is cut off.
// Errors: unavailable, folder cannot be made or is in use by another process; malformed, damage that is not a
// torn end (names file and offset); unsupported, made by a newer version.
Result<std::unique_ptr<Bus>> open_embedded_bus(const std::string& folder);

}  // namespace slipstream::bus
