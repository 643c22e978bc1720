#include "warehouse/session_reader.h"

#include <fmt/core.h>
#include <algorithm>
#include <tuple>

#include "warehouse/schema.h"

namespace slipstream::warehouse {
namespace {

void read_value(const VectorView& vector, idx_t row, SessionKey& out) {
  out = SessionKey(vector.at<std::int64_t>(row));
}
void read_value(const VectorView& vector, idx_t row, UtcTime& out) {
  out = UtcTime(std::chrono::milliseconds(vector.at<std::int64_t>(row)));
}
void read_value(const VectorView& vector, idx_t row, std::string& out) { out = vector.text(row); }
void read_value(const VectorView& vector, idx_t row, record::Word& out) { out = vector.text(row); }
void read_value(const VectorView& vector, idx_t row, record::JsonText& out) { out.text = vector.text(row); }
template <class T>
  requires std::is_arithmetic_v<T>
void read_value(const VectorView& vector, idx_t row, T& out) {
  out = vector.at<T>(row);
}
template <class T>
void read_value(const VectorView& vector, idx_t row, std::optional<T>& out) {
  read_value(vector, row, out.emplace());
}

template <class Row>
Result<void> read_table(Connection& connection, SessionKey session_key, const RowVisitor& visit) {
  const record::TableSpec& spec = record::table_of<Row>();
  std::string columns;
  for (const record::ColumnSpec& column : spec.columns) columns += quoted_name(column.name) + ", ";
  auto rows =
      connection.query(fmt::format("SELECT {}build, revision FROM {} WHERE session_key = {} ORDER BY {}",
                                   columns, staging_name(spec), session_key.value, key_list(spec)));
  if (!rows) return tl::make_unexpected(std::move(rows.error()));
  while (const OwnedChunk chunk = rows->next()) {
    std::vector<VectorView> vectors;
    for (idx_t at = 0; at < rows->column_count(); ++at) {
      vectors.emplace_back(duckdb_data_chunk_get_vector(chunk.get(), at));
    }
    const VectorView& build = vectors[spec.columns.size()];
    const VectorView& revision = vectors[spec.columns.size() + 1];
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk.get()); ++row) {
      Row value;
      std::size_t at = 0;
      const auto read = [&](const auto& column) {
        const VectorView& vector = vectors[at++];
        if (!vector.is_null(row)) read_value(vector, row, value.*(column.member));
      };
      std::apply([&](const auto&... column) { (read(column), ...); }, record::Table<Row>::columns);
      visit({std::move(value), build.text(row), {revision.at<std::int32_t>(row), false}});
    }
  }
  return {};
}

template <class... Rows>
Result<void> read_tables(const std::variant<Rows...>*, Connection& connection, SessionKey session_key,
                         std::span<const std::string_view> tables, const RowVisitor& visit) {
  Result<void> outcome;
  const auto read = [&]<class Row>() {
    const bool is_wanted =
        tables.empty() || std::ranges::find(tables, record::Table<Row>::name) != tables.end();
    if (outcome && is_wanted) outcome = read_table<Row>(connection, session_key, visit);
  };
  (read.template operator()<Rows>(), ...);
  return outcome;
}

}  // namespace

Result<void> read_session_rows(Connection& connection, SessionKey session_key,
                               std::span<const std::string_view> tables, const RowVisitor& visit) {
  for (const std::string_view table : tables) {
    if (record::find_table(table) == nullptr)
      return fail(Errc::not_found, fmt::format("no table named {}", table));
  }
  return read_tables(static_cast<const record::AnyRow*>(nullptr), connection, session_key, tables, visit);
}

}  // namespace slipstream::warehouse
