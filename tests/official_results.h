// Official results as the Jolpica API answered them, for comparison. For tests only.
#pragma once

#include <simdjson.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "feed/parse.h"
#include "record/rows.h"

namespace slipstream::testing_support {

struct OfficialResult {
  record::Int driver_number = 0;
  std::string classified;  // "3", "R", "W"
  std::optional<record::Int> grid, laps;
  std::optional<double> points;
  std::optional<record::Int> gap_ms;  // to the winner; of a lapped car to the winner's finish
  std::optional<record::Int> q1_ms, q2_ms, q3_ms;
};

namespace official {

using simdjson::dom::element;

inline std::string text(element row, const char* pointer) {
  std::string_view found;
  return row.at_pointer(pointer).get_string().get(found) == simdjson::SUCCESS ? std::string(found) : "";
}

inline std::optional<record::Int> number(element row, const char* pointer) {
  const std::string digits = text(row, pointer);
  return digits.empty() ? std::nullopt : std::optional(static_cast<record::Int>(std::stoi(digits)));
}

// "1:11.383", "+0.672", "+1:20.588"; nothing for the winner's own "36:37.647", which is no gap.
inline std::optional<record::Int> time(element row, const char* pointer) {
  std::string written = text(row, pointer);
  if (written.starts_with('+')) written.erase(0, 1);
  const auto time = feed::parse_lap_time(written);
  return time ? std::optional(static_cast<record::Int>(time->count())) : std::nullopt;
}

inline OfficialResult result_of(element row) {
  OfficialResult result;
  result.driver_number = number(row, "/number").value_or(0);
  result.classified = text(row, "/positionText");
  if (result.classified.empty()) result.classified = text(row, "/position");
  result.grid = number(row, "/grid");
  result.laps = number(row, "/laps");
  if (const std::string points = text(row, "/points"); !points.empty()) result.points = std::stod(points);
  if (text(row, "/Time/time").starts_with('+')) result.gap_ms = time(row, "/Time/time");
  result.q1_ms = time(row, "/Q1");
  result.q2_ms = time(row, "/Q2");
  result.q3_ms = time(row, "/Q3");
  return result;
}

}  // namespace official

// In official order; empty if the file cannot be read.
inline std::vector<OfficialResult> read_official(const std::filesystem::path& path) {
  std::vector<OfficialResult> results;
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  if (parser.load(path.string()).get(answer) != simdjson::SUCCESS) return results;
  for (const char* list : {"Results", "SprintResults", "QualifyingResults"}) {
    simdjson::dom::array rows;
    const std::string pointer = std::string("/MRData/RaceTable/Races/0/") + list;
    if (answer.at_pointer(pointer).get_array().get(rows) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element row : rows) results.push_back(official::result_of(row));
  }
  return results;
}

}  // namespace slipstream::testing_support
