// Typed rows of a session out of the staging tables: the inverse of a load.
#pragma once

#include <span>
#include <string_view>

#include "core/ids.h"
#include "core/result.h"
#include "warehouse/database.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

// As Warehouse::read_session. One thread at a time.
Result<void> read_session_rows(Connection& connection, SessionKey session_key,
                               std::span<const std::string_view> tables, const RowVisitor& visit);

}  // namespace slipstream::warehouse
