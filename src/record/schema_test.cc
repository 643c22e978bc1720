// What we put on the bus is what docs/schemas/ says, for a row with every value and for one with none.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>

#include "record/codec.h"
#include "record/manifest.h"

namespace slipstream::record {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

bool has_type(element value, std::string_view type) {
  switch (value.type()) {
    case element_type::INT64:
    case element_type::UINT64: return type == "integer" || type == "number";
    case element_type::DOUBLE: return type == "number";
    case element_type::STRING: return type == "string";
    case element_type::BOOL: return type == "boolean";
    case element_type::NULL_VALUE: return type == "null";
    case element_type::ARRAY: return type == "array";
    case element_type::OBJECT: return type == "object";
  }
  return false;
}

bool is_one_of(element value, element texts) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  const simdjson::dom::array choices = texts.get_array();
  for (const element choice : choices) {
    if (choice.get_string().value() == text) return true;
  }
  return false;
}

std::string complaint_of_object(element object, element schema);

std::string complaint_of_items(element list, element schema, std::string_view name);

// The first complaint about `value`, or nothing. Knows what our schemas use: type, const, enum, items.
std::string complaint(element value, element schema, std::string_view name) {
  element rule;
  const std::string where = std::string(name) + ": ";
  if (schema["const"].get(rule) == simdjson::SUCCESS) {
    std::string_view text;
    const bool is_it = value.get_string().get(text) == simdjson::SUCCESS && text == rule.get_string().value();
    return is_it ? "" : where + "not the constant";
  }
  if (schema["enum"].get(rule) == simdjson::SUCCESS)
    return is_one_of(value, rule) ? "" : where + "not in enum";
  if (schema["type"].get(rule) != simdjson::SUCCESS) return where + "schema has no type";
  if (value.is_array() && schema["items"].error() == simdjson::SUCCESS)
    return complaint_of_items(value, schema["items"].value(), name);
  if (rule.is_string()) return has_type(value, rule.get_string().value()) ? "" : where + "wrong type";
  const simdjson::dom::array types = rule.get_array();
  for (const element type : types) {
    if (has_type(value, type.get_string().value())) return "";
  }
  return where + "wrong type";
}

std::string complaint_of_items(element list, element schema, std::string_view name) {
  const simdjson::dom::array items = list.get_array();
  for (const element item : items) {
    std::string text = complaint(item, schema, name);
    if (text.empty() && item.is_object()) text = complaint_of_object(item, schema);
    if (!text.empty()) return text;
  }
  return "";
}

std::string complaint_of_object(element object, element schema) {
  const element properties = schema["properties"].value();
  const simdjson::dom::array names = schema["required"].get_array();
  for (const element required : names) {
    element member;
    const std::string_view name = required.get_string().value();
    if (object[name].get(member) != simdjson::SUCCESS) return std::string(name) + ": missing";
  }
  const simdjson::dom::object members = object.get_object();
  for (const auto field : members) {
    element rule;
    if (properties[field.key].get(rule) != simdjson::SUCCESS) return std::string(field.key) + ": unknown";
    if (auto text = complaint(field.value, rule, field.key); !text.empty()) return text;
  }
  return "";
}

class Schema {
 public:
  explicit Schema(std::string_view topic) {
    const auto error = parser_.load("docs/schemas/" + std::string(topic) + ".1.json").get(root_);
    EXPECT_EQ(error, simdjson::SUCCESS) << topic;
  }
  std::string check(const std::string& json) {
    const element object = value_parser_.parse(json).value();
    element types;
    if (root_["oneOf"].get(types) != simdjson::SUCCESS) return complaint_of_object(object, root_);
    std::string last = "no such type";
    const simdjson::dom::array choices = types.get_array();
    for (const element type : choices) {
      last = complaint_of_object(object, type);
      if (last.empty() || !last.starts_with("type:")) {
        if (last.empty() || type["title"].get_string().value() == object["type"].get_string().value())
          return last;
      }
    }
    return last;
  }

 private:
  simdjson::dom::parser parser_, value_parser_;
  element root_;
};

struct FillAll {
  void fill(SessionKey& v) const { v = SessionKey(9873); }
  void fill(std::int64_t& v) const { v = 7; }
  void fill(Int& v) const { v = 7; }
  void fill(double& v) const { v = 7.5; }
  void fill(bool& v) const { v = true; }
  void fill(Text& v) const { v = "ok"; }
  void fill(Word& v) const { v = "ok"; }
  void fill(JsonText& v) const { v = to_json(std::vector<TableCount>{{"laps", 1, 1, 7, true}}); }
  void fill(UtcTime& v) const { v = UtcTime(std::chrono::milliseconds(1'700'000'000'000)); }
  template <class T>
  void fill(std::optional<T>& v) const {
    fill(v.emplace());
  }
};

void expect_as_schema(const CarSample*) {}  // has no record of its own
void expect_as_schema(const PositionSample*) {}

template <class Row>
void expect_as_schema(const Row*) {
  Schema schema(Table<Row>::bus_topic);
  Row row;
  if constexpr (std::is_same_v<Row, Telemetry>) {
    row.quality = "ok";
    row.source = "car";
  }
  const RecordMeta meta{"3.0001.x", {1, false}, "NOR", {}};
  std::string empty, full;
  encode(row, meta, empty);
  EXPECT_EQ(schema.check(empty), "") << empty;
  std::apply([&](const auto&... column) { (FillAll().fill(row.*(column.member)), ...); },
             Table<Row>::columns);
  if constexpr (std::is_same_v<Row, Telemetry>) row.source = "pos";
  if constexpr (requires { row.gapless_topics; })
    row.gapless_topics = to_json(std::vector<std::string>{"TimingData"});
  encode(row, meta, full);
  EXPECT_EQ(schema.check(full), "") << full;
  EXPECT_NE(schema.check(full.substr(0, full.size() - 1) + R"(,"surprise":1})"), "");
}

template <class... Rows>
void expect_all_as_schema(const std::variant<Rows...>*) {
  (expect_as_schema(static_cast<const Rows*>(nullptr)), ...);
}

TEST(Schemas, EveryRecordIsAsItsTopicsSchemaSays) {
  expect_all_as_schema(static_cast<const AnyRow*>(nullptr));
}

TEST(Schemas, TheReferenceSystemsLapsFitOurs) {
  const char* root = std::getenv("SLIPSTREAM_DATA");
  std::ifstream file(std::string(root ? root : "../shared/data") + "/kafka/f1_laps_2025_australia.jsonl");
  if (!file) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: f1_laps_2025_australia.jsonl not checked";
  simdjson::dom::parser parser, schema_parser;
  const element properties = schema_parser.load("docs/schemas/f1_laps.1.json").value()["properties"].value();
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const simdjson::dom::object lap = parser.parse(line).get_object();
    for (const auto field : lap) {
      element rule;
      ASSERT_EQ(properties[field.key].get(rule), simdjson::SUCCESS) << field.key;
      EXPECT_EQ(complaint(field.value, rule, field.key), "") << line;
    }
  }
  EXPECT_EQ(lines, 927u);
}

}  // namespace
}  // namespace slipstream::record
