// Tables as files: Parquet (zstd), CSV and JSON lines, written by DuckDB's COPY, tables side by side.
#pragma once

#include <functional>
#include <vector>

#include "core/result.h"
#include "record/table.h"
#include "warehouse/database.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

struct ExportSource {
  std::function<Result<Connection>()> connect;  // called by several threads
  // What to write after FROM for the table's rows.
  std::function<std::string(const record::TableSpec&)> relation;
  // True if the table's rows stand in key order already.
  std::function<bool(const record::TableSpec&)> is_in_key_order;
};

// As Warehouse::export_tables.
Result<std::vector<ExportedFile>> export_source(const ExportSource& source, const ExportOptions& options);

}  // namespace slipstream::warehouse
