// Five laps of the Mexico City qualifying against FastF1's telemetry of them.
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <map>

#include "tests/expected_csv.h"
#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

using record::Telemetry;
using testing_support::CsvRow;

struct ReferenceLap {
  const char* name;  // of the files: car_NOR_20.csv
  int driver_number, lap_number;
  double end_error_m_max;
};
// The bar is 10 m at the end of the lap. Of NOR's lap samples are missing: FastF1 counts the speed before the
// gap for all of it, we the mean of both ends, and the car braked.
constexpr ReferenceLap reference_laps[] = {
    {"VER_17", 1, 17, 10},  {"NOR_20", 4, 20, 16},  {"LEC_19", 16, 19, 10},
    {"HAM_20", 44, 20, 10}, {"RUS_17", 63, 17, 10},
};

using Rows = std::map<std::pair<UtcTime, record::Word>, Telemetry>;  // by date and source

// The last rows of the reference laps' cars, read once.
const std::map<int, Rows>& all_rows() {
  static const std::map<int, Rows> rows = [] {
    std::map<int, Rows> kept;
    auto source =
        feed::open_source((testing_support::data_root() / testing_support::lap_sessions[7].source).string());
    if (!source) return kept;
    session::EngineOptions options{(*source)->info().name, (*source)->info().kind};
    options.is_batch = true;
    session::Engine engine(options);
    session::Output output;
    const auto take = [&] {
      for (auto& published : output.rows<Telemetry>()) {
        const Telemetry& row = published.row;
        for (const ReferenceLap& lap : reference_laps) {
          if (row.driver_number == lap.driver_number)
            kept[row.driver_number][{row.sample_date, row.source}] = row;
        }
      }
      output.clear();
    };
    feed::SourceItem item;
    while ((*source)->next(item).value_or(false)) {
      if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
      take();
    }
    while (engine.finish_some(output)) take();
    take();
    return kept;
  }();
  return rows;
}

class TelemetryParity : public testing::TestWithParam<ReferenceLap> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(file("car"))) GTEST_SKIP() << file("car") << " is not there";
    ASSERT_TRUE(all_rows().contains(GetParam().driver_number));
  }
  static std::filesystem::path file(const std::string& kind) {
    return testing_support::data_root() / "expected" / testing_support::lap_sessions[7].expected /
           (kind + '_' + GetParam().name + ".csv");
  }
  static const Telemetry* find(const CsvRow& expected, const char* source) {
    const auto date = parse_utc(expected.at("Date") + 'Z');
    EXPECT_TRUE(date) << expected.at("Date");
    const Rows& rows = all_rows().at(GetParam().driver_number);
    const auto row = rows.find({date.value_or(UtcTime{}), record::Word(source)});
    return row == rows.end() ? nullptr : &row->second;
  }
};

void expect_value(std::optional<int> value, const std::string& expected, const char* name) {
  if (value) {
    EXPECT_EQ(*value, std::lround(std::stod(expected))) << name;
  }
}

TEST_P(TelemetryParity, OriginalSamplesOfTheCarAreTheSame) {
  const auto expected = testing_support::read_csv(file("car"));
  ASSERT_GT(expected.size(), 200u);
  for (const CsvRow& sample : expected) {
    const Telemetry* row = find(sample, "car");
    ASSERT_TRUE(row) << sample.at("Date");
    EXPECT_EQ(row->lap_number, GetParam().lap_number);
    ASSERT_TRUE(row->speed_kmh && row->rpm && row->gear);
    expect_value(row->speed_kmh, sample.at("Speed"), "Speed");
    expect_value(row->rpm, sample.at("RPM"), "RPM");
    expect_value(row->gear, sample.at("nGear"), "nGear");
    expect_value(row->drs, sample.at("DRS"), "DRS");
    if (sample.at("Throttle") != "104")
      expect_value(row->throttle_pct.value_or(-1), sample.at("Throttle"), "Throttle");
    if (row->is_braking) {
      EXPECT_EQ(*row->is_braking, sample.at("Brake") == "true");
    }
  }
}

TEST_P(TelemetryParity, OriginalPositionsAreTheSame) {
  const auto expected = testing_support::read_csv(file("pos"));
  ASSERT_GT(expected.size(), 200u);
  for (const CsvRow& sample : expected) {
    const Telemetry* row = find(sample, "pos");
    ASSERT_TRUE(row) << sample.at("Date");
    expect_value(row->x_dm.value_or(0), sample.at("X"), "X");
    expect_value(row->y_dm.value_or(0), sample.at("Y"), "Y");
    expect_value(row->z_dm.value_or(0), sample.at("Z"), "Z");
    EXPECT_EQ(row->status, sample.at("Status"));
  }
}

TEST_P(TelemetryParity, PositionsBetweenAreWithinAMetreAndDistanceEndsTheSame) {
  std::vector<double> errors_m;
  double last_error_m = 0;
  int compared = 0;
  for (const CsvRow& sample : testing_support::read_csv(file("telemetry"))) {
    if (sample.at("Source") != "car" && sample.at("Source") != "pos") continue;  // FastF1's edges of the lap
    const Telemetry* row = find(sample, sample.at("Source").c_str());
    ASSERT_TRUE(row) << sample.at("Date");
    if (sample.at("Source") == "car" && row->x_dm && row->y_dm) {
      errors_m.push_back(
          std::hypot(*row->x_dm - std::stod(sample.at("X")), *row->y_dm - std::stod(sample.at("Y"))) / 10);
    }
    if (!row->distance_m) continue;
    last_error_m = std::abs(*row->distance_m - std::stod(sample.at("Distance")));
    ++compared;
  }
  ASSERT_GT(errors_m.size(), 200u);
  ASSERT_GT(compared, 400);
  std::ranges::sort(errors_m);
  EXPECT_LT(errors_m[errors_m.size() * 99 / 100], 1.0) << "99th percentile of x, y";
  EXPECT_LT(last_error_m, GetParam().end_error_m_max);
}

INSTANTIATE_TEST_SUITE_P(MexicoCity, TelemetryParity, testing::ValuesIn(reference_laps),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace slipstream
