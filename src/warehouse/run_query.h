// Runs SQL and renders its rows as text (query_result.h).
//
// Plain types are read from DuckDB's vectors; for any other (DECIMAL, INTERVAL, LIST, STRUCT, ...) the query
// is asked again with that column cast to VARCHAR. One thread at a time.
#pragma once

#include <string>

#include "core/result.h"
#include "warehouse/database.h"
#include "warehouse/query_result.h"

namespace slipstream::warehouse {

// True if `sql` is one statement that only reads.
bool is_single_select(Connection& connection, const std::string& sql);

// Of several statements the last one's rows. Errors: malformed, DuckDB's text; unsupported, a column of the
// last of several statements has a type that cannot be rendered.
Result<QueryResult> run_query(Connection& connection, const std::string& sql);

}  // namespace slipstream::warehouse
