// load: a source's bytes to tables, as files or in a DuckDB file.
#include <fmt/core.h>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <thread>

#include "cli/circuit_source.h"
#include "cli/commands.h"
#include "cli/load_files.h"
#include "cli/progress.h"
#include "cli/read_ahead.h"
#include "cli/report.h"
#include "cli/season.h"
#include "feed/find_sources.h"
#include "feed/source.h"
#include "warehouse/record_lines.h"
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
  if (options.jobs < 0) return "--jobs takes a number from 1 up";
  if (!options.db.empty() && !options.tables.empty()) {
    return "--tables goes with --out; a database always gets all tables";
  }
  if (const auto format = warehouse::parse_export_format(options.format); !format)
    return format.error().message;
  for (const std::string& name : options.tables) {
    if (record::find_table(name)) continue;
    if (warehouse::is_record_topic(name)) {
      if (options.format == "jsonl") continue;
      return fmt::format("--tables: the records of {} are JSON lines: --format jsonl", name);
    }
    std::string known;
    for (const record::TableSpec& table : record::all_tables()) known += fmt::format(" {}", table.name);
    return fmt::format("--tables: there is no table \"{}\"; there are{}, and f1_laps and f1_tele as jsonl",
                       name, known);
  }
  return std::nullopt;
}

std::string text_of(const std::vector<SessionKey>& keys) {
  std::string text;
  for (const SessionKey key : keys) text += fmt::format("{}{}", text.empty() ? "" : ", ", key.value);
  return text;
}

// How a source was read, and what came of it.
struct Reading {
  std::vector<SessionKey> all_keys;
  std::int64_t session_count = 0, broken_count = 0;
  std::string first_reason;
  std::string report;
};

// Made when there is something to load into it.
class LateDatabase {
 public:
  explicit LateDatabase(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  Result<warehouse::Warehouse*> open() {
    if (warehouse_) return warehouse_.get();
    auto opened = warehouse::open_duckdb(path_);
    if (!opened) return tl::make_unexpected(opened.error());
    warehouse_ = std::move(*opened);
    return warehouse_.get();
  }

 private:
  std::string path_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

Result<Reading> load_database(const std::string& path, const FoldPlan& plan, LateDatabase& database) {
  auto source = feed::open_source(path);
  if (!source) return tl::make_unexpected(source.error());
  ReadAhead read_ahead(std::move(*source));
  const auto folded = fold_source(read_ahead, plan);
  if (!folded) return tl::make_unexpected(with_context(folded.error(), path));
  Reading reading{
      folded->all_keys, std::ssize(folded->sessions), folded->broken_count, folded->first_reason, {}};
  if (folded->sessions.empty()) return reading;
  const auto opened = database.open();
  if (!opened) return tl::make_unexpected(opened.error());
  for (const FoldedSession& session : folded->sessions) {
    const auto counts = (*opened)->load(session.batches, {});
    if (!counts) return tl::make_unexpected(counts.error());
    reading.report += fmt::format("session {}: {} rows new, {} replaced, {} there already, in {}\n",
                                  session.session_key.value, counts->added, counts->replaced, counts->ignored,
                                  database.path());
  }
  return reading;
}

Result<Reading> load_folder(const std::string& source, const FilesPlan& plan, const std::string& folder,
                            const OnProgress& on_progress) {
  auto loaded = load_files(source, plan, folder, on_progress);
  if (!loaded) return tl::make_unexpected(loaded.error());
  Reading reading{std::move(loaded->all_keys),
                  std::ssize(loaded->sessions),
                  loaded->broken_count,
                  std::move(loaded->first_reason),
                  {}};
  for (const auto& file : loaded->files) {
    reading.report += fmt::format("{:>9} {}\n", file.row_count, file.path);
  }
  return reading;
}

int load_one(const std::string& source, const LoadOptions& options, const FilesPlan& plan,
             LateDatabase& database) {
  const auto read = [&] {
    Progress progress(fmt::format("load {}", std::filesystem::path(source).filename().string()));
    const OnProgress on_progress = [&](const feed::Source& from, SessionTime time) {
      progress.update(from.bytes_read(), from.info().bytes_total, format_session_time(time));
    };
    if (options.db.empty()) return load_folder(source, plan, options.out, on_progress);
    return load_database(source, {plan.wanted, {}, false, nullptr, plan.circuit, on_progress, true},
                         database);
  };
  const auto reading = read();
  if (!reading) return report_failure(reading.error());
  if (reading->session_count == 0) {
    return report_failure({Errc::not_found, fmt::format("{}: has session {}, not {}", source,
                                                        text_of(reading->all_keys), *options.session_key)});
  }
  print(reading->report);
  if (reading->broken_count > 0) {
    report_warning(fmt::format("{}: {} pieces could not be read, first: {}; see table rejected", source,
                               reading->broken_count, reading->first_reason));
  }
  return exit_done;
}

Result<FilesPlan> plan_of(const LoadOptions& options) {
  FilesPlan plan;
  plan.format = warehouse::parse_export_format(options.format).value_or(plan.format);
  plan.tables = options.tables;
  plan.is_partitioned_by_date = !options.partition_by.empty();
  if (options.session_key) plan.wanted = SessionKey(*options.session_key);
  if (options.circuit.empty()) return plan;
  auto circuit = read_circuit(options.circuit);
  if (!circuit) return tl::make_unexpected(circuit.error());
  plan.circuit = std::move(*circuit);
  return plan;
}

std::vector<std::string> sources_of(const LoadOptions& options) {
  std::vector<std::string> sources;
  for (const std::string& named : options.sources) {
    std::ranges::move(feed::find_sources(named), std::back_inserter(sources));
  }
  return sources;
}

// A database has one writer: one source after the other.
int load_all(const std::vector<std::string>& sources, const LoadOptions& options, const FilesPlan& plan) {
  LateDatabase database(options.db);
  int worst = exit_done;
  for (const std::string& source : sources) {
    worst = std::max(worst, load_one(source, options, plan, database));
  }
  return worst;
}

}  // namespace

int run_load(const LoadOptions& options) {
  if (const auto wrong = complaint(options)) return report_usage("load: " + *wrong);
  auto plan = plan_of(options);
  if (!plan) return report_failure(plan.error());
  const std::vector<std::string> sources = sources_of(options);
  if (!options.db.empty() || sources.size() == 1) return load_all(sources, options, *plan);
  plan->is_partitioned_by_date = true;
  const auto jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs)
                                     : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  plan->is_one_thread = jobs > 1;
  return load_season(sources, {std::move(*plan), options.circuit, options.out, jobs});
}

}  // namespace slipstream::cli
