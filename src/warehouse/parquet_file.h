// Parquet's footer around row groups.
//
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "record/table.h"
#include "warehouse/row_group.h"

namespace slipstream::warehouse {

// Writes a whole file of file_columns(). Errors: unavailable, names the file.
Result<void> write_parquet(const std::string& path, const record::TableSpec& table,
                           std::span<const RowGroup* const> groups);

}  // namespace slipstream::warehouse
