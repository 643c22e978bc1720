// Small readers of merged state. Included by session/*.cc only. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "session/json_tree.h"

namespace slipstream::session {

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

}  // namespace slipstream::session
