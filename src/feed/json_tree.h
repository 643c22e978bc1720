// The patch engine: a JSON value that F1's changes are merged into. One for every topic.
//
// F1 sends a topic's whole state once and then only what changed. The rules (feed.md P1-P9; counts there):
//   P1  a list in the state, an object with numbers as names in the change: merge by index;
//   P2  a list in the change replaces whatever stood there;
//   P3  an index beyond the end: the list grows, nulls in between (up to limits::list_members_max);
//   P4  "_deleted": ["Lap"] removes the named members (of a list: makes them null);
//   P5  "_kf" (marks a keyframe) is dropped wherever it stands;
//   P6  what a change does not name stays;
//   P7  an empty text is a value ("cleared"), a missing member is not;
//   P8, P9  "Stints": [] and then {"0": {...}}; messages as list or object: follow from P1 to P3.
// Pure; one thread at a time.
#pragma once

#include <simdjson.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace slipstream::feed {

class JsonTree {
 public:
  enum class Kind { missing, null, boolean, number, text, object, list };

  Kind kind() const { return kind_; }
  bool is_missing() const { return kind_ == Kind::missing; }

  // The member of that name, or of a list the item of that index; a missing value if there is none.
  const JsonTree& operator[](std::string_view name) const;
  const JsonTree& operator[](std::size_t index) const;
  // Objects: names and values in the order of their first arrival. Lists: names are empty.
  const std::vector<std::pair<std::string, JsonTree>>& members() const { return members_; }
  std::size_t size() const { return members_.size(); }

  // Text as it is, empty text included; nothing for other kinds.
  std::optional<std::string_view> text() const;
  // Text that says something: nothing for "" (P7).
  std::optional<std::string_view> filled_text() const;
  // 12, 12.0, "12", "1023.0" (P10, P15).
  std::optional<std::int32_t> integer() const;
  std::optional<double> number() const;
  // true, "true", "True", "1"; likewise false (P10).
  std::optional<bool> flag() const;

  // Merges a change into this value. Errors: malformed, nesting beyond limits::json_depth_max, a list index
  // beyond limits::list_members_max or a name that is no index in a change of a list; what could be merged is
  // merged.
  Result<void> merge(simdjson::dom::element change);

  bool operator==(const JsonTree&) const = default;

 private:
  Result<void> merge_at_depth(simdjson::dom::element change, int depth);
  Result<void> merge_object(simdjson::dom::object change, int depth);
  Result<void> replace_list(simdjson::dom::array change, int depth);
  void remove_named(simdjson::dom::element names);
  Result<JsonTree*> member_for(std::string_view name);
  void set_scalar(simdjson::dom::element value);

  Kind kind_ = Kind::missing;
  bool flag_ = false;
  double number_ = 0;
  std::string text_;
  std::vector<std::pair<std::string, JsonTree>> members_;
};

// Calls visit(index_or_name, element) for each member of a list or object, `_kf` and `_deleted` apart: one
// shape for what F1 sends in two (P1, P9).
template <class Visit>
void for_each_member(simdjson::dom::element value, Visit visit) {
  if (value.is_array()) {
    std::size_t index = 0;
    for (const simdjson::dom::element item : simdjson::dom::array(value.get_array())) {
      visit(std::string_view(std::to_string(index++)), item);
    }
  } else if (value.is_object()) {
    for (const auto field : simdjson::dom::object(value.get_object())) {
      if (field.key != "_kf" && field.key != "_deleted") visit(field.key, field.value);
    }
  }
}

// Appends the value as JSON text; a missing one as null.
void append_json(std::string& out, const JsonTree& value);

// "12" -> 12; nothing for anything that is not a short run of digits.
std::optional<std::size_t> index_of(std::string_view name);

}  // namespace slipstream::feed
