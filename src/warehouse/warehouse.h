// The warehouse: staging tables that hold, per key, the record that counts, and the offsets they came from.
//
// Schemas `staging` and `marts` of database `f1`; a staging table is `staging.stg_<table>` for every table of
// record::all_tables(): its columns, then build, revision, _topic, _partition, _offset, _create_date (UTC
// instant of publishing) and _loaded_date. Per key the highest (build, revision) counts, a withdrawn record
// removes its key (docs/tables.md, "Build and revision"). When all that a build's manifest counts is there,
// rows of earlier builds that it does not name go (warehouse/settle.h). Loading the same records again
// changes nothing, and any order of loading ends in the same rows.
//
// One implementation, DuckDB: a file has one writing process, and inside it one Warehouse.
// Thread rule: any thread may call any function; loads and exports run one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "record/batch.h"
#include "record/table.h"
#include "warehouse/query_result.h"

namespace slipstream::warehouse {

// The next record that a sink wants of a partition of the log with this identity (bus::Bus::identity).
struct StoredOffset {
  std::string log_identity;
  std::string topic;
  Partition partition;
  Offset next;
  bool operator==(const StoredOffset&) const = default;
};

// A bus record that could not be read, kept with its reason in staging.stg_rejected_records.
struct RejectedRecord {
  std::string topic;
  Partition partition;
  Offset offset;
  std::string reason;
  std::string raw;  // as it came; at most limits::rejected_raw_bytes_max of it are kept
};

// What one load() did, in rows.
struct LoadCounts {
  std::int64_t added = 0;      // keys that were not there before
  std::int64_t replaced = 0;   // by a higher (build, revision)
  std::int64_t withdrawn = 0;  // keys removed, by their own withdrawal or by the manifest of a later build
  std::int64_t ignored = 0;    // records that lost against what is stored, or are stored already
  LoadCounts& operator+=(const LoadCounts& other);
  bool operator==(const LoadCounts&) const = default;
};

enum class ExportFormat { parquet, csv, jsonl };
std::string_view to_string(ExportFormat format);
// Errors: malformed, names the three formats.
Result<ExportFormat> parse_export_format(std::string_view text);

struct ExportOptions {
  std::string folder;  // made if it is not there
  ExportFormat format = ExportFormat::parquet;
  std::vector<std::string> tables;  // empty: all
  // FOLDER/<table>/date=YYYY-MM-DD/session_key=N/data_0.<format>, the date of the session's scheduled start
  // in UTC (of zero_date where there is none, `unknown` without both), instead of FOLDER/<table>.<format>.
  bool is_partitioned_by_date = false;
};

struct ExportedFile {
  std::string table;
  std::string path;
  std::int64_t row_count = 0;
  SessionKey session_key = {};  // whose rows a partitioned file has
};

// Where the rows of a session go in partitioned files.
struct SessionDate {
  SessionKey session_key;
  std::string date;  // "2025-10-25", or "unknown"
};

// A row of staging: what was loaded under its key.
struct StagingRow {
  record::AnyRow row;
  std::string_view build;  // valid during the call that hands the row over
  record::Envelope envelope;
};
using RowVisitor = std::function<void(StagingRow&& row)>;

class Warehouse {
 public:
  virtual ~Warehouse() = default;

  // Rows, rejects and offsets in one transaction: all of them or, on error, none. May be repeated after any
  // error. A partition's stored offset never goes back. Errors: conflict, the stored offsets belong to a log
  // of another identity; unavailable, disk or file.
  virtual Result<LoadCounts> load(std::span<const record::RowBatch> batches,
                                  std::span<const StoredOffset> offsets,
                                  std::span<const RejectedRecord> rejected) = 0;
  Result<LoadCounts> load(std::span<const record::RowBatch> batches, std::span<const StoredOffset> offsets) {
    return load(batches, offsets, {});
  }

  virtual Result<std::vector<StoredOffset>> stored_offsets() = 0;

  // Any SQL of the backend; of several statements the last one's result.
  virtual Result<QueryResult> query(const std::string& sql) = 0;

  // Writes the tables' own columns (docs/tables.md), rows in key order. Files are written under another name
  // and renamed at the end, so that an error leaves what was there before. Errors: not_found, no table of
  // that name; unavailable, names the folder or file.
  virtual Result<std::vector<ExportedFile>> export_tables(const ExportOptions& options) = 0;

  // Hands over the rows of one session, table by table in the order of record::all_tables(), in key order.
  // `tables` empty: all. Errors: not_found, no table of that name.
  virtual Result<void> read_session(SessionKey session_key, std::span<const std::string_view> tables,
                                    const RowVisitor& visit) = 0;
};

struct DuckdbOptions {
  bool is_read_only = false;
  // Of one query. 1 costs the least CPU and memory for loads, and exports run two tables side by side anyway;
  // a program that mostly asks questions takes more.
  int threads = 1;
  int memory_limit_mb = 192;  // DuckDB's own; beyond it DuckDB spills to <file>.tmp
};

// Opens or creates the file, or a database that lives as long as the Warehouse with ":memory:".
// Errors: not_found, read-only and no such file; unavailable, another process has it open for writing, or the
// folder is missing or not writable; unsupported, not a DuckDB file, or columns of another type.
Result<std::unique_ptr<Warehouse>> open_duckdb(const std::string& path, const DuckdbOptions& options = {});

// Writes rows that are in no warehouse as files: those of a warehouse that loaded just them. Parquet needs
// neither (packed_files.h).
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  // As Warehouse::export_tables; once. A table's batches hold every key once (of one whose record is
  // withdrawn there is no row), and are in key order if its keys are numbers.
  virtual Result<std::vector<ExportedFile>> write(std::span<const record::RowBatch> batches,
                                                  const ExportOptions& options) = 0;
};

// Starts what writes the files, so that it may be started before there are rows. Errors: unsupported.
Result<std::unique_ptr<FileWriter>> open_file_writer();

}  // namespace slipstream::warehouse
