#include "warehouse/packed_files.h"

#include <optional>
#include <string>

#include "warehouse/export.h"

namespace slipstream::warehouse {
namespace {

class PackedWriter {
 public:
  PackedWriter(const RowGroupStore& packed, const ExportOptions& options)
      : packed_(packed), options_(options) {}

  Result<void> write(const record::TableSpec& table, const SessionDate* session) {
    const auto file = begin_file(table.name, options_, session);
    if (!file) return tl::make_unexpected(file.error());
    pending_.push_back(*file);
    const auto key = session ? std::optional(session->session_key) : std::nullopt;
    const auto row_count = packed_.write(table, file->partial, key);
    if (!row_count) return tl::make_unexpected(with_context(row_count.error(), file->final));
    files_.push_back({std::string(table.name), file->final, *row_count, key.value_or(SessionKey())});
    return {};
  }
  Result<std::vector<ExportedFile>> finish(const Result<void>& written) {
    if (!written) {
      drop_files(pending_);
      return tl::make_unexpected(written.error());
    }
    SLIP_TRY(end_files(pending_));
    return std::move(files_);
  }

 private:
  const RowGroupStore& packed_;
  const ExportOptions& options_;
  std::vector<PendingFile> pending_;
  std::vector<ExportedFile> files_;
};

}  // namespace

Result<std::vector<ExportedFile>> write_packed(const RowGroupStore& packed,
                                               std::span<const SessionDate> sessions,
                                               const ExportOptions& options) {
  SLIP_CHECK(options.format == ExportFormat::parquet);
  const auto tables = chosen_tables(options.tables);
  if (!tables) return tl::make_unexpected(tables.error());
  PackedWriter writer(packed, options);
  const auto write_all = [&]() -> Result<void> {
    for (const record::TableSpec* table : *tables) {
      if (!options.is_partitioned_by_date) {
        SLIP_TRY(writer.write(*table, nullptr));
        continue;
      }
      for (const SessionDate& session : sessions) SLIP_TRY(writer.write(*table, &session));
    }
    return {};
  };
  return writer.finish(write_all());
}

}  // namespace slipstream::warehouse
