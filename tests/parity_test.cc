// Our lap tables beside FastF1's, on the same bytes: SLIPSTREAM_DATA/expected, made with FastF1 3.9.
//
// Every column of every row. What differs has to belong to a numbered entry of docs/fastf1-differences.md,
// and as often as its table of counts says: a difference that is new fails, and so does one that went away.
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "tests/expected_csv.h"
#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using record::Int;
using record::Lap;
using testing_support::CsvRow;
using testing_support::data_root;
using testing_support::read_csv;
using LapKey = std::pair<int, int>;  // driver number, lap number

// The laps as they stand at the end: the last revision of each, without those withdrawn.
std::map<LapKey, Lap> load_laps(const fs::path& path) {
  std::map<LapKey, Lap> laps;
  testing_support::fold_session(path, [&laps](session::Output& output) {
    for (auto& published : output.rows<Lap>()) {
      const LapKey key{published.row.driver_number, published.row.lap_number};
      if (published.envelope.is_withdrawn) laps.erase(key);
      else laps.insert_or_assign(key, std::move(published.row));
    }
    output.clear();
  });
  return laps;
}

std::string text(const std::optional<Int>& value) { return value ? std::to_string(*value) : ""; }
std::string text(const std::optional<std::string>& value) { return value.value_or(""); }
std::string text(const std::optional<bool>& value) { return value ? (*value ? "true" : "false") : ""; }
std::string text(const std::optional<UtcTime>& value) {
  return value ? format_utc(*value).substr(0, 23) : "";
}

// Our row under FastF1's names.
CsvRow as_fastf1(const Lap& lap) {
  return {{"Time", text(lap.session_time_ms)},
          {"Driver", text(lap.driver_code)},
          {"LapTime", text(lap.lap_time_ms)},
          {"Stint", text(lap.driver_stint)},
          {"PitOutTime", text(lap.pit_out_time_ms)},
          {"PitInTime", text(lap.pit_in_time_ms)},
          {"Sector1Time", text(lap.sector1_time_ms)},
          {"Sector2Time", text(lap.sector2_time_ms)},
          {"Sector3Time", text(lap.sector3_time_ms)},
          {"Sector1SessionTime", text(lap.sector1_session_time_ms)},
          {"Sector2SessionTime", text(lap.sector2_session_time_ms)},
          {"Sector3SessionTime", text(lap.sector3_session_time_ms)},
          {"SpeedI1", text(lap.speed_trap_1_kmh)},
          {"SpeedI2", text(lap.speed_trap_2_kmh)},
          {"SpeedFL", text(lap.speed_finishline_kmh)},
          {"SpeedST", text(lap.speed_straight_kmh)},
          {"IsPersonalBest", text(lap.is_personal_best)},
          {"Compound", text(lap.tyre_compound)},
          {"TyreLife", text(lap.tyre_life_laps)},
          {"FreshTyre", text(lap.is_fresh_tyre)},
          {"Team", text(lap.team_name)},
          {"LapStartTime", text(lap.lap_start_session_time_ms)},
          {"LapStartDate", text(lap.lap_start_date)},
          {"TrackStatus", text(lap.track_status)},
          {"Position", text(lap.position)},
          {"Deleted", text(lap.is_deleted)},
          {"DeletedReason", text(lap.deleted_reason)},
          {"FastF1Generated", text(std::optional(lap.is_generated))},
          {"IsAccurate", text(std::optional(lap.is_accurate))}};
}

// FastF1 leaves a blank where it takes the local time out of the reason.
std::string trimmed(std::string value) {
  while (value.ends_with(' ')) value.pop_back();
  return value;
}

struct Difference {
  const Lap& lap;
  std::string column, ours, theirs;
  bool is_of_slow_car;  // the car has a slow lap whose time FastF1 lost
};

bool is_slow_lap(const Lap& ours, const CsvRow& theirs) {
  return ours.lap_time_ms >= 150'000 && ours.lap_time_source == "feed" && theirs.at("LapTime").empty();
}

// The entry of docs/fastf1-differences.md that the difference belongs to; 0: none.
int entry_of(const Difference& it) {
  const auto is_one_of = [&](std::initializer_list<const char*> columns) {
    return std::ranges::find(columns, it.column) != columns.end();
  };
  const bool only_ours = it.theirs.empty() && !it.ours.empty();
  const bool knows_tyres = it.lap.tyre_compound.has_value();
  if (it.column == "LapStartDate" && only_ours) return 1;
  if (it.column == "FreshTyre" && it.ours.empty() && !knows_tyres) return 2;
  if (it.column == "Stint" && only_ours && !knows_tyres) return 2;
  if (it.column == "LapTime" && only_ours && it.lap.lap_time_source == "line") return 3;
  const bool is_slow = it.lap.lap_time_ms >= 150'000;
  if (is_slow && only_ours && it.column == "LapTime") return 4;
  if (is_slow && is_one_of({"IsPersonalBest", "IsAccurate"}) && it.ours == "true") return 4;
  if (it.is_of_slow_car &&
      is_one_of({"Time", "LapStartTime", "Sector1SessionTime", "Sector2SessionTime", "Sector3SessionTime"})) {
    return 4;
  }
  const bool only_we_delete = it.lap.is_deleted == true && (only_ours || it.theirs == "false");
  if (only_we_delete && is_one_of({"Deleted", "DeletedReason"})) return 5;
  if (is_one_of({"Compound", "TyreLife", "FreshTyre"}) && knows_tyres) return 7;
  return 0;
}

using Counts = std::map<std::pair<int, std::string>, int>;  // entry and session -> cells, or rows of entry 6

// The table of counts at the end of the document: "| 4 | 2025_miami_sprint | 25 |".
Counts documented_counts() {
  Counts counts;
  std::ifstream file("docs/fastf1-differences.md");
  for (std::string line; std::getline(file, line);) {
    int entry = 0, count = 0;
    std::string bar, session;
    std::istringstream cells(line);
    if (cells >> bar >> entry >> bar >> session >> bar >> count) counts[{entry, session}] = count;
  }
  return counts;
}

// What has been compared so far.
struct Comparison {
  Counts counts;
  std::map<std::string, std::pair<int, int>> columns;  // cells, of them different

  void compare_row(const std::string& session, const Lap& ours, const CsvRow& theirs, bool is_of_slow_car) {
    for (auto& [column, value] : as_fastf1(ours)) {
      const std::string expected = trimmed(theirs.at(column));
      if (value.empty() && expected.empty()) continue;
      auto& [cells, different] = columns[column];
      ++cells;
      if (value == expected) continue;
      ++different;
      const int entry = entry_of({ours, column, value, expected, is_of_slow_car});
      ++counts[{entry, session}];
      if (entry != 0) continue;
      ADD_FAILURE() << session << " car " << ours.driver_number << " lap " << ours.lap_number << " " << column
                    << ": ours " << value << ", FastF1's " << expected;
    }
  }

  void compare_session(const std::string& session, const std::map<LapKey, Lap>& laps,
                       const std::vector<CsvRow>& expected) {
    std::map<LapKey, const CsvRow*> rows;
    std::set<int> slow_cars;
    for (const CsvRow& row : expected) {
      const LapKey key{std::stoi(row.at("DriverNumber")), std::stoi(row.at("LapNumber"))};
      rows[key] = &row;
      const auto lap = laps.find(key);
      if (lap == laps.end()) {
        ADD_FAILURE() << session << " car " << key.first << " lap " << key.second << " is missing";
      } else if (is_slow_lap(lap->second, row)) {
        slow_cars.insert(key.first);
      }
    }
    for (const auto& [key, lap] : laps) {
      const auto row = rows.find(key);
      if (row != rows.end()) compare_row(session, lap, *row->second, slow_cars.contains(key.first));
      else if (lap.is_generated) ++counts[{6, session}];
      else ADD_FAILURE() << session << " car " << key.first << " lap " << key.second << " is one too many";
    }
  }
};

// Columns of which less than 99.5 % are equal: what we know and FastF1 does not, and what it says wrongly.
// The entries say why: LapStartDate 1, FreshTyre 2 and 7, LapTime 3, session times 4, reasons 5, tyres 7.
const std::map<std::string, double> lower_bars = {
    {"LapStartDate", 0.08}, {"FreshTyre", 0.79}, {"LapTime", 0.97},       {"Compound", 0.94},
    {"TyreLife", 0.94},     {"Time", 0.992},     {"LapStartTime", 0.992}, {"Sector1SessionTime", 0.994},
    {"DeletedReason", 0.9}};

void expect_bars(const Comparison& comparison) {
  for (const auto& [column, cells] : comparison.columns) {
    const auto lower = lower_bars.find(column);
    const double bar = lower == lower_bars.end() ? 0.995 : lower->second;
    const double equal = 1.0 - static_cast<double>(cells.second) / cells.first;
    std::cout << column << ": " << cells.first << " cells, " << cells.second << " different\n";
    EXPECT_GE(equal, bar) << column;
    EXPECT_TRUE(lower == lower_bars.end() || equal < 0.995) << column << " needs no lower bar";
  }
}

TEST(Parity, EveryCellOfTenSessionsIsFastF1sOrExplained) {
  if (!fs::exists(data_root() / "expected")) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: nothing compared";
  Comparison comparison;
  for (const testing_support::LapSession& session : testing_support::lap_sessions) {
    const auto expected = read_csv(data_root() / "expected" / session.expected / "laps.csv");
    EXPECT_EQ(expected.size(), session.rows);
    comparison.compare_session(session.expected, load_laps(data_root() / session.source), expected);
  }
  EXPECT_EQ(comparison.counts, documented_counts()) << "docs/fastf1-differences.md does not say what is";
  expect_bars(comparison);
}

}  // namespace
}  // namespace slipstream
