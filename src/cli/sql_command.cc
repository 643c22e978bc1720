// sql: a statement against a database, whether or not a running slipstream has it open.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "cli/sql_socket.h"
#include "warehouse/format.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {

int run_sql(const SqlOptions& options) {
  const auto format = warehouse::parse_output_format(options.format);
  if (!format) return report_usage("sql: " + format.error().message);
  const auto opened = warehouse::open_duckdb(options.db, {.is_read_only = true});
  if (!opened) {
    if (opened.error().code != Errc::unavailable) return report_failure(opened.error());
    const auto answer = ask_sql_socket(options.db, *format, options.statement);
    // Nobody listens: the lock is somebody else's, and the first error says so.
    if (!answer)
      return report_failure(answer.error().code == Errc::not_found ? opened.error() : answer.error());
    print(*answer);
    return exit_done;
  }
  const auto result = (*opened)->query(options.statement);
  if (!result) return report_failure(result.error());
  std::string text;
  warehouse::format_result(*result, *format, text);
  print(text);
  return exit_done;
}

}  // namespace slipstream::cli
