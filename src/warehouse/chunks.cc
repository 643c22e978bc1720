#include "warehouse/chunks.h"

#include <fmt/core.h>
#include <algorithm>

namespace slipstream::warehouse {
namespace {

bool is_contiguous(std::span<const std::uint32_t> rows) {
  // Row numbers of a selection differ, so first and last say it only if the selection ascends.
  return rows.back() - rows.front() == rows.size() - 1 && std::ranges::is_sorted(rows);
}

void set_validity(duckdb_vector vector, const record::ColumnData& column,
                  std::span<const std::uint32_t> rows) {
  if (column.valid.empty()) return;
  std::uint64_t* mask = nullptr;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    if (column.is_known(rows[at])) continue;
    if (mask == nullptr) {
      duckdb_vector_ensure_validity_writable(vector);
      mask = duckdb_vector_get_validity(vector);
    }
    mask[at / 64] &= ~(std::uint64_t{1} << (at % 64));
  }
}

void set_text(duckdb_vector vector, idx_t row, std::string_view text) {
  auto& slot = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))[row];
  if (text.size() <= sizeof(slot.value.inlined.inlined) && is_utf8(text)) {
    slot = {};
    slot.value.inlined.length = static_cast<std::uint32_t>(text.size());
    std::memcpy(slot.value.inlined.inlined, text.data(), text.size());
  } else if (is_utf8(text)) {
    duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
  } else {
    const std::string repaired = valid_utf8(text);
    duckdb_vector_assign_string_element_len(vector, row, repaired.data(), repaired.size());
  }
}

template <class Values>
void copy_values(duckdb_vector vector, const Values& values, std::span<const std::uint32_t> rows) {
  using T = Values::value_type;
  if constexpr (std::is_same_v<T, std::string>) {
    for (std::size_t at = 0; at < rows.size(); ++at) set_text(vector, at, values[rows[at]]);
  } else {
    T* out = static_cast<T*>(duckdb_vector_get_data(vector));
    if (is_contiguous(rows)) {
      std::memcpy(out, values.data() + rows.front(), rows.size() * sizeof(T));
    } else {
      for (std::size_t at = 0; at < rows.size(); ++at) out[at] = values[rows[at]];
    }
  }
}

// A member of the rows' origins; NULL for a row that did not come from a bus.
template <class T>
void copy_origins(duckdb_vector vector, const std::vector<record::Origin>& origins, T record::Origin::*member,
                  std::span<const std::uint32_t> rows) {
  T* out = static_cast<T*>(duckdb_vector_get_data(vector));
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const record::Origin& origin = origins[rows[at]];
    out[at] = origin.*member;
    if (origin.partition >= 0) continue;
    duckdb_vector_ensure_validity_writable(vector);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), at);
  }
}

void set_constant(duckdb_vector vector, duckdb_value value) {
  duckdb_vector_reference_value(vector, value);
  duckdb_destroy_value(&value);
}

duckdb_value text_value(std::string_view text) {
  const std::string repaired = valid_utf8(text);
  return duckdb_create_varchar_length(repaired.data(), repaired.size());
}

// Length of the UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  const bool is_overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool is_surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool is_too_large = lead == 0xF4 && byte(1) >= 0x90;
  return is_overlong || is_surrogate || is_too_large ? 0 : length;
}

void fill_column(duckdb_vector vector, const StagingColumn& spec, const RowSelection& selection,
                 std::int64_t loaded_date_ms) {
  const auto& [batch, rows] = selection;
  const bool has_origin = !batch.origins().empty();
  switch (spec.source) {
    case ColumnSource::record: {
      const record::ColumnData& data = batch.columns()[spec.index];
      std::visit([&, rows = selection.rows](const auto& values) { copy_values(vector, values, rows); },
                 data.values);
      return set_validity(vector, data, rows);
    }
    case ColumnSource::build: return set_constant(vector, text_value(batch.build()));
    case ColumnSource::revision: return copy_values(vector, batch.revisions(), rows);
    case ColumnSource::is_withdrawn: return copy_values(vector, batch.withdrawn(), rows);
    case ColumnSource::loaded_date:
      return set_constant(vector, duckdb_create_timestamp_ms(duckdb_timestamp_ms{loaded_date_ms}));
    case ColumnSource::topic:
      if (!has_origin || batch.bus_topic().empty()) break;
      return set_constant(vector, text_value(batch.bus_topic()));
    case ColumnSource::partition:
      if (!has_origin) break;
      return copy_origins(vector, batch.origins(), &record::Origin::partition, rows);
    case ColumnSource::offset:
      if (!has_origin) break;
      return copy_origins(vector, batch.origins(), &record::Origin::offset, rows);
    case ColumnSource::create_date:
      if (!has_origin) break;
      return copy_origins(vector, batch.origins(), &record::Origin::create_date_ms, rows);
    case ColumnSource::unknown: break;
  }
  set_constant(vector, duckdb_create_null_value());
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(text, is_plain)) return true;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) out += "\xEF\xBF\xBD";
    else out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

Result<ChunkWriter> ChunkWriter::open(Connection& connection, const Target& target,
                                      std::span<const StagingColumn> columns, std::int64_t loaded_date_ms) {
  ChunkWriter writer;
  writer.columns_ = columns;
  writer.loaded_date_ms_ = loaded_date_ms;
  const duckdb_state state = duckdb_appender_create_ext(connection.get(), std::string(target.catalog).c_str(),
                                                        std::string(target.schema).c_str(),
                                                        target.table.c_str(), writer.appender_.out());
  if (state != DuckDBSuccess) return tl::make_unexpected(with_context(writer.appender_error(), target.table));
  std::vector<OwnedType> types;
  std::vector<duckdb_logical_type> handles;
  for (idx_t at = 0; at < columns.size(); ++at) {
    types.emplace_back(duckdb_appender_column_type(writer.appender_.get(), at));
    handles.push_back(types.back().get());
  }
  writer.chunk_ = OwnedChunk(duckdb_create_data_chunk(handles.data(), handles.size()));
  return writer;
}

void fill_chunk(duckdb_data_chunk chunk, std::span<const StagingColumn> columns,
                const RowSelection& selection, std::int64_t loaded_date_ms) {
  for (idx_t column = 0; column < columns.size(); ++column) {
    fill_column(duckdb_data_chunk_get_vector(chunk, column), columns[column], selection, loaded_date_ms);
  }
  duckdb_data_chunk_set_size(chunk, selection.rows.size());
}

Result<void> ChunkWriter::append(const RowSelection& selection) {
  const std::size_t chunk_rows = duckdb_vector_size();
  for (std::size_t first = 0; first < selection.rows.size(); first += chunk_rows) {
    const auto rows = selection.rows.subspan(first, std::min(chunk_rows, selection.rows.size() - first));
    duckdb_data_chunk_reset(chunk_.get());
    fill_chunk(chunk_.get(), columns_, {selection.batch, rows}, loaded_date_ms_);
    if (duckdb_append_data_chunk(appender_.get(), chunk_.get()) != DuckDBSuccess) {
      return tl::make_unexpected(appender_error());
    }
  }
  return {};
}

Result<void> ChunkWriter::close() {
  if (duckdb_appender_close(appender_.get()) != DuckDBSuccess) return tl::make_unexpected(appender_error());
  return {};
}

Error ChunkWriter::appender_error() {
  duckdb_error_data data = duckdb_appender_error_data(appender_.get());
  const char* text = duckdb_error_data_message(data);
  Error error =
      duckdb_error(duckdb_error_data_error_type(data), text == nullptr ? "cannot append rows" : text);
  duckdb_destroy_error_data(&data);
  return error;
}

}  // namespace slipstream::warehouse
