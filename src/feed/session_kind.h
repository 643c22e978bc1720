// Kind of a session from what F1 calls it. The same name has meant different things over the years (L21), so
// the answer comes from season, Type and Name together, never from Number. Pure.
#pragma once

#include <optional>
#include <string_view>

namespace slipstream::feed {

// "practice", "qualifying", "sprint_qualifying", "sprint", "race" or "test"; nothing for a Type never seen.
std::optional<std::string_view> session_kind(std::optional<int> season, std::string_view type,
                                             std::string_view name, std::string_view meeting_name);

}  // namespace slipstream::feed
