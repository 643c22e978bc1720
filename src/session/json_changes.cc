#include "session/json_changes.h"

#include "core/json_writer.h"

namespace slipstream::session {
namespace {

using Kind = JsonTree::Kind;

bool is_nested(const JsonTree& value) { return value.kind() == Kind::object || value.kind() == Kind::list; }

// Appends the change from `before` to `after`; false, and nothing appended, if there is none.
bool append_changes(std::string& out, const JsonTree& before, const JsonTree& after) {
  if (!is_nested(after) || !is_nested(before)) {
    if (before == after) return false;
    feed::append_json(out, after);
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
