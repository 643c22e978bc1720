#include "warehouse/parquet_file.h"

#include <fmt/core.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

#include "warehouse/compact_writer.h"

namespace slipstream::warehouse {
namespace {

using Type = CompactWriter::Type;

constexpr std::string_view magic = "PAR1";
constexpr int codec_zstd = 6;

// What of ConvertedType says more than the type does.
std::optional<int> converted_type(record::ColumnType type) {
  switch (type) {
    case record::ColumnType::text: return 0;    // UTF8
    case record::ColumnType::date: return 9;    // TIMESTAMP_MILLIS
    case record::ColumnType::int32: return 17;  // INT_32
    case record::ColumnType::int64: return 18;  // INT_64
    default: return std::nullopt;
  }
}

// LogicalType TIMESTAMP in milliseconds, not adjusted to UTC: DuckDB's TIMESTAMP_MS, as in the other tables.
void write_timestamp(CompactWriter& out) {
  out.begin(10);
  out.begin(8);
  out.boolean(1, false);
  out.begin(2);
  out.begin(1);
  out.end();
  out.end();
  out.end();
  out.end();
}

using Columns = std::vector<record::ColumnSpec>;

void write_schema(CompactWriter& out, const Columns& columns) {
  out.list(2, Type::structure, columns.size() + 1);
  out.begin();
  out.binary(4, "slipstream_schema");
  out.i32(5, static_cast<std::int32_t>(columns.size()));
  out.end();
  for (const record::ColumnSpec& column : columns) {
    out.begin();
    out.i32(1, static_cast<std::int32_t>(parquet_type_of(column.type)));
    out.i32(3, 1);  // OPTIONAL
    out.binary(4, column.name);
    if (const auto converted = converted_type(column.type)) out.i32(6, *converted);
    if (column.type == record::ColumnType::date) write_timestamp(out);
    out.end();
  }
}

// Columns by which rows are looked for, and by whose range a reader leaves groups out. Ranges of the others
// would be most of the footer, which is read before the first row.
bool is_looked_for(const record::ColumnSpec& column) {
  return column.is_key || column.name == "lap_number" || column.name == "session_time_ms";
}

void write_statistics(CompactWriter& out, const ColumnChunk& chunk) {
  out.begin(12);
  out.i64(3, chunk.null_count);
  if (chunk.greatest) out.binary(5, *chunk.greatest);
  if (chunk.least) out.binary(6, *chunk.least);
  out.end();
}

void write_chunk(CompactWriter& out, const ColumnChunk& chunk, const record::ColumnSpec& column,
                 const RowGroup& group, std::int64_t group_offset) {
  out.begin();
  out.i64(2, group_offset + chunk.dictionary_offset.value_or(chunk.data_offset));
  out.begin(3);
  out.i32(1, static_cast<std::int32_t>(parquet_type_of(column.type)));
  out.list(2, Type::i32, chunk.encodings.size());
  for (const ParquetEncoding encoding : chunk.encodings) out.element(static_cast<std::int32_t>(encoding));
  out.list(3, Type::binary, 1);
  out.element(column.name);
  out.i32(4, codec_zstd);
  out.i64(5, group.row_count);
  out.i64(6, chunk.uncompressed_size);
  out.i64(7, chunk.size);
  out.i64(9, group_offset + chunk.data_offset);
  if (chunk.dictionary_offset) out.i64(11, group_offset + *chunk.dictionary_offset);
  if (is_looked_for(column)) write_statistics(out, chunk);
  out.end();
  out.end();
}

void write_group(CompactWriter& out, const RowGroup& group, const Columns& columns, std::int64_t offset) {
  out.begin();
  out.list(1, Type::structure, group.columns.size());
  std::int64_t uncompressed_size = 0;
  for (std::size_t i = 0; i < group.columns.size(); ++i) {
    write_chunk(out, group.columns[i], columns[i], group, offset);
    uncompressed_size += group.columns[i].uncompressed_size;
  }
  out.i64(2, uncompressed_size);
  out.i64(3, group.row_count);
  out.i64(5, offset);
  out.i64(6, static_cast<std::int64_t>(group.bytes.size()));
  out.end();
}

std::string footer(const record::TableSpec& table, std::span<const RowGroup* const> groups) {
  const Columns columns = file_columns(table);
  std::string bytes;
  CompactWriter out(bytes);
  std::int64_t row_count = 0, offset = magic.size();
  for (const RowGroup* group : groups) row_count += group->row_count;
  out.begin();
  out.i32(1, 1);
  write_schema(out, columns);
  out.i64(3, row_count);
  out.list(4, Type::structure, groups.size());
  for (const RowGroup* group : groups) {
    write_group(out, *group, columns, offset);
    offset += static_cast<std::int64_t>(group->bytes.size());
  }
  out.binary(6, fmt::format("slipstream version {}", SLIPSTREAM_VERSION));
  out.end();
  const auto size = static_cast<std::uint32_t>(bytes.size());
  char size_bytes[sizeof size];
  std::memcpy(size_bytes, &size, sizeof size);
  bytes.append(size_bytes, sizeof size_bytes);
  bytes += magic;
  return bytes;
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<void> write_parquet(const std::string& path, const record::TableSpec& table,
                           std::span<const RowGroup* const> groups) {
  const auto failed = [&] {
    return fail(Errc::unavailable, fmt::format("{}: {}", path, std::generic_category().message(errno)));
  };
  std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wb"));
  if (!file) return failed();
  const auto put = [&](std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  };
  if (!put(magic)) return failed();
  for (const RowGroup* group : groups) {
    if (!put(group->bytes)) return failed();
  }
  if (!put(footer(table, groups))) return failed();
  if (std::fclose(file.release()) != 0) return failed();
  return {};
}

}  // namespace slipstream::warehouse
