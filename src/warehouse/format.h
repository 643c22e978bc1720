// The rows of a query as a table for people, as CSV and as JSON: `slipstream sql --format table|csv|json`.
//
// table  columns aligned, numbers to the right, "NULL" where unknown, the number of rows below.
// csv    RFC 4180 with a header line and LF, as the exported files: NULL is empty, an empty text is "".
// json   an array of objects, one a line; numbers and booleans unquoted, NaN and infinity null.
// Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "warehouse/query_result.h"

namespace slipstream::warehouse {

enum class OutputFormat { table, csv, json };
// Errors: malformed, names the three formats.
Result<OutputFormat> parse_output_format(std::string_view text);

// Appends the result to `out`; ends with a line feed.
void format_result(const QueryResult& result, OutputFormat format, std::string& out);

}  // namespace slipstream::warehouse
