// FastF1's tables as CSV files, read for comparison. For tests only.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream::testing_support {

using CsvRow = std::map<std::string, std::string>;

// The fields of one CSV line (RFC 4180; no line breaks inside quotes).
inline std::vector<std::string> split_csv(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\r' && i + 1 == line.size()) break;
    const bool is_doubled = is_quoted && line.substr(i, 2) == "\"\"";
    if (is_doubled) fields.back() += line[++i];
    else if (line[i] == '"') is_quoted = !is_quoted;
    else if (line[i] == ',' && !is_quoted) fields.emplace_back();
    else fields.back() += line[i];
  }
  return fields;
}

// Rows of a file with a header line, by column name.
inline std::vector<CsvRow> read_csv(const std::filesystem::path& path) {
  std::vector<CsvRow> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const auto names = split_csv(line);
  while (std::getline(file, line)) {
    const auto fields = split_csv(line);
    CsvRow& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i < fields.size() ? fields[i] : "";
  }
  return rows;
}

}  // namespace slipstream::testing_support
