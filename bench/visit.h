// Visits every value of a JSON document with simdjson on demand: what any reader of all of it has to do.
// Used by floor.cc and by the benchmarks that compare themselves with it. One thread at a time.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace slipstream::bench {

// Number of values at and below `value`; numbers are parsed, texts unescaped. Errors: as simdjson throws
// them.
inline std::size_t visit_value(simdjson::ondemand::value value) {
  using simdjson::ondemand::json_type;
  std::size_t count = 1;
  switch (value.type()) {
    case json_type::object:
      for (auto field : value.get_object()) count += visit_value(field.value());
      break;
    case json_type::array:
      for (auto item : value.get_array()) count += visit_value(item.value());
      break;
    case json_type::string: count += std::string_view(value.get_string()).data() == nullptr ? 1 : 0; break;
    case json_type::number: count += double(value.get_double()) > 1e300 ? 1 : 0; break;
    case json_type::boolean:
    case json_type::null: break;
  }
  return count;
}

// The same of a whole document. `capacity` counts the bytes behind `text` that may be read: simdjson wants
// SIMDJSON_PADDING more than `size`. 0 if it is no JSON.
inline std::size_t visit_document(simdjson::ondemand::parser& parser, const char* text, std::size_t size,
                                  std::size_t capacity) {
  simdjson::ondemand::document document;
  simdjson::ondemand::value root;
  if (parser.iterate(text, size, capacity).get(document) != simdjson::SUCCESS) return 0;
  if (document.get_value().get(root) != simdjson::SUCCESS) return 0;
  return visit_value(root);
}

}  // namespace slipstream::bench
