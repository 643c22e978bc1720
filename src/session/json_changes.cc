#include "session/json_changes.h"

#include "core/json_writer.h"

namespace slipstream::session {
namespace {

using Kind = JsonTree::Kind;

bool is_nested(const JsonTree& value) { return value.kind() == Kind::object || value.kind() == Kind::list; }

void append_scalar(std::string& out, const JsonTree& value) {
  JsonWriter json(out);
  switch (value.kind()) {
    case Kind::text: json.value(*value.text()); return;
    case Kind::number: json.value(*value.number()); return;
    case Kind::boolean: json.value(*value.flag()); return;
    default: json.null(); return;
  }
}

void append_whole(std::string& out, const JsonTree& value) {
  if (!is_nested(value)) return append_scalar(out, value);
  const bool is_list = value.kind() == Kind::list;
  out += is_list ? '[' : '{';
  bool is_first = true;
  for (const auto& [name, member] : value.members()) {
    if (!std::exchange(is_first, false)) out += ',';
    if (!is_list) {
      append_json_string(out, name);
      out += ':';
    }
    append_whole(out, member);
  }
  out += is_list ? ']' : '}';
}

// Appends the change from `before` to `after`; false, and nothing appended, if there is none.
bool append_changes(std::string& out, const JsonTree& before, const JsonTree& after) {
  if (!is_nested(after) || !is_nested(before)) {
    if (before == after) return false;
    append_whole(out, after);
    return true;
  }
  const std::size_t begin = out.size();
  out += '{';
  bool has_change = false;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto& [own_name, member] = after.members()[i];
    const std::string name = after.kind() == Kind::list ? std::to_string(i) : own_name;
    const std::size_t member_begin = out.size();
    if (has_change) out += ',';
    append_json_string(out, name);
    out += ':';
    if (append_changes(out, before[name], member)) has_change = true;
    else out.resize(member_begin);
  }
  if (!has_change) {
    out.resize(begin);
    return false;
  }
  out += '}';
  return true;
}

}  // namespace

std::optional<std::string> changes_between(const JsonTree& before, const JsonTree& after) {
  std::string out;
  out.reserve(simdjson::SIMDJSON_PADDING);
  if (!append_changes(out, before, after)) return std::nullopt;
  return out;
}

}  // namespace slipstream::session
