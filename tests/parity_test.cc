// Our lap tables beside FastF1's, on the same bytes: SLIPSTREAM_DATA/expected, made with FastF1 3.9.
//
// What differs and why is in docs/fastf1-differences.md; the bars here keep what has been reached.
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "feed/source.h"
#include "session/engine.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using record::Lap;
using LapKey = std::pair<int, int>;

struct Case {
  const char* expected;
  const char* source;
  std::size_t rows;
};

constexpr Case cases[] = {
    {"2025_mexico_city_qualifying", "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
     307},
    {"2025_miami_sprint", "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint", 331},
    {"2024_british_practice_1", "archive/2024/2024-07-07_British_Grand_Prix/2024-07-05_Practice_1", 459},
    {"2024_spanish_qualifying", "archive/2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying", 257},
    {"2020_hungarian_practice_2", "archive/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2", 109},
    {"2025_italy_race", "recordings/2025_italy_race.fastf1.txt.gz", 974},
};

fs::path data_root() {
  const char* root = std::getenv("SLIPSTREAM_DATA");
  return root && *root ? root : "../shared/data";
}

// The laps as they stand at the end: the last revision of each, without those withdrawn.
std::map<LapKey, Lap> load_laps(const fs::path& path) {
  auto source = feed::open_source(path.string());
  EXPECT_TRUE(source) << source.error().message;
  session::Engine engine({(*source)->info().name, (*source)->info().kind});
  session::Output output;
  std::map<LapKey, Lap> laps;
  const auto take = [&] {
    for (auto& published : output.rows<Lap>()) {
      const LapKey key{published.row.driver_number, published.row.lap_number};
      if (published.envelope.is_withdrawn) laps.erase(key);
      else laps.insert_or_assign(key, std::move(published.row));
    }
    output.clear();
  };
  feed::SourceItem item;
  while ((*source)->next(item).value_or(false)) {
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    take();
  }
  engine.finish(output);
  take();
  return laps;
}

// FastF1's table, column by name; fields are plain (no quotes in these columns).
std::map<LapKey, std::map<std::string, std::string>> read_expected(const fs::path& path) {
  std::map<LapKey, std::map<std::string, std::string>> rows;
  std::ifstream file(path);
  std::string line, cell;
  std::vector<std::string> names;
  std::getline(file, line);
  for (std::stringstream header(line); std::getline(header, cell, ',');) names.push_back(cell);
  while (std::getline(file, line)) {
    std::map<std::string, std::string> row;
    std::stringstream cells(line);
    for (const std::string& name : names) std::getline(cells, row[name], ',');
    rows[{std::stoi(row["DriverNumber"]), std::stoi(row["LapNumber"])}] = row;
  }
  return rows;
}

std::string text(const std::optional<record::Int>& value) { return value ? std::to_string(*value) : ""; }
std::string text(const std::optional<std::string>& value) { return value.value_or(""); }
std::string text(const std::optional<bool>& value) { return value ? (*value ? "true" : "false") : ""; }

// What our row says under FastF1's name of the column.
std::map<std::string, std::string> as_fastf1(const Lap& lap) {
  return {{"LapTime", text(lap.lap_time_ms)},
          {"Sector1Time", text(lap.sector1_time_ms)},
          {"Sector2Time", text(lap.sector2_time_ms)},
          {"Sector3Time", text(lap.sector3_time_ms)},
          {"PitOutTime", text(lap.pit_out_time_ms)},
          {"PitInTime", text(lap.pit_in_time_ms)},
          {"SpeedI1", text(lap.speed_trap_1_kmh)},
          {"SpeedI2", text(lap.speed_trap_2_kmh)},
          {"SpeedFL", text(lap.speed_finishline_kmh)},
          {"SpeedST", text(lap.speed_straight_kmh)},
          {"Compound", text(lap.tyre_compound)},
          {"TyreLife", text(lap.tyre_life_laps)},
          {"IsPersonalBest", text(lap.is_personal_best)},
          {"TrackStatus", text(lap.track_status)},
          {"Position", text(lap.position)},
          {"Deleted", text(lap.is_deleted)},
          {"IsAccurate", text(std::optional(lap.is_accurate))}};
}

class Parity : public testing::TestWithParam<Case> {};

TEST_P(Parity, LapTableIsFastF1s) {
  const fs::path source = data_root() / GetParam().source;
  if (!fs::exists(source)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << source << " not compared";
  const auto ours = load_laps(source);
  const auto expected = read_expected(data_root() / "expected" / GetParam().expected / "laps.csv");
  ASSERT_EQ(expected.size(), GetParam().rows);
  EXPECT_EQ(ours.size(), expected.size());
  std::map<std::string, int> different;
  int cells = 0, different_cells = 0;
  for (const auto& [key, row] : expected) {
    const auto lap = ours.find(key);
    if (lap == ours.end()) {
      ADD_FAILURE() << "car " << key.first << " lap " << key.second << " is missing";
      continue;
    }
    for (const auto& [name, value] : as_fastf1(lap->second)) {
      ++cells;
      if (row.at(name) == value) continue;
      ++different_cells;
      if (++different[name] <= 3) {
        std::cout << "car " << key.first << " lap " << key.second << " " << name << ": ours " << value
                  << ", FastF1's " << row.at(name) << "\n";
      }
    }
  }
  EXPECT_EQ(different["LapTime"], 0);
  EXPECT_EQ(different["Sector1Time"] + different["Sector2Time"] + different["Sector3Time"], 0);
  EXPECT_LE(different_cells * 1000, cells * 5) << "0.5 % of " << cells << " cells may differ";
}

INSTANTIATE_TEST_SUITE_P(Sessions, Parity, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.expected); });

}  // namespace
}  // namespace slipstream
