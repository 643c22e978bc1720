#include "cli/load_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "cli/read_ahead.h"
#include "session/feed_topics.h"
#include "warehouse/packed_files.h"
#include "warehouse/record_lines.h"
#include "warehouse/row_group_store.h"

namespace slipstream::cli {
namespace {

using Files = Result<std::vector<warehouse::ExportedFile>>;
using StartedWriter = std::future<Result<std::unique_ptr<warehouse::FileWriter>>>;

// The tables whose rows are kept; empty: all.
std::vector<std::string> tables_to_keep(const FilesPlan& plan) {
  std::vector<std::string> tables;
  for (const std::string& name : plan.tables) {
    const bool is_topic = warehouse::is_record_topic(name);
    tables.emplace_back(is_topic ? warehouse::table_of_topic(name).name : std::string_view(name));
  }
  if (!tables.empty() && plan.is_partitioned_by_date) tables.emplace_back("sessions");  // has the date
  return tables;
}

Result<FoldedSource> fold(const std::string& path, const FilesPlan& plan, const OnProgress& on_progress,
                          warehouse::RowGroupStore* packed) {
  const std::vector<std::string> tables = tables_to_keep(plan);
  auto source = feed::open_source(path, {.topics = session::needs_of(tables).feed_topics});
  if (!source) return tl::make_unexpected(source.error());
  if (!plan.is_one_thread) *source = std::make_unique<ReadAhead>(std::move(*source));
  const bool is_beside = !plan.is_one_thread;
  auto folded =
      fold_source(**source, {plan.wanted, tables, true, packed, plan.circuit, on_progress, is_beside});
  if (!folded) return tl::make_unexpected(with_context(folded.error(), path));
  std::ranges::stable_sort(folded->sessions, {}, &FoldedSession::session_key);
  return folded;
}

// The first that comes twice.
std::optional<SessionKey> session_twice(const FoldedSource& folded) {
  const auto twice = std::ranges::adjacent_find(folded.sessions, {}, &FoldedSession::session_key);
  return twice == folded.sessions.end() ? std::nullopt : std::optional(twice->session_key);
}

// A session that comes twice has to be merged, as a warehouse does.
Files merge_and_write(const FoldedSource& folded, const warehouse::ExportOptions& options) {
  auto merged = warehouse::open_duckdb(":memory:");
  if (!merged) return tl::make_unexpected(merged.error());
  for (const FoldedSession& session : folded.sessions) SLIP_TRY((*merged)->load(session.batches, {}));
  return (*merged)->export_tables(options);
}

// Behind `files`, those of the topics among `names`.
Result<void> write_topics(const FoldedSource& folded, const std::vector<std::string>& names,
                          std::span<const record::RowBatch> batches, const warehouse::ExportOptions& options,
                          std::vector<warehouse::ExportedFile>& files) {
  for (const std::string& name : names) {
    if (!warehouse::is_record_topic(name)) continue;
    const auto add = [&](const warehouse::SessionDate* session) -> Result<void> {
      auto file = warehouse::write_record_lines(name, batches, options, session);
      if (!file) return tl::make_unexpected(file.error());
      files.push_back(std::move(*file));
      return {};
    };
    if (!options.is_partitioned_by_date) {
      SLIP_TRY(add(nullptr));
      continue;
    }
    for (const FoldedSession& session : folded.sessions) {
      const warehouse::SessionDate date{session.session_key, session.date};
      SLIP_TRY(add(&date));
    }
  }
  return {};
}

Files write(FoldedSource& folded, warehouse::ExportOptions options, StartedWriter started) {
  const auto writer = started.get();
  if (!writer) return tl::make_unexpected(writer.error());
  const std::vector<std::string> names = options.tables;
  std::erase_if(options.tables, warehouse::is_record_topic);
  const bool has_topics = options.tables.size() < names.size();
  const bool has_tables = names.empty() || !options.tables.empty();
  if (const auto twice = session_twice(folded)) {
    if (!has_topics) return merge_and_write(folded, options);
    return fail(Errc::unsupported,
                fmt::format("session {} comes twice in the source; its lines of f1_laps and f1_tele "
                            "cannot be merged, its tables can",
                            twice->value));
  }
  std::vector<record::RowBatch> batches;
  for (FoldedSession& session : folded.sessions) {
    std::ranges::move(session.batches, std::back_inserter(batches));
  }
  std::vector<warehouse::ExportedFile> files;
  if (has_tables) {
    auto written = (*writer)->write(batches, options);
    if (!written) return written;
    files = std::move(*written);
  }
  SLIP_TRY(write_topics(folded, names, batches, options, files));
  return files;
}

Files write_packed(const FoldedSource& folded, const warehouse::ExportOptions& options,
                   warehouse::RowGroupStore& packed) {
  packed.finish();
  std::vector<warehouse::SessionDate> sessions;
  sessions.reserve(folded.sessions.size());
  for (const FoldedSession& session : folded.sessions) {
    sessions.push_back({session.session_key, session.date});
  }
  return warehouse::write_packed(packed, sessions, options);
}

std::vector<LoadedSession> sessions_of(const FoldedSource& folded) {
  std::vector<LoadedSession> sessions;
  for (const FoldedSession& session : folded.sessions) {
    if (sessions.empty() || sessions.back().session_key != session.session_key) {
      sessions.push_back({session.session_key, session.build, session.date});
    } else {
      sessions.back().build = std::max(sessions.back().build, session.build);
    }
  }
  return sessions;
}

Result<LoadedFiles> result_of(FoldedSource folded, Files files) {
  if (!files) return tl::make_unexpected(files.error());
  return LoadedFiles{sessions_of(folded), std::move(*files), std::move(folded.all_keys), folded.broken_count,
                     std::move(folded.first_reason)};
}

}  // namespace

Result<LoadedFiles> load_files(const std::string& source, const FilesPlan& plan, const std::string& folder,
                               const OnProgress& on_progress) {
  const warehouse::ExportOptions options{folder, plan.format, plan.tables, plan.is_partitioned_by_date};
  const auto is_nothing = [](const Result<FoldedSource>& folded) {
    return !folded || folded->sessions.empty();
  };
  const auto nothing = [](Result<FoldedSource> folded) -> Result<LoadedFiles> {
    if (!folded) return tl::make_unexpected(folded.error());
    return result_of(std::move(*folded), Files());
  };
  if (plan.format == warehouse::ExportFormat::parquet) {
    using Packing = warehouse::RowGroupStore::Packing;
    warehouse::RowGroupStore packed(plan.is_one_thread ? Packing::in_place : Packing::beside);
    auto folded = fold(source, plan, on_progress, &packed);
    if (is_nothing(folded)) return nothing(std::move(folded));
    if (!session_twice(*folded)) {
      auto files = write_packed(*folded, options, packed);
      return result_of(std::move(*folded), std::move(files));
    }
  }
  StartedWriter writer = std::async(std::launch::async, warehouse::open_file_writer);
  auto folded = fold(source, plan, on_progress, nullptr);
  if (is_nothing(folded)) return nothing(std::move(folded));
  auto files = write(*folded, options, std::move(writer));
  return result_of(std::move(*folded), std::move(files));
}

}  // namespace slipstream::cli
