// One fast JSON writer for everything on a hot path: bus values, WebSocket frames, NDJSON, API answers.
//
// Appends to a buffer that the caller reuses. Commas come by themselves; keys are written as given (they are
// names of ours, without characters to escape), values are escaped: quotes, backslash, control characters;
// bytes that are not UTF-8 become U+FFFD, so that the result is always valid JSON. No exceptions, no locale.
//
//   JsonWriter json(buffer);
//   json.begin_object().field("lap_time_ms", 75586).field("driver_code", "NOR").end_object();
//
// Thread rule: one thread at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace slipstream {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);

  JsonWriter& null();
  JsonWriter& value(bool v);
  JsonWriter& value(double v);  // shortest text that reads back the same; NaN and infinity become null
  JsonWriter& value(std::string_view v);
  JsonWriter& value(const char* v) { return value(std::string_view(v)); }
  JsonWriter& value(const std::string& v) { return value(std::string_view(v)); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& value(T v) {
    return integer(static_cast<std::int64_t>(v));
  }
  template <class T>
  JsonWriter& value(const std::optional<T>& v) {
    return v ? value(*v) : null();
  }
  // A whole number written as FastF1 and pandas print a float: 1 -> 1.0.
  JsonWriter& whole_float(std::int64_t v);
  // A document that is already JSON, put in as it is.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& integer(std::int64_t v);
  void before_value();

  std::string& out_;
  bool needs_comma_ = false;
};

// Appends `text` to `out` as a quoted JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace slipstream
