// A batch of rows as a row group of a Parquet file: packed, compressed, and described for the footer.
//
// Columns and types are those that DuckDB's COPY writes of the same table. Every column chunk is one page,
// behind its dictionary if it has one: few different values go into a dictionary, other whole numbers into
// deltas; all of it through zstd. Pure; a RowGroupEncoder is for one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/batch.h"

struct ZSTD_CCtx_s;

namespace slipstream::warehouse {

// parquet.thrift's numbers.
enum class ParquetType { boolean = 0, int32 = 1, int64 = 2, real = 5, text = 6 };
enum class ParquetEncoding {
  plain = 0,
  rle = 3,
  delta_binary_packed = 5,
  rle_dictionary = 8,
  byte_stream_split = 9
};

ParquetType parquet_type_of(record::ColumnType type);

// The columns of a table's file: its own, and behind those of laps the revision.
std::vector<record::ColumnSpec> file_columns(const record::TableSpec& table);

struct ColumnChunk {
  std::vector<ParquetEncoding> encodings;
  std::optional<std::int64_t> dictionary_offset;  // from the start of the row group
  std::int64_t data_offset = 0;
  std::int64_t size = 0, uncompressed_size = 0;  // with page headers
  std::int64_t null_count = 0;
  std::optional<std::string> least, greatest;  // as PLAIN has them
};

struct RowGroup {
  std::string bytes;
  std::vector<ColumnChunk> columns;
  std::int64_t row_count = 0;
};

class RowGroupEncoder {
 public:
  RowGroupEncoder();

  // In the order of file_columns(). Precondition: the batch has rows, none of them withdrawn.
  RowGroup encode(const record::RowBatch& batch);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  void add_column(const record::ColumnData& column, RowGroup& group);
  // Puts a page behind the row group's bytes: a dictionary of `value_count`, or data.
  void add_page(std::string_view body, std::size_t value_count, std::optional<ParquetEncoding> data_encoding,
                RowGroup& group);

  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string body_, compressed_;
};

}  // namespace slipstream::warehouse
