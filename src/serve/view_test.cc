#include "serve/view.h"

#include <gtest/gtest.h>

#include "serve/test_support.h"
#include "serve/tower_row.h"

namespace slipstream::serve {
namespace {

using test::record_of;

// The view of a log at a cursor as a browser would have it.
test::json::object view_at(SessionLog& log, std::int64_t cursor_ms) {
  log.settle();
  return test::fresh_view(
      log, {.cursor_ms = cursor_ms, .player = {}, .from_ms = 0, .to_ms = 0, .outline = nullptr});
}

test::json::object row_of(SessionLog& log, std::int64_t cursor_ms, const char* driver_number) {
  return view_at(log, cursor_ms).at("rows").at(driver_number).as_object();
}

record::Stint stint(std::int32_t number, const char* compound, std::int32_t at_start, std::int32_t laps) {
  record::Stint row;
  row.driver_number = 4;
  row.stint_number = number;
  row.tyre_compound = compound;
  row.tyre_age_laps_at_start = at_start;
  row.lap_count = laps;
  return row;
}

record::MiniSector mini_sector(std::int32_t lap_number, std::int32_t sector, std::int32_t number,
                               std::int32_t status) {
  record::MiniSector row;
  row.driver_number = 4;
  row.lap_number = lap_number;
  row.sector_number = sector;
  row.mini_sector_number = number;
  row.status = status;
  return row;
}

TEST(View, HigherRevisionWinsInWhateverOrderItComes) {
  SessionLog log(test::test_session);
  log.add(record_of(test::lap(4, 2, 90'000, 77'000), 1), 100);
  log.add(record_of(test::lap(4, 2, 90'000, 99'000), 0), 200);
  EXPECT_EQ(row_of(log, 300, "4").at("best_lap_time_ms"), 77'000);
}

TEST(View, HigherBuildWinsOverAHigherRevision) {
  SessionLog log(test::test_session);
  log.add(record_of(test::lap(4, 2, 90'000, 77'000), 0, false, "3.0001.a"), 100);
  log.add(record_of(test::lap(4, 2, 90'000, 99'000), 5, false, "1.0009.z"), 200);
  EXPECT_EQ(row_of(log, 300, "4").at("best_lap_time_ms"), 77'000);
}

TEST(View, WithdrawnRowsAreGoneUntilAHigherRevisionBringsThemBack) {
  SessionLog log(test::test_session);
  log.add(record_of(test::lap(4, 2, 90'000, 77'000), 0), 100);
  log.add(record_of(test::lap(4, 3, 190'000, 76'000), 0), 200);
  log.add(record_of(test::lap(4, 3, 190'000, 76'000), 1, true), 300);
  log.add(record_of(test::lap(4, 3, 190'000, 75'000), 2), 400);
  EXPECT_EQ(row_of(log, 250, "4").at("best_lap_time_ms"), 76'000);
  EXPECT_EQ(row_of(log, 350, "4").at("best_lap_time_ms"), 77'000);
  EXPECT_EQ(row_of(log, 450, "4").at("best_lap_time_ms"), 75'000);
}

TEST(View, TimingRowThatIsWithdrawnGivesTheOneBefore) {
  SessionLog log(test::test_session);
  log.add(record_of(test::timing(4, 100, 3)), 100);
  log.add(record_of(test::timing(4, 200, 1)), 200);
  log.add(record_of(test::timing(4, 200, 1), 1, true), 300);
  EXPECT_EQ(row_of(log, 200, "4").at("position"), 1);
  EXPECT_EQ(row_of(log, 300, "4").at("position"), 3);
}

TEST(View, CorrectionOfAnOldTimingRowDoesNotReplaceTheNewest) {
  SessionLog log(test::test_session);
  log.add(record_of(test::timing(4, 100, 3)), 100);
  log.add(record_of(test::timing(4, 200, 1)), 200);
  log.add(record_of(test::timing(4, 100, 9), 1), 300);
  EXPECT_EQ(row_of(log, 300, "4").at("position"), 1);
}

TEST(View, TyreIsOfTheLatestStintAndAgesWithIt) {
  SessionLog log(test::test_session);
  log.add(record_of(stint(1, "SOFT", 3, 5)), 100);
  log.add(record_of(stint(2, "HARD", 0, 1)), 200);
  log.add(record_of(stint(2, "HARD", 0, 2), 1), 300);
  EXPECT_EQ(row_of(log, 100, "4").at("tyre_age_laps"), 8);
  EXPECT_EQ(row_of(log, 300, "4").at("tyre_compound"), "HARD");
  EXPECT_EQ(row_of(log, 300, "4").at("tyre_age_laps"), 2);
}

TEST(View, MiniSectorsAreThoseOfTheNewestLap) {
  SessionLog log(test::test_session);
  log.add(record_of(mini_sector(1, 1, 1, 2049)), 100);
  log.add(record_of(mini_sector(1, 3, 2, 2051)), 150);
  log.add(record_of(mini_sector(2, 1, 1, 2048)), 200);
  log.add(record_of(mini_sector(1, 3, 2, 2048), 1), 300);
  log.add(record_of(test::timing(4, 100, 1)), 50);
  EXPECT_EQ(row_of(log, 150, "4").at("mini_sectors"), test::json::parse("[[2049],[],[null,2051]]"));
  EXPECT_EQ(row_of(log, 300, "4").at("mini_sectors"), test::json::parse("[[2048],[],[]]"));
}

TEST(View, BestLapOfTheTimingScreenCountsAndMayBeClearedBetweenTheParts) {
  SessionLog log(test::test_session);
  record::Timing row = test::timing(4, 100, 1);
  row.best_lap_time_ms = 75'000;
  log.add(record_of(test::lap(4, 2, 90, 76'000)), 90);
  log.add(record_of(row), 100);
  log.add(record_of(test::timing(4, 200, 1)), 200);
  EXPECT_EQ(row_of(log, 90, "4").at("best_lap_time_ms"), 76'000);
  EXPECT_EQ(row_of(log, 100, "4").at("best_lap_time_ms"), 75'000);
  EXPECT_TRUE(row_of(log, 100, "4").at("is_best_lap_overall").as_bool());
  EXPECT_TRUE(row_of(log, 200, "4").at("best_lap_time_ms").is_null());
  EXPECT_FALSE(row_of(log, 200, "4").at("is_best_lap_overall").as_bool());
}

TEST(View, DeletedLapIsNoBestLap) {
  SessionLog log(test::test_session);
  record::Lap deleted = test::lap(4, 2, 90, 70'000);
  log.add(record_of(deleted), 90);
  log.add(record_of(test::lap(4, 3, 190, 76'000)), 190);
  deleted.is_deleted = true;
  log.add(record_of(deleted, 1), 200);
  EXPECT_EQ(row_of(log, 190, "4").at("best_lap_time_ms"), 70'000);
  EXPECT_EQ(row_of(log, 200, "4").at("best_lap_time_ms"), 76'000);
}

TEST(View, PartsRunFromStartedToFinishedAndARedFlagEndsNone) {
  View view;
  const Version version;
  std::vector<record::SessionStatus> rows;
  for (const char* status :
       {"Inactive", "Started", "Aborted", "Started", "Finished", "Inactive", "Started"}) {
    const auto number = static_cast<std::int32_t>(rows.size());
    rows.push_back(test::session_status(number, number * 100, status));
  }
  for (const record::SessionStatus& row : rows) apply(view, {row.session_time_ms, version, &row, false});
  const std::vector<PartSpan> parts = part_spans(view);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].from_ms, 100);
  EXPECT_EQ(parts[0].to_ms, 400);
  EXPECT_EQ(parts[1].part_number, 2);
  EXPECT_EQ(parts[1].to_ms, std::nullopt);
}

TEST(View, FlagsBecomeBandsAndIncidentsTicks) {
  SessionLog log(test::test_session);
  std::int32_t number = 0;
  for (const char* status : {"1", "2", "1", "4", "5"}) {
    record::TrackStatus row;
    row.message_number = number;
    row.session_time_ms = number * 10'000;
    row.status = status;
    log.add(record_of(row), number++ * 10'000);
  }
  record::RaceControl red = test::race_control(0, 40'000, "RED FLAG");
  red.flag = "RED";
  log.add(record_of(red), 40'000);
  log.add(
      record_of(test::race_control(1, 41'000, "TURN 4 INCIDENT INVOLVING CARS 10 (GAS) AND 1 (VER) NOTED")),
      41'000);
  log.add(record_of(test::race_control(2, 42'000, "FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 10 AND 1")),
          42'000);
  const auto timeline = view_at(log, 47'000).at("timeline").as_object();
  EXPECT_EQ(timeline.at("bands"), test::json::parse(R"([{"from_ms":10000,"to_ms":20000,"status":"2"},
      {"from_ms":30000,"to_ms":40000,"status":"4"},{"from_ms":40000,"to_ms":45000,"status":"5"}])"));
  ASSERT_EQ(timeline.at("ticks").as_array().size(), 2u);
  EXPECT_EQ(timeline.at("ticks").at(0).at("kind"), "red_flag");
  EXPECT_EQ(timeline.at("ticks").at(1).at("kind"), "incident");
}

TEST(View, CarsAreThoseWithASampleInTheLastFiveSeconds) {
  SessionLog log(test::test_session);
  log.add(record_of(test::position(4, 1000, 10, 20)), 1000);
  log.add(record_of(test::position(1, 5000, 10, 20)), 5000);
  EXPECT_EQ(view_at(log, 6100).at("cars").as_object().size(), 1u);
  EXPECT_TRUE(view_at(log, 6100).at("cars").as_object().contains("1"));
}

TEST(View, SampleWithoutAPlaceIsUnknownAndNotZero) {
  SessionLog log(test::test_session);
  record::PositionSample zero = test::position(4, 1000, 0, 0);
  zero.quality = "zero";
  log.add(record_of(zero), 1000);
  const auto car = view_at(log, 3000).at("cars").at("4").as_object();
  EXPECT_TRUE(car.at("x_dm").is_null());
  EXPECT_TRUE(car.at("speed_kmh").is_null());
  EXPECT_TRUE(car.at("is_braking").is_null());
}

}  // namespace
}  // namespace slipstream::serve
