// What every bus asks of names, counts and records, so that the implementations refuse the same things.
// Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"

namespace slipstream::bus {

// Each partition that is written to holds a file open; this stays far below the usual limit of open files.
inline constexpr std::int32_t partitions_max = 512;

// A topic's or reader's name: 1 to 200 of A-Z a-z 0-9 . _ -, not "." or "..": Kafka's rule, safe as a file's
// name. Errors: malformed.
Result<void> check_name(std::string_view what, std::string_view name);

// Errors: malformed, not in 1..partitions_max.
Result<void> check_partition_count(std::string_view topic, std::int32_t partition_count);

// Errors: malformed, names the first record over limits::record_bytes_max by its key.
Result<void> check_sizes(std::string_view topic, std::span<const OutRecord> records);

// Errors: malformed, below 0. It may lie outside the log: a reader may be further than what a crash left.
Result<void> check_stored_offset(std::string_view reader, Offset next);

tl::unexpected<Error> no_such_topic(std::string_view topic);
tl::unexpected<Error> no_such_partition(std::string_view topic, Partition partition);
tl::unexpected<Error> partition_count_differs(std::string_view topic, std::int32_t has, std::int32_t asked);
tl::unexpected<Error> outside(std::string_view place, Offset offset, OffsetRange range);

// 32 hexadecimal digits from the system's random numbers.
std::string random_identity();

// A batch's records by partition, in their order.
class Grouped {
 public:
  Grouped(std::span<const OutRecord> records, std::int32_t partition_count);
  std::span<const OutRecord* const> of(std::size_t partition) const {
    return std::span(records_).subspan(begins_[partition], begins_[partition + 1] - begins_[partition]);
  }

 private:
  std::vector<const OutRecord*> records_;
  std::vector<std::size_t> begins_;
};

}  // namespace slipstream::bus
