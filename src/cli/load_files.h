// One source read into files, one a table, or one a table and session below Hive folders.
//
// Parquet is written without a database, CSV and JSON lines by DuckDB, which starts while the source is read.
// Thread rule: safe from several threads at a time for different folders.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/fold_source.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {

struct FilesPlan {
  warehouse::ExportFormat format = warehouse::ExportFormat::parquet;
  std::vector<std::string> tables;  // empty: all; as JSON lines also f1_laps and f1_tele (record_lines.h)
  bool is_partitioned_by_date = false;
  std::optional<SessionKey> wanted;  // only this session
  std::shared_ptr<const session::KnownCircuit> circuit;
  bool is_one_thread = false;  // other sources keep the cores busy
};

struct LoadedSession {
  SessionKey session_key;
  std::string build, date;
};

struct LoadedFiles {
  std::vector<LoadedSession> sessions;  // those that were asked for, in the order of their keys
  std::vector<warehouse::ExportedFile> files;
  std::vector<SessionKey> all_keys;  // of the source
  std::int64_t broken_count = 0;
  std::string first_reason;  // of the first broken piece
};

// Writes `source` below `folder`, which is made if it is not there; nothing where no session was asked for.
// Errors: those of feed::open_source, fold_source and Warehouse::export_tables.
Result<LoadedFiles> load_files(const std::string& source, const FilesPlan& plan, const std::string& folder,
                               const OnProgress& on_progress);

}  // namespace slipstream::cli
