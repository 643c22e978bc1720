// Our tables of weather, race control, track and session status beside FastF1's, on the same bytes:
// SLIPSTREAM_DATA/expected, made with FastF1 3.9. What differs and why: docs/fastf1-differences.md.
#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/expected_csv.h"
#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using testing_support::data_root;
using Cells = std::vector<std::string>;

struct Case {
  const char* expected;
  const char* source;
  bool has_added_track_status = false;  // difference 9
  bool knows_what_was_before = false;   // difference 10
};

constexpr const char* archive_mexico = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying";
constexpr Case cases[] = {
    {"2025_mexico_city_qualifying", archive_mexico},
    {"2025_miami_sprint", "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint"},
    {"2024_british_practice_1", "archive/2024/2024-07-07_British_Grand_Prix/2024-07-05_Practice_1"},
    {"2024_spanish_qualifying", "archive/2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying"},
    {"2020_hungarian_practice_2", "archive/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2"},
    {"2025_australian_race", "archive/2025/2025-03-16_Australian_Grand_Prix/2025-03-16_Race"},
    {"2026_chinese_race", "archive/2026/2026-03-15_Chinese_Grand_Prix/2026-03-15_Race"},
    {"2025_italian_practice_1", "archive/2025/2025-09-07_Italian_Grand_Prix/2025-09-05_Practice_1"},
    {"2025_italy_race", "recordings/2025_italy_race.fastf1.txt.gz", true},
    {"2024_mexico_fp3_start", "recordings/2024_mexico_fp3_start.fastf1.txt"},
    {"2023_monaco_fp2", "recordings/2023_monaco_fp2.signalr.log"},
    {"2024_imola_qualifying", "recordings/2024_imola_qualifying.undercut"},
    {"2025_brazil_sprint", "recordings/2025_brazil_sprint.ns.txt.gz"},
    {"2025_hungary_qualifying", "recordings/2025_hungary_qualifying.ns.txt.gz"},
    {"2025_qatar_sprint", "recordings/2025_qatar_sprint.dump.txt.gz"},
    {"2026_japan_race_end", "recordings/2026_japan_race_end.fastf1core.txt", false, true},
};

// Rows without the header; nothing if FastF1 made no such table.
std::optional<std::vector<Cells>> read_expected(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  std::vector<Cells> rows;
  while (std::getline(file, line)) rows.push_back(testing_support::split_csv(line));
  return rows;
}

std::string text(const std::optional<record::Int>& value) { return value ? std::to_string(*value) : ""; }
std::string text(const std::optional<std::string>& value) { return value.value_or(""); }
std::string text(const std::optional<bool>& value) { return value ? (*value ? "true" : "false") : ""; }
// As FastF1's CSV has it: 27, 17.3.
std::string text(const std::optional<double>& value) {
  if (!value) return "";
  std::string shortest = std::to_string(*value);
  shortest.erase(shortest.find_last_not_of('0') + 1);
  if (shortest.back() == '.') shortest.pop_back();
  return shortest;
}
std::string text(const std::optional<UtcTime>& value) {
  std::string utc = value ? format_utc(*value) : "Z";
  utc.pop_back();
  return utc;
}

Cells as_fastf1(const record::Weather& row) {
  return {std::to_string(row.session_time_ms),
          text(row.air_temperature_c),
          text(row.humidity_pct),
          text(row.pressure_mbar),
          text(row.is_raining),
          text(row.track_temperature_c),
          text(row.wind_direction_deg),
          text(row.wind_speed_mps)};
}
Cells as_fastf1(const record::TrackStatus& row) {
  return {std::to_string(row.session_time_ms), text(row.status), text(row.message)};
}
Cells as_fastf1(const record::SessionStatus& row) {
  return {std::to_string(row.session_time_ms), text(row.status)};
}
Cells as_fastf1(const record::RaceControl& row) {
  return {text(row.message_date),  text(row.category),      text(row.message),
          text(row.status),        text(row.flag),          text(row.scope),
          text(row.sector_number), text(row.driver_number), text(row.lap_number)};
}

// The rows of one table as they stand at the end.
template <class Row>
void keep(session::Output& output, std::map<record::RowKey, Cells>& table) {
  for (const auto& published : output.rows<Row>()) {
    const record::RowKey key = record::row_key(published.row);
    if (published.envelope.is_withdrawn) table.erase(key);
    else table.insert_or_assign(key, as_fastf1(published.row));
  }
}

struct Tables {
  std::map<record::RowKey, Cells> weather, track_status, session_status, race_control;
};

Tables load(const fs::path& path) {
  Tables tables;
  testing_support::fold_session(path, [&tables](session::Output& output) {
    keep<record::Weather>(output, tables.weather);
    keep<record::TrackStatus>(output, tables.track_status);
    keep<record::SessionStatus>(output, tables.session_status);
    keep<record::RaceControl>(output, tables.race_control);
    output.clear();
  });
  return tables;
}

void compare(const char* name, const std::map<record::RowKey, Cells>& ours,
             const std::optional<std::vector<Cells>>& expected) {
  if (!expected) return;
  ASSERT_EQ(ours.size(), expected->size()) << name;
  const bool is_race_control = std::string_view(name) == "race_control";
  std::size_t i = 0;
  for (const auto& [key, cells] : ours) {
    Cells theirs = (*expected)[i++];
    theirs.resize(cells.size());
    if (is_race_control && theirs[7].empty()) theirs[7] = cells[7];  // difference 8
    EXPECT_EQ(cells, theirs) << name << " row " << i;
  }
}

class ParityOfTables : public testing::TestWithParam<Case> {};

TEST_P(ParityOfTables, AreFastF1s) {
  const Case& session = GetParam();
  const fs::path source = data_root() / session.source, folder = data_root() / "expected" / session.expected;
  if (!fs::exists(source)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << source << " not compared";
  const Tables ours = load(source);
  auto track_status = read_expected(folder / "track_status.csv");
  if (session.has_added_track_status) track_status->erase(track_status->begin());
  compare("weather", ours.weather, read_expected(folder / "weather.csv"));
  compare("track_status", ours.track_status, track_status);
  if (session.knows_what_was_before) {
    EXPECT_EQ(ours.session_status.begin()->second.back(), "Started");
  } else {
    compare("session_status", ours.session_status, read_expected(folder / "session_status.csv"));
  }
  compare("race_control", ours.race_control, read_expected(folder / "race_control.csv"));
}

INSTANTIATE_TEST_SUITE_P(Sessions, ParityOfTables, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.expected); });

}  // namespace
}  // namespace slipstream
