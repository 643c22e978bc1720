// Rows of batches into a table by DuckDB's chunk appender: fixed-width columns are copied, not converted.
//
// A writer is open inside one transaction of its connection. One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "warehouse/database.h"
#include "warehouse/schema.h"

namespace slipstream::warehouse {

// Rows of one batch by their numbers.
struct RowSelection {
  const record::RowBatch& batch;
  std::span<const std::uint32_t> rows;
};

// Fills the chunk, made for `columns`, with the selected rows, at most a vector's length of them.
void fill_chunk(duckdb_data_chunk chunk, std::span<const StagingColumn> columns,
                const RowSelection& selection, std::int64_t loaded_date_ms);

class ChunkWriter {
 public:
  struct Target {
    std::string_view catalog;
    std::string_view schema;
    std::string table;
  };
  // `columns` are the target's, in its order; they must outlive the writer.
  static Result<ChunkWriter> open(Connection& connection, const Target& target,
                                  std::span<const StagingColumn> columns, std::int64_t loaded_date_ms);

  Result<void> append(const RowSelection& selection);
  // Flushes; afterwards the rows are in the transaction.
  Result<void> close();

 private:
  ChunkWriter() = default;
  Error appender_error();

  OwnedAppender appender_;
  OwnedChunk chunk_;
  std::span<const StagingColumn> columns_;
  std::int64_t loaded_date_ms_ = 0;
};

// `text` with bytes that are not UTF-8 replaced by U+FFFD: DuckDB refuses a chunk that holds any.
std::string valid_utf8(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace slipstream::warehouse
