#include "feed/session_kind.h"

namespace slipstream::feed {

std::optional<std::string_view> session_kind(std::optional<int> season, std::string_view type,
                                             std::string_view name, std::string_view meeting_name) {
  const auto contains = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  // "Pre-Season Testing", "Pre-Season Test", "High Speed Track Test", "Day 1".
  if (contains(meeting_name, "Test") || contains(name, "Test") || name.starts_with("Day ")) return "test";
  if (type == "Practice") return "practice";
  if (type == "Qualifying") {
    // "Sprint Shootout" in 2023, "Sprint Qualifying" since 2024.
    return name.starts_with("Sprint") ? "sprint_qualifying" : "qualifying";
  }
  if (type == "Race") {
    // In 2021 the sprint itself was called "Sprint Qualifying".
    const bool is_sprint = name == "Sprint" || (season == 2021 && name == "Sprint Qualifying");
    return is_sprint ? "sprint" : "race";
  }
  return std::nullopt;
}

}  // namespace slipstream::feed
