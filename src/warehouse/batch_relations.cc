#include "warehouse/batch_relations.h"

#include <fmt/core.h>

#include "warehouse/chunks.h"
#include "warehouse/schema.h"

namespace slipstream::warehouse {

struct BatchRelations::Relation {
  std::string function_name;
  std::vector<StagingColumn> columns;
  std::vector<const record::RowBatch*> batches;
};

namespace {

using OwnedFunction = Owned<duckdb_table_function, duckdb_destroy_table_function>;
using Relation = BatchRelations::Relation;

// Where one reading of a relation has come to.
struct Scan {
  std::size_t batch = 0;
  std::uint32_t row = 0;
  std::vector<std::uint32_t> rows;
};

void destroy_scan(void* scan) { const std::unique_ptr<Scan> owner(static_cast<Scan*>(scan)); }

void bind_relation(duckdb_bind_info info) {
  const auto& relation = *static_cast<const Relation*>(duckdb_bind_get_extra_info(info));
  for (const StagingColumn& column : relation.columns) {
    const OwnedType type(duckdb_create_logical_type(column.type));
    duckdb_bind_add_result_column(info, column.name.c_str(), type.get());
  }
}

void begin_scan(duckdb_init_info info) {
  duckdb_init_set_init_data(info, std::make_unique<Scan>().release(), destroy_scan);
}

// The next rows of a batch that are not withdrawn, at most a vector's length of them.
void select_rows(const record::RowBatch& batch, Scan& scan) {
  const std::size_t length = duckdb_vector_size();
  scan.rows.clear();
  for (; scan.row < batch.row_count() && scan.rows.size() < length; ++scan.row) {
    if (batch.withdrawn()[scan.row] == 0) scan.rows.push_back(scan.row);
  }
}

void read_rows(duckdb_function_info info, duckdb_data_chunk output) {
  const auto& relation = *static_cast<const Relation*>(duckdb_function_get_extra_info(info));
  auto& scan = *static_cast<Scan*>(duckdb_function_get_init_data(info));
  for (; scan.batch < relation.batches.size(); ++scan.batch, scan.row = 0) {
    const record::RowBatch& batch = *relation.batches[scan.batch];
    select_rows(batch, scan);
    if (!scan.rows.empty()) return fill_chunk(output, relation.columns, {batch, scan.rows}, 0);
  }
  duckdb_data_chunk_set_size(output, 0);
}

}  // namespace

BatchRelations::BatchRelations(std::span<const record::RowBatch> batches) {
  for (const record::TableSpec& spec : record::all_tables()) {
    auto relation = std::make_unique<Relation>();
    relation->function_name = fmt::format("rows_of_{}", spec.name);
    for (std::size_t index = 0; index < spec.columns.size(); ++index) {
      const record::ColumnSpec& column = spec.columns[index];
      relation->columns.push_back(
          {std::string(column.name), duckdb_type_of(column.type), ColumnSource::record, index});
    }
    relation->columns.push_back({"revision", DUCKDB_TYPE_INTEGER, ColumnSource::revision});
    for (const record::RowBatch& batch : batches) {
      if (&batch.table() == &spec) relation->batches.push_back(&batch);
    }
    relations_.push_back(std::move(relation));
  }
}

BatchRelations::~BatchRelations() = default;

Result<void> BatchRelations::add_to(Connection& connection) const {
  for (const auto& relation : relations_) {
    const OwnedFunction function(duckdb_create_table_function());
    duckdb_table_function_set_name(function.get(), relation->function_name.c_str());
    duckdb_table_function_set_extra_info(function.get(), relation.get(), nullptr);
    duckdb_table_function_set_bind(function.get(), bind_relation);
    duckdb_table_function_set_init(function.get(), begin_scan);
    duckdb_table_function_set_function(function.get(), read_rows);
    if (duckdb_register_table_function(connection.get(), function.get()) != DuckDBSuccess) {
      return fail(Errc::unsupported, fmt::format("DuckDB does not take {}()", relation->function_name));
    }
  }
  return {};
}

std::string BatchRelations::name(const record::TableSpec& spec) {
  return fmt::format("rows_of_{}()", spec.name);
}

}  // namespace slipstream::warehouse
