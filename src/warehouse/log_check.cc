#include "warehouse/log_check.h"

#include <fmt/core.h>
#include <algorithm>

namespace slipstream::warehouse {

Error log_mismatch(const StoredOffset& stored, std::string_view why) {
  return {Errc::conflict,
          fmt::format(
              "topic was recreated or trimmed: {} partition {}: {}; load into a new database, or go back to "
              "the log this one was loaded from",
              stored.topic, stored.partition.value, why)};
}

Result<void> check_log(const std::string& identity, std::span<const bus::TopicInfo> topics,
                       std::span<const StoredOffset> stored) {
  for (const StoredOffset& offset : stored) {
    if (offset.log_identity != identity) {
      return tl::make_unexpected(log_mismatch(
          offset,
          fmt::format("the rows here came from log {}, not from log {}", offset.log_identity, identity)));
    }
    const auto topic = std::ranges::find(topics, offset.topic, &bus::TopicInfo::name);
    if (topic == topics.end() || offset.partition.value >= topic->partition_count) {
      return tl::make_unexpected(log_mismatch(offset, "the log does not have it any more"));
    }
  }
  return {};
}

Result<void> check_range(const StoredOffset& stored, const bus::OffsetRange& range) {
  if (range.begin <= stored.next && stored.next <= range.end) return {};
  return tl::make_unexpected(
      log_mismatch(stored, fmt::format("offset {} is wanted next, the log holds {} to {}", stored.next.value,
                                       range.begin.value, range.end.value)));
}

}  // namespace slipstream::warehouse
