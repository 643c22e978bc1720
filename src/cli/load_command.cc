// load: a source's bytes to tables, as files or in a DuckDB file.
#include <fmt/core.h>
#include <optional>

#include "cli/commands.h"
#include "cli/fold_source.h"
#include "cli/report.h"
#include "feed/source.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

// What is wrong with the options; nothing if they can be followed. Before anything is read.
std::optional<std::string> complaint(const LoadOptions& options) {
  if (options.db.empty() == options.out.empty()) {
    return "say where to: --out DIR for files, or --db FILE for a DuckDB database";
  }
  if (!options.partition_by.empty() && options.partition_by != "date") {
    return fmt::format("--partition-by takes date, not \"{}\"", options.partition_by);
  }
  if (!options.db.empty() && !options.tables.empty()) {
    return "--tables goes with --out; a database always gets all tables";
  }
  if (const auto format = warehouse::parse_export_format(options.format); !format)
    return format.error().message;
  for (const std::string& name : options.tables) {
    if (record::find_table(name)) continue;
    std::string known;
    for (const record::TableSpec& table : record::all_tables()) known += fmt::format(" {}", table.name);
    return fmt::format("--tables: there is no table \"{}\"; there are{}", name, known);
  }
  return std::nullopt;
}

std::string text_of(const std::vector<SessionKey>& keys) {
  std::string text;
  for (const SessionKey key : keys) text += fmt::format("{}{}", text.empty() ? "" : ", ", key.value);
  return text;
}

Result<std::string> write_out(const LoadOptions& options, const FoldedSource& folded) {
  const auto format = warehouse::parse_export_format(options.format);
  if (!format) return tl::make_unexpected(format.error());
  const warehouse::ExportOptions exports{options.out, *format, options.tables,
                                         options.partition_by == "date"};
  auto opened = warehouse::open_duckdb(options.db.empty() ? ":memory:" : options.db);
  if (!opened) return tl::make_unexpected(opened.error());
  warehouse::Warehouse& target = **opened;
  std::string report;
  for (const FoldedSession& session : folded.sessions) {
    const auto counts = target.load(session.batches, {});
    if (!counts) return tl::make_unexpected(counts.error());
    if (options.db.empty()) continue;
    report +=
        fmt::format("session {}: {} rows new, {} replaced, {} there already, in {}\n",
                    session.session_key.value, counts->added, counts->replaced, counts->ignored, options.db);
  }
  if (!options.db.empty()) return report;
  const auto files = target.export_tables(exports);
  if (!files) return tl::make_unexpected(files.error());
  for (const auto& file : *files) report += fmt::format("{:>9} {}\n", file.row_count, file.path);
  return report;
}

}  // namespace

int run_load(const LoadOptions& options) {
  if (const auto wrong = complaint(options)) return report_usage("load: " + *wrong);
  auto source = feed::open_source(options.source);
  if (!source) return report_failure(source.error());
  std::optional<SessionKey> wanted;
  if (options.session_key) wanted = SessionKey(*options.session_key);
  const auto folded = fold_source(**source, wanted);
  if (!folded) return report_failure(with_context(folded.error(), options.source));
  if (folded->sessions.empty()) {
    return report_failure({Errc::not_found, fmt::format("{}: has session {}, not {}", options.source,
                                                        text_of(folded->all_keys), *options.session_key)});
  }
  const auto report = write_out(options, *folded);
  if (!report) return report_failure(report.error());
  print(*report);
  if (folded->broken_count > 0) {
    report_warning(fmt::format("{}: {} pieces could not be read, first: {}; see table rejected",
                               options.source, folded->broken_count, folded->first_reason));
  }
  return exit_done;
}

}  // namespace slipstream::cli
