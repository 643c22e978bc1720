// Tables as files: Parquet (zstd), CSV and JSON lines, written by DuckDB's COPY, tables side by side.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
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

// Written under another name first, so that what was there before stays until all is written.
struct PendingFile {
  std::string partial, final;
};

// The file of the table or topic `name` below options.folder, of the session where files are partitioned;
// makes its folder. Errors: unavailable, names the folder.
Result<PendingFile> begin_file(std::string_view name, const ExportOptions& options,
                               const SessionDate* session);
// Gives all of them their final names; on error none of those that are left stays.
Result<void> end_files(std::span<const PendingFile> files);
void drop_files(std::span<const PendingFile> files);
// The tables of these names, empty: all. Errors: not_found, no table of that name.
Result<std::vector<const record::TableSpec*>> chosen_tables(const std::vector<std::string>& names);

// As Warehouse::export_tables.
Result<std::vector<ExportedFile>> export_source(const ExportSource& source, const ExportOptions& options);

}  // namespace slipstream::warehouse
