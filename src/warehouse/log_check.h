// Do the offsets that a warehouse holds belong to this log? Never go on silently when they do not.
//
// Pure; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bus/bus.h"
#include "core/result.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

// "topic was recreated or trimmed: f1_laps partition 3: ..." (conflict).
Error log_mismatch(const StoredOffset& stored, std::string_view why);

// Errors: conflict, an offset is of a log with another identity, or of a topic or partition that the log
// lacks.
Result<void> check_log(const std::string& identity, std::span<const bus::TopicInfo> topics,
                       std::span<const StoredOffset> stored);

// Errors: conflict, the next record wanted lies outside what the partition holds.
Result<void> check_range(const StoredOffset& stored, const bus::OffsetRange& range);

}  // namespace slipstream::warehouse
