#include "bus/rules.h"

#include <fmt/format.h>
#include <algorithm>
#include <random>

#include "bus/segment.h"
#include "core/limits.h"

namespace slipstream::bus {
namespace {

constexpr std::size_t name_size_max = 200;
constexpr std::size_t quoted_size_max = 80;

bool is_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

// A key or name as it may stand in a message: printable and short.
std::string quoted(std::string_view text) {
  std::string out(text.substr(0, quoted_size_max));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return fmt::format("\"{}\"", out);
}

}  // namespace

Result<void> check_name(std::string_view what, std::string_view name) {
  const bool is_good = !name.empty() && name.size() <= name_size_max && name != "." && name != ".." &&
                       std::all_of(name.begin(), name.end(), is_name_char);
  if (is_good) return {};
  return fail(Errc::malformed, fmt::format("{} {}: a name has 1 to {} of A-Z a-z 0-9 . _ -", what,
                                           quoted(name), name_size_max));
}

Result<void> check_partition_count(std::string_view topic, std::int32_t partition_count) {
  if (partition_count >= 1 && partition_count <= partitions_max) return {};
  return fail(Errc::malformed,
              fmt::format("topic {}: {} partitions, not 1 to {}", topic, partition_count, partitions_max));
}

Result<void> check_sizes(std::string_view topic, std::span<const OutRecord> records) {
  for (const OutRecord& record : records) {
    const std::size_t size = body_size(record);
    if (size <= limits::record_bytes_max) continue;
    return fail(Errc::malformed, fmt::format("topic {} key {}: the record has {} bytes, over the limit of {}",
                                             topic, quoted(record.key), size, limits::record_bytes_max));
  }
  return {};
}

Result<void> check_stored_offset(std::string_view reader, Offset next) {
  if (next.value >= 0) return {};
  return fail(Errc::malformed, fmt::format("reader {}: offset {} is below 0", reader, next.value));
}

tl::unexpected<Error> no_such_topic(std::string_view topic) {
  return fail(Errc::not_found, fmt::format("no topic {}", quoted(topic)));
}

tl::unexpected<Error> no_such_partition(std::string_view topic, Partition partition) {
  return fail(Errc::not_found, fmt::format("topic {}: no partition {}", topic, partition.value));
}

tl::unexpected<Error> partition_count_differs(std::string_view topic, std::int32_t has, std::int32_t asked) {
  return fail(Errc::conflict,
              fmt::format("topic {}: has {} partitions, {} were asked for", topic, has, asked));
}

tl::unexpected<Error> outside(std::string_view place, Offset offset, OffsetRange range) {
  return fail(Errc::conflict, fmt::format("{}: offset {} is outside {}..{}: the log was recreated or trimmed",
                                          place, offset.value, range.begin.value, range.end.value));
}

std::string random_identity() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Grouped::Grouped(std::span<const OutRecord> records, std::int32_t partition_count)
    : records_(records.size()), begins_(static_cast<std::size_t>(partition_count) + 1) {
  std::vector<std::int32_t> partitions(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    partitions[i] = partition_of(records[i].key, partition_count).value;
    ++begins_[static_cast<std::size_t>(partitions[i]) + 1];
  }
  for (std::size_t p = 1; p < begins_.size(); ++p) begins_[p] += begins_[p - 1];
  std::vector<std::size_t> next = begins_;
  for (std::size_t i = 0; i < records.size(); ++i) {
    records_[next[static_cast<std::size_t>(partitions[i])]++] = &records[i];
  }
}

}  // namespace slipstream::bus
