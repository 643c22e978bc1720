// load: a source's bytes to tables, as files or in a DuckDB file.
#include <fmt/core.h>
#include <optional>

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/session_rows.h"
#include "feed/source.h"
#include "session/engine.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

struct Folded {
  std::vector<record::RowBatch> batches;
  SessionKey session_key;
  std::string build;
  std::int64_t message_count = 0;
  std::int64_t broken_count = 0;
  std::string first_reason;  // of the first broken piece
};

Result<Folded> fold_source(feed::Source& source) {
  session::Engine engine({source.info().name, source.info().kind});
  session::Output output;
  SessionRows rows;
  Folded folded;
  feed::SourceItem item;
  Progress progress(fmt::format("load {}", source.info().name));
  while (true) {
    const auto has_item = source.next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) break;
    if (const auto* message = std::get_if<feed::Message>(&item)) {
      engine.apply(*message, output);
      if (++folded.message_count % 256 == 0) {
        progress.update(source.bytes_read(), source.info().bytes_total,
                        format_session_time(message->session_time));
      }
    } else {
      const auto& broken = std::get<feed::BrokenInput>(item);
      if (folded.broken_count++ == 0) folded.first_reason = broken.reason;
      engine.reject(broken, output);
    }
    rows.take(output);
  }
  if (folded.message_count == 0) {
    return fail(Errc::malformed, fmt::format("no message could be decoded ({})", folded.first_reason));
  }
  engine.finish(output);
  rows.take(output);
  folded.session_key = engine.session_key();
  folded.build = engine.build();
  folded.batches = std::move(rows).finish(folded.build);
  return folded;
}

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

Result<std::string> write_out(const LoadOptions& options, const Folded& folded) {
  const auto format = warehouse::parse_export_format(options.format);
  if (!format) return tl::make_unexpected(format.error());
  const warehouse::ExportOptions exports{options.out, *format, options.tables,
                                         options.partition_by == "date"};
  auto opened = warehouse::open_duckdb(options.db.empty() ? ":memory:" : options.db);
  if (!opened) return tl::make_unexpected(opened.error());
  warehouse::Warehouse& target = **opened;
  const auto counts = target.load(folded.batches, {});
  if (!counts) return tl::make_unexpected(counts.error());
  if (!options.db.empty()) {
    return fmt::format("session {}: {} rows new, {} replaced, {} there already, in {}\n",
                       folded.session_key.value, counts->added, counts->replaced, counts->ignored,
                       options.db);
  }
  const auto files = target.export_tables(exports);
  if (!files) return tl::make_unexpected(files.error());
  std::string report;
  for (const auto& file : *files) report += fmt::format("{:>9} {}\n", file.row_count, file.path);
  return report;
}

}  // namespace

int run_load(const LoadOptions& options) {
  if (const auto wrong = complaint(options)) return report_usage("load: " + *wrong);
  auto source = feed::open_source(options.source);
  if (!source) return report_failure(source.error());
  const auto folded = fold_source(**source);
  if (!folded) return report_failure(with_context(folded.error(), options.source));
  if (options.session_key && *options.session_key != folded->session_key.value) {
    return report_failure({Errc::not_found, fmt::format("{}: has session {}, not {}", options.source,
                                                        folded->session_key.value, *options.session_key)});
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
