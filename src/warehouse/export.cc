#include "warehouse/export.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <thread>

#include "warehouse/schema.h"

namespace slipstream::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr int export_threads = 2;

// One COPY into one file.
struct Job {
  const record::TableSpec* spec;
  SessionKey session_key;  // of a partition
  std::string select;
  PendingFile file;
  std::int64_t row_count = 0;
};

Error file_error(const fs::path& path, const std::error_code& error) {
  return {Errc::unavailable, fmt::format("{}: {}", path.string(), error.message())};
}

Result<void> make_writable_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return tl::make_unexpected(file_error(folder, error));
  if (::access(folder.c_str(), W_OK) != 0) {
    return tl::make_unexpected(file_error(folder, std::error_code(errno, std::generic_category())));
  }
  return {};
}

std::string select_of(const ExportSource& source, const record::TableSpec& spec, ExportFormat format,
                      const SessionDate* session) {
  std::string columns;
  for (const record::ColumnSpec& column : spec.columns) {
    const std::string name = quoted_name(column.name);
    columns += columns.empty() ? "" : ", ";
    if (column.type == record::ColumnType::date && format != ExportFormat::parquet) {
      columns += fmt::format("strftime(t.{0}, '%Y-%m-%dT%H:%M:%S.%gZ') AS {0}", name);
    } else {
      columns += fmt::format("t.{}", name);
    }
  }
  if (spec.name == "laps") columns += ", t.revision";
  std::string sql = fmt::format("SELECT {} FROM {} AS t", columns, source.relation(spec));
  if (session != nullptr) sql += fmt::format(" WHERE t.session_key = {}", session->session_key.value);
  if (!source.is_in_key_order(spec)) sql += fmt::format(" ORDER BY {}", key_list(spec, "t."));
  return sql;
}

std::string_view copy_options(ExportFormat format) {
  switch (format) {
    case ExportFormat::parquet: return "FORMAT parquet, COMPRESSION zstd";
    case ExportFormat::csv:
      return R"(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')";
    case ExportFormat::jsonl: break;
  }
  return "FORMAT json, ARRAY false";
}

// Every session that has rows in any of the tables.
Result<std::vector<SessionDate>> session_folders(Connection& connection, const ExportSource& source,
                                                 const std::vector<const record::TableSpec*>& tables) {
  const std::string sessions = source.relation(record::table_of<record::Session>());
  std::string keys = fmt::format("SELECT session_key FROM {}", sessions);
  for (const record::TableSpec* spec : tables) {
    keys += fmt::format(" UNION SELECT session_key FROM {}", source.relation(*spec));
  }
  auto rows = connection.query(fmt::format(
      "SELECT k.session_key, coalesce(strftime(coalesce(s.start_date, s.zero_date), '%Y-%m-%d'), 'unknown') "
      "FROM ({}) AS k LEFT JOIN {} AS s USING (session_key) ORDER BY k.session_key",
      keys, sessions));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  std::vector<SessionDate> folders;
  while (const OwnedChunk chunk = rows->next()) {
    const VectorView key(duckdb_data_chunk_get_vector(chunk.get(), 0));
    const VectorView date(duckdb_data_chunk_get_vector(chunk.get(), 1));
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      folders.push_back({SessionKey(key.at<std::int64_t>(row)), std::string(date.text(row))});
    }
  }
  return folders;
}

Result<std::vector<Job>> plan(const ExportSource& source, const ExportOptions& options) {
  const auto tables = chosen_tables(options.tables);
  if (!tables) return tl::make_unexpected(tables.error());
  SLIP_TRY(make_writable_folder(options.folder));
  std::vector<Job> jobs;
  const auto add = [&](const record::TableSpec& spec, const SessionDate* session) -> Result<void> {
    auto file = begin_file(spec.name, options, session);
    if (!file) return tl::make_unexpected(file.error());
    jobs.push_back({&spec, session ? session->session_key : SessionKey(),
                    select_of(source, spec, options.format, session), std::move(*file)});
    return {};
  };
  if (!options.is_partitioned_by_date) {
    for (const record::TableSpec* spec : *tables) SLIP_TRY(add(*spec, nullptr));
    return jobs;
  }
  auto connection = source.connect();
  if (!connection) return tl::make_unexpected(std::move(connection.error()));
  const auto sessions = session_folders(*connection, source, *tables);
  if (!sessions) return tl::make_unexpected(sessions.error());
  for (const record::TableSpec* spec : *tables) {
    for (const SessionDate& session : *sessions) SLIP_TRY(add(*spec, &session));
  }
  return jobs;
}

// Works through the jobs with a few connections; the first error ends it.
Result<void> run_jobs(const ExportSource& source, ExportFormat format, std::vector<Job>& jobs) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Result<void> outcome;
  const auto fail_with = [&](Error error) {
    const std::lock_guard lock(mutex);
    if (outcome) outcome = tl::make_unexpected(std::move(error));
    next = jobs.size();
  };
  const auto work = [&] {
    auto connection = source.connect();
    if (!connection) return fail_with(std::move(connection.error()));
    for (std::size_t at = next++; at < jobs.size(); at = next++) {
      Job& job = jobs[at];
      const auto count = connection->change(fmt::format("COPY ({}) TO {} ({})", job.select,
                                                        quoted_text(job.file.partial), copy_options(format)));
      if (!count) return fail_with(with_context(count.error(), job.file.final));
      job.row_count = *count;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int thread = 1; thread < export_threads; ++thread) threads.emplace_back(work);
    work();
  }
  return outcome;
}

}  // namespace

Result<std::vector<const record::TableSpec*>> chosen_tables(const std::vector<std::string>& names) {
  std::vector<const record::TableSpec*> chosen;
  for (const record::TableSpec& spec : record::all_tables()) {
    if (names.empty() || std::ranges::find(names, spec.name) != names.end()) chosen.push_back(&spec);
  }
  for (const std::string& name : names) {
    if (record::find_table(name) != nullptr) continue;
    std::string known;
    for (const record::TableSpec& spec : record::all_tables()) {
      known += fmt::format("{}{}", known.empty() ? "" : ", ", spec.name);
    }
    return fail(Errc::not_found, fmt::format("no table named '{}'; there are {}", name, known));
  }
  return chosen;
}

Result<PendingFile> begin_file(std::string_view name, const ExportOptions& options,
                               const SessionDate* session) {
  fs::path folder(options.folder);
  std::string file = fmt::format("{}.{}", name, to_string(options.format));
  if (session != nullptr) {
    folder = folder / name / fmt::format("date={}", session->date) /
             fmt::format("session_key={}", session->session_key.value);
    file = fmt::format("data_0.{}", to_string(options.format));
  }
  SLIP_TRY(make_writable_folder(folder));
  return PendingFile{(folder / fmt::format(".{}.{}.partial", file, ::getpid())).string(),
                     (folder / file).string()};
}

Result<void> end_files(std::span<const PendingFile> files) {
  for (const PendingFile& file : files) {
    std::error_code error;
    fs::rename(file.partial, file.final, error);
    if (!error) continue;
    drop_files(files);
    return tl::make_unexpected(file_error(file.final, error));
  }
  return {};
}

void drop_files(std::span<const PendingFile> files) {
  for (const PendingFile& file : files) {
    std::error_code ignored;
    fs::remove(file.partial, ignored);
  }
}

std::string_view to_string(ExportFormat format) {
  switch (format) {
    case ExportFormat::parquet: return "parquet";
    case ExportFormat::csv: return "csv";
    case ExportFormat::jsonl: break;
  }
  return "jsonl";
}

Result<ExportFormat> parse_export_format(std::string_view text) {
  for (const ExportFormat format : {ExportFormat::parquet, ExportFormat::csv, ExportFormat::jsonl}) {
    if (to_string(format) == text) return format;
  }
  return fail(Errc::malformed, fmt::format("unknown format '{}': parquet, csv or jsonl", text));
}

Result<std::vector<ExportedFile>> export_source(const ExportSource& source, const ExportOptions& options) {
  auto jobs = plan(source, options);
  if (!jobs) return tl::make_unexpected(std::move(jobs.error()));
  const auto outcome = run_jobs(source, options.format, *jobs);
  std::vector<PendingFile> pending;
  for (const Job& job : *jobs) pending.push_back(job.file);
  if (!outcome) {
    drop_files(pending);
    return tl::make_unexpected(outcome.error());
  }
  SLIP_TRY(end_files(pending));
  std::vector<ExportedFile> files;
  for (const Job& job : *jobs)
    files.push_back({std::string(job.spec->name), job.file.final, job.row_count, job.session_key});
  return files;
}

}  // namespace slipstream::warehouse
