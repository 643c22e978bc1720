#include "record/manifest.h"

#include <fmt/core.h>
#include <simdjson.h>
#include <charconv>

#include "core/json_writer.h"
#include "record/json_fields.h"

namespace slipstream::record {
namespace {

Result<TableCount> read_count(json::Object& object) {
  TableCount count;
  std::string checksum;
  SLIP_TRY(json::get(object, "table", count.table));
  SLIP_TRY(json::get(object, "record_count", count.record_count));
  SLIP_TRY(json::get(object, "row_count", count.row_count));
  SLIP_TRY(json::get(object, "checksum", checksum));
  SLIP_TRY(json::get(object, "is_gapless", count.is_gapless));
  const char* const end = checksum.data() + checksum.size();
  const auto read = std::from_chars(checksum.data(), end, count.checksum, 16);
  if (read.ec != std::errc() || read.ptr != end) return json::wrong("checksum", "not a hexadecimal number");
  return count;
}

}  // namespace

JsonText to_json(std::span<const TableCount> counts) {
  JsonText out{{}};
  JsonWriter json(out.text);
  json.begin_array();
  for (const TableCount& count : counts) {
    json.begin_object().field("table", count.table).field("record_count", count.record_count);
    json.field("row_count", count.row_count).field("checksum", fmt::format("{:016x}", count.checksum));
    json.field("is_gapless", count.is_gapless).end_object();
  }
  json.end_array();
  return out;
}

JsonText to_json(std::span<const std::string> texts) {
  JsonText out{{}};
  JsonWriter json(out.text);
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
  return out;
}

Result<std::vector<TableCount>> table_counts_of(const Manifest& manifest) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string text(manifest.tables.text);
  simdjson::ondemand::document document;
  simdjson::ondemand::array items;
  if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
      document.get_array().get(items) != simdjson::SUCCESS) {
    return json::wrong("tables", "not a list");
  }
  std::vector<TableCount> counts;
  for (auto item : items) {
    json::Object object;
    if (item.get_object().get(object) != simdjson::SUCCESS) return json::wrong("tables", "not of objects");
    auto count = read_count(object);
    if (!count) return tl::make_unexpected(with_context(count.error(), "field tables"));
    counts.push_back(std::move(*count));
  }
  return counts;
}

}  // namespace slipstream::record
