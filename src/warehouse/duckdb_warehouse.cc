// The warehouse in DuckDB: opening, and the lock around one writing connection.
#include <fmt/core.h>
#include <unistd.h>
#include <atomic>
#include <filesystem>
#include <mutex>

#include "warehouse/batch_relations.h"
#include "warehouse/database.h"
#include "warehouse/export.h"
#include "warehouse/key_order.h"
#include "warehouse/loader.h"
#include "warehouse/offsets.h"
#include "warehouse/run_query.h"
#include "warehouse/schema.h"
#include "warehouse/session_reader.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {
namespace {

constexpr std::string_view in_memory = ":memory:";

class DuckdbWarehouse final : public Warehouse {
 public:
  DuckdbWarehouse(Database database, Connection writer, std::vector<StagingTable> tables, bool is_read_only)
      : database_(std::move(database)),
        writer_(std::move(writer)),
        loader_(writer_, std::move(tables)),
        is_read_only_(is_read_only) {}

  Result<void> prepare() { return is_read_only_ ? Result<void>{} : loader_.note_empty_tables(); }

  Result<LoadCounts> load(std::span<const record::RowBatch> batches, std::span<const StoredOffset> offsets,
                          std::span<const RejectedRecord> rejected) override {
    const std::lock_guard lock(mutex_);
    if (is_read_only_) return fail(Errc::unsupported, "the warehouse is open for reading only");
    return loader_.load(batches, offsets, rejected);
  }

  Result<std::vector<StoredOffset>> stored_offsets() override {
    const std::lock_guard lock(mutex_);
    return read_offsets(writer_);
  }

  Result<QueryResult> query(const std::string& sql) override {
    auto connection = connect();
    if (!connection) return tl::make_unexpected(std::move(connection.error()));
    if (is_single_select(*connection, sql)) return run_query(*connection, sql);
    // The statement may change what the loader knows about the tables.
    const std::lock_guard lock(mutex_);
    loader_.forget();
    return run_query(*connection, sql);
  }

  Result<std::vector<ExportedFile>> export_tables(const ExportOptions& options) override {
    const std::lock_guard lock(mutex_);  // also keeps is_in_key_order() true while files are written
    return export_source({[this] { return connect(); }, staging_name,
                          [this](const record::TableSpec& spec) { return loader_.is_in_key_order(spec); }},
                         options);
  }

  Result<void> read_session(SessionKey session_key, std::span<const std::string_view> tables,
                            const RowVisitor& visit) override {
    auto connection = connect();
    if (!connection) return tl::make_unexpected(std::move(connection.error()));
    return read_session_rows(*connection, session_key, tables, visit);
  }

 private:
  Result<Connection> connect() const {
    auto connection = database_.connect();
    if (!connection) return connection;
    SLIP_TRY(connection->run("USE f1"));
    return connection;
  }

  Database database_;
  Connection writer_;
  Loader loader_;
  bool is_read_only_;
  std::mutex mutex_;
};

std::string spill_folder(const std::string& path) {
  if (path != in_memory) return path + ".tmp";
  static std::atomic<int> count = 0;
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  return (error ? std::filesystem::path("/tmp") : folder) /
         fmt::format("slipstream-{}-{}", ::getpid(), ++count);
}

Database::Settings settings_of(const std::string& path, const DuckdbOptions& options) {
  return {{"threads", std::to_string(options.threads)},
          {"memory_limit", fmt::format("{}MB", options.memory_limit_mb)},
          {"temp_directory", spill_folder(path)},
          {"autoinstall_known_extensions", "false"},
          {"autoload_known_extensions", "false"},
          {"preserve_insertion_order", "true"}};
}

// The error of ATTACH in words of ours: which file, and what to do.
Error open_error(const std::string& path, const Error& error) {
  if (error.message.find("Could not set lock") != std::string::npos) {
    return {Errc::unavailable, fmt::format("{} is in use by another process; stop it or read a copy", path)};
  }
  if (error.message.find("not a valid DuckDB database file") != std::string::npos) {
    return {Errc::unsupported, fmt::format("{} is not a DuckDB file", path)};
  }
  return with_context(error, path);
}

Result<void> attach(Connection& connection, const std::string& path, const DuckdbOptions& options) {
  std::error_code ignored;
  if (options.is_read_only && path != in_memory && !std::filesystem::exists(path, ignored)) {
    return fail(Errc::not_found, fmt::format("{}: no such file", path));
  }
  const bool is_read_only = options.is_read_only && path != in_memory;
  auto attached =
      connection.run(fmt::format("ATTACH {} AS f1{}", quoted_text(path), is_read_only ? " (READ_ONLY)" : ""));
  if (!attached) return tl::make_unexpected(open_error(path, attached.error()));
  return connection.run("USE f1");
}

class DuckdbFileWriter final : public FileWriter {
 public:
  explicit DuckdbFileWriter(Database database) : database_(std::move(database)) {}

  Result<std::vector<ExportedFile>> write(std::span<const record::RowBatch> batches,
                                          const ExportOptions& options) override {
    SLIP_CHECK(!std::exchange(is_used_, true));  // the database would still know the first relations
    const BatchRelations relations(batches);
    auto connection = database_.connect();
    if (!connection) return tl::make_unexpected(std::move(connection.error()));
    SLIP_TRY(relations.add_to(*connection));
    return export_source({[this] { return database_.connect(); }, BatchRelations::name, is_ordinal}, options);
  }

 private:
  Database database_;
  bool is_used_ = false;
};

}  // namespace

Result<std::unique_ptr<Warehouse>> open_duckdb(const std::string& path, const DuckdbOptions& options) {
  auto database = Database::open(settings_of(path, options));
  if (!database) return tl::make_unexpected(std::move(database.error()));
  auto writer = database->connect();
  if (!writer) return tl::make_unexpected(std::move(writer.error()));
  SLIP_TRY(attach(*writer, path, options));
  if (!options.is_read_only) SLIP_TRY(ensure_schema(*writer));
  Result<std::vector<StagingTable>> tables;
  if (path != in_memory || !options.is_read_only) tables = read_schema(*writer);  // else there are none
  if (!tables) return tl::make_unexpected(with_context(std::move(tables.error()), path));
  auto warehouse = std::make_unique<DuckdbWarehouse>(std::move(*database), std::move(*writer),
                                                     std::move(*tables), options.is_read_only);
  SLIP_TRY(warehouse->prepare());
  return warehouse;
}

Result<std::unique_ptr<FileWriter>> open_file_writer() {
  auto database = Database::open(settings_of(std::string(in_memory), {}));
  if (!database) return tl::make_unexpected(std::move(database.error()));
  return std::make_unique<DuckdbFileWriter>(std::move(*database));
}

}  // namespace slipstream::warehouse
