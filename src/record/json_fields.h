// Typed fields out of a parsed JSON object, with errors that name the field. Included by codec.cc only.
#pragma once

#include <simdjson.h>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"
#include "core/result.h"
#include "core/time.h"
#include "record/rows.h"

namespace slipstream::record::json {

using Object = simdjson::ondemand::object;
using Value = simdjson::ondemand::value;

inline tl::unexpected<Error> wrong(std::string_view name, std::string_view wanted) {
  std::string text("field ");
  text.append(name).append(": ").append(wanted);
  return fail(Errc::malformed, std::move(text));
}

// 12, 12.0; anything with a fraction or out of range is refused.
inline bool read_integer(Value value, std::int64_t& out) {
  std::int64_t whole = 0;
  if (value.get_int64().get(whole) == simdjson::SUCCESS) {
    out = whole;
    return true;
  }
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS || number != std::floor(number)) return false;
  if (std::fabs(number) > 9e15) return false;
  out = static_cast<std::int64_t>(number);
  return true;
}

inline bool read(Value value, std::int64_t& out) { return read_integer(value, out); }
inline bool read(Value value, std::int32_t& out) {
  std::int64_t whole = 0;
  if (!read_integer(value, whole)) return false;
  if (whole < std::numeric_limits<std::int32_t>::min() || whole > std::numeric_limits<std::int32_t>::max()) {
    return false;
  }
  out = static_cast<std::int32_t>(whole);
  return true;
}
inline bool read(Value value, double& out) { return value.get_double().get(out) == simdjson::SUCCESS; }
inline bool read(Value value, bool& out) { return value.get_bool().get(out) == simdjson::SUCCESS; }
inline bool read(Value value, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  out.assign(text);
  return true;
}
inline bool read(Value value, Word& out) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}
inline bool read(Value value, JsonText& out) {
  simdjson::ondemand::array list;
  Object object;
  std::string_view text;
  const bool is_list = value.get_array().get(list) == simdjson::SUCCESS;
  if (!is_list && value.get_object().get(object) != simdjson::SUCCESS) return false;
  if ((is_list ? list.raw_json() : object.raw_json()).get(text) != simdjson::SUCCESS) return false;
  out.text.assign(text);
  return true;
}
inline bool read(Value value, SessionKey& out) { return read_integer(value, out.value); }
inline bool read(Value value, UtcTime& out) {
  std::int64_t ms = 0;
  if (!read_integer(value, ms)) return false;
  out = UtcTime(std::chrono::milliseconds(ms));
  return true;
}

// A member that must be there and have a value.
template <class T>
Result<void> get(Object& object, std::string_view name, T& out) {
  Value value;
  if (object.find_field_unordered(name).get(value) != simdjson::SUCCESS) return wrong(name, "missing");
  if (!read(value, out)) return wrong(name, "wrong type or out of range");
  return {};
}

// A member that may be null or missing: unknown.
template <class T>
Result<void> get(Object& object, std::string_view name, std::optional<T>& out) {
  Value value;
  out.reset();
  const auto found = object.find_field_unordered(name).get(value);
  if (found == simdjson::NO_SUCH_FIELD) return {};
  if (found != simdjson::SUCCESS) return wrong(name, "not readable");
  bool is_null = false;
  if (value.is_null().get(is_null) != simdjson::SUCCESS) return wrong(name, "not readable");
  if (is_null) return {};
  T known{};
  if (!read(value, known)) return wrong(name, "wrong type or out of range");
  out = std::move(known);
  return {};
}

}  // namespace slipstream::record::json
