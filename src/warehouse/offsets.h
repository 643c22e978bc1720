// What stands in staging beside the tables of records: the sink's offsets and the records it could not read.
//
// All of it inside the caller's transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "warehouse/database.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

Result<std::vector<StoredOffset>> read_offsets(Connection& connection);

// A partition's offset never goes back. Errors: conflict, an offset of a log with another identity is stored.
Result<void> store_offsets(Connection& connection, std::span<const StoredOffset> offsets);

// A record that is there already (topic, partition, offset) stays as it is.
Result<void> store_rejected(Connection& connection, std::span<const RejectedRecord> rejected,
                            std::int64_t loaded_date_ms);

}  // namespace slipstream::warehouse
