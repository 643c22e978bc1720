// Parquet files of what a RowGroupStore has packed, without a database.
//
// Names, types and rows are those of Warehouse::export_tables of the same rows. Thread rule: one thread at a
// time.
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "warehouse/row_group_store.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

// Writes the tables of options.tables; `sessions` are those that are packed, for partitioned files.
// Precondition: options.format is parquet, packed.finish() was called. Errors: as export_tables.
Result<std::vector<ExportedFile>> write_packed(const RowGroupStore& packed,
                                               std::span<const SessionDate> sessions,
                                               const ExportOptions& options);

}  // namespace slipstream::warehouse
