// Small readers of merged state. Included by session/*.cc only. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "feed/json_tree.h"

namespace slipstream::session {

using feed::for_each_member;
using feed::index_of;
using feed::JsonTree;

// Text that says something; nothing for "" and for what is no text.
inline std::optional<std::string> text_of(const JsonTree& value) {
  const auto text = value.filled_text();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

inline std::optional<UtcTime> utc_of(const JsonTree& value) {
  const auto text = value.filled_text();
  if (!text) return std::nullopt;
  const auto utc = parse_utc(*text);
  return utc ? std::optional(*utc) : std::nullopt;
}

// Calls visit(index) for the members of `list` that a change names; P9: a list or an object.
template <class Visit>
void for_each_named(simdjson::dom::element payload, const char* list, Visit visit) {
  simdjson::dom::element members;
  if (payload[list].get(members) != simdjson::SUCCESS) return;
  for_each_member(members, [&](std::string_view name, simdjson::dom::element) {
    if (const auto index = index_of(name)) visit(*index);
  });
}

}  // namespace slipstream::session
