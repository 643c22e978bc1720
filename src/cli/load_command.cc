// load: a source's bytes to tables, as files or in a DuckDB file.
#include <fmt/core.h>
#include <algorithm>
#include <future>
#include <iterator>
#include <optional>

#include "cli/commands.h"
#include "cli/fold_source.h"
#include "cli/read_ahead.h"
#include "cli/report.h"
#include "feed/source.h"
#include "session/feed_topics.h"
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

// The tables whose rows are kept; empty: all.
std::vector<std::string> tables_to_keep(const LoadOptions& options) {
  std::vector<std::string> tables = options.tables;
  if (!tables.empty() && !options.partition_by.empty()) tables.emplace_back("sessions");  // has the date
  return tables;
}

using StartedWriter = std::future<Result<std::unique_ptr<warehouse::FileWriter>>>;
using Files = Result<std::vector<warehouse::ExportedFile>>;

// A session that comes twice has to be merged, as a warehouse does.
Files merge_and_write(const std::vector<FoldedSession>& sessions, const warehouse::ExportOptions& options) {
  auto merged = warehouse::open_duckdb(":memory:");
  if (!merged) return tl::make_unexpected(merged.error());
  for (const FoldedSession& session : sessions) SLIP_TRY((*merged)->load(session.batches, {}));
  return (*merged)->export_tables(options);
}

Files write(std::vector<FoldedSession> sessions, const warehouse::ExportOptions& options,
            StartedWriter started) {
  const auto writer = started.get();
  if (!writer) return tl::make_unexpected(writer.error());
  std::ranges::sort(sessions, {}, &FoldedSession::session_key);
  if (std::ranges::adjacent_find(sessions, {}, &FoldedSession::session_key) != sessions.end())
    return merge_and_write(sessions, options);
  std::vector<record::RowBatch> batches;
  for (FoldedSession& session : sessions) std::ranges::move(session.batches, std::back_inserter(batches));
  return (*writer)->write(batches, options);
}

Result<std::string> write_files(const LoadOptions& options, FoldedSource folded, StartedWriter writer) {
  const auto format = warehouse::parse_export_format(options.format);
  if (!format) return tl::make_unexpected(format.error());
  const auto files =
      write(std::move(folded.sessions),
            {options.out, *format, options.tables, options.partition_by == "date"}, std::move(writer));
  if (!files) return tl::make_unexpected(files.error());
  std::string report;
  for (const auto& file : *files) report += fmt::format("{:>9} {}\n", file.row_count, file.path);
  return report;
}

Result<std::string> write_database(const LoadOptions& options, const FoldedSource& folded) {
  auto opened = warehouse::open_duckdb(options.db);
  if (!opened) return tl::make_unexpected(opened.error());
  std::string report;
  for (const FoldedSession& session : folded.sessions) {
    const auto counts = (*opened)->load(session.batches, {});
    if (!counts) return tl::make_unexpected(counts.error());
    report +=
        fmt::format("session {}: {} rows new, {} replaced, {} there already, in {}\n",
                    session.session_key.value, counts->added, counts->replaced, counts->ignored, options.db);
  }
  return report;
}

}  // namespace

int run_load(const LoadOptions& options) {
  if (const auto wrong = complaint(options)) return report_usage("load: " + *wrong);
  const std::vector<std::string> tables = tables_to_keep(options);
  auto source = feed::open_source(options.source, {.topics = session::needs_of(tables).feed_topics});
  if (!source) return report_failure(source.error());
  StartedWriter writer;  // starts while the session is read
  if (options.db.empty()) writer = std::async(std::launch::async, warehouse::open_file_writer);
  ReadAhead read_ahead(std::move(*source));
  std::optional<SessionKey> wanted;
  if (options.session_key) wanted = SessionKey(*options.session_key);
  auto folded = fold_source(read_ahead, {wanted, tables, options.db.empty()});
  if (!folded) return report_failure(with_context(folded.error(), options.source));
  if (folded->sessions.empty()) {
    return report_failure({Errc::not_found, fmt::format("{}: has session {}, not {}", options.source,
                                                        text_of(folded->all_keys), *options.session_key)});
  }
  const std::string warning = fmt::format("{}: {} pieces could not be read, first: {}; see table rejected",
                                          options.source, folded->broken_count, folded->first_reason);
  const bool is_whole = folded->broken_count == 0;
  const auto report = options.db.empty() ? write_files(options, std::move(*folded), std::move(writer))
                                         : write_database(options, *folded);
  if (!report) return report_failure(report.error());
  print(*report);
  if (!is_whole) report_warning(warning);
  return exit_done;
}

}  // namespace slipstream::cli
