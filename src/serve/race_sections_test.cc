#include "serve/race_sections.h"

#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

using test::json::object;

// A race of two cars of which the second comes nearer, by `gaps_ms` at the end of laps 1, 2, ...
class TwoCars {
 public:
  explicit TwoCars(std::vector<std::int32_t> gaps_ms, std::string kind = "race") {
    record::Session session;
    session.session_kind = std::move(kind);
    add(session);
    add(test::session_status(0, 1'000, "Started"));
    for (std::size_t i = 0; i < gaps_ms.size(); ++i) {
      const auto number = static_cast<std::int32_t>(i) + 1;
      add(test::lap(1, number, 90'000 * number, 90'000));
      add(test::lap(4, number, 90'000 * number + gaps_ms[i], 90'000));
    }
    add(test::timing(1, 400'000, 1));
    record::Timing behind = test::timing(4, 400'000, 2);
    behind.interval_ms = gaps_ms.back();
    add(behind);
  }
  template <class Row>
  void add(Row row) {
    log_.add(test::record_of(std::move(row)), 500'000);
  }
  object view() {
    log_.settle();
    FrameContext context;
    context.cursor_ms = 600'000;
    return test::fresh_view(log_, context);
  }

 private:
  SessionLog log_{test::test_session};
};

TEST(RaceSections, ABattleIsAGapUnderASecondThatClosesForThreeLaps) {
  const object battle = TwoCars({1900, 1500, 1100, 700}).view().at("battle").as_object();
  EXPECT_EQ(battle.at("behind_driver_number").as_int64(), 4);
  EXPECT_EQ(battle.at("ahead_driver_number").as_int64(), 1);
  EXPECT_EQ(battle.at("interval_ms").as_int64(), 700);
  EXPECT_EQ(battle.at("line_gaps_ms").as_array().size(), 4u);
}

TEST(RaceSections, NoBattleWhereTheGapGrowsIsWideOrNotOnTheRoad) {
  EXPECT_TRUE(TwoCars({1900, 1500, 1600, 700}).view().at("battle").is_null());
  EXPECT_TRUE(TwoCars({2900, 2500, 2100, 1700}).view().at("battle").is_null());
  EXPECT_TRUE(TwoCars({1500, 1100, 700}).view().at("battle").is_null()) << "two laps";
  EXPECT_TRUE(TwoCars({1900, 1500, 1100, 700}, "qualifying").view().at("battle").is_null());
  TwoCars cars({1900, 1500, 1100, 700});
  record::Timing ahead = test::timing(1, 450'000, 1);
  ahead.is_in_pit = true;
  cars.add(ahead);
  EXPECT_TRUE(cars.view().at("battle").is_null());
  TwoCars at_the_flag({1900, 1500, 1100, 700});
  at_the_flag.add(test::session_status(1, 500'000, "Finished"));
  EXPECT_TRUE(at_the_flag.view().at("battle").is_null());
}

TEST(RaceSections, NoBattleWhereAnyOfItsLapsWasBehindTheSafetyCar) {
  const auto with_safety_car = [](std::int32_t from_ms, std::int32_t to_ms) {
    TwoCars cars({1900, 1500, 1100, 700});
    record::TrackStatus row;
    row.message_number = 1;
    row.session_time_ms = from_ms;
    row.status = "4";
    cars.add(row);
    row.message_number = 2;
    row.session_time_ms = to_ms;
    row.status = "1";
    cars.add(row);
    return cars.view();
  };
  EXPECT_TRUE(with_safety_car(50'000, 200'000).at("battle").is_null());
  EXPECT_TRUE(with_safety_car(200'000, 250'000).at("battle").is_null());
  EXPECT_FALSE(with_safety_car(20'000, 60'000).at("battle").is_null()) << "before its laps";
}

TEST(RaceSections, AStopHasTheTyresBeforeAndAfterIt) {
  TwoCars cars({700});
  for (const auto& [number, first_lap, compound] : {std::tuple(1, 1, "MEDIUM"), std::tuple(2, 18, "HARD")}) {
    record::Stint stint;
    stint.driver_number = 4;
    stint.stint_number = number;
    stint.first_lap_number = first_lap;
    stint.tyre_compound = compound;
    cars.add(stint);
  }
  record::PitStop stop;
  stop.driver_number = 4;
  stop.stop_number = 1;
  stop.lap_number = 17;
  stop.pit_in_time_ms = 480'000;
  stop.source = "series";
  cars.add(stop);
  const auto shown = [&] { return cars.view().at("pit_stops").at("4").at(0).as_object(); };
  EXPECT_EQ(shown().at("compound_before").as_string(), "MEDIUM");
  EXPECT_TRUE(shown().at("compound_after").is_null()) << "it stands in the pits";
  stop.pit_out_time_ms = 509'000;
  cars.add(stop);
  EXPECT_EQ(shown().at("compound_after").as_string(), "HARD");
}

TEST(RaceSections, ACarHasItsStintsWithTheirLengths) {
  TwoCars cars({700});
  record::Stint stint;
  stint.driver_number = 4;
  stint.stint_number = 1;
  stint.tyre_compound = "MEDIUM";
  stint.tyre_age_laps_at_start = 3;
  stint.first_lap_number = 1;
  stint.lap_count = 17;
  cars.add(stint);
  const object shown = cars.view().at("stints").at("4").at(0).as_object();
  EXPECT_EQ(shown.at("tyre_compound").as_string(), "MEDIUM");
  EXPECT_EQ(shown.at("lap_count").as_int64(), 17);
  EXPECT_EQ(shown.at("tyre_age_laps_at_start").as_int64(), 3);
  EXPECT_TRUE(shown.at("last_lap_number").is_null()) << "it goes on";
}

TEST(RaceSections, PenaltiesAndResultsGoByNumber) {
  TwoCars cars({700});
  record::Penalty penalty;
  penalty.penalty_number = 3;
  penalty.driver_number = 4;
  penalty.kind = "time";
  penalty.seconds = 5;
  penalty.state = "imposed";
  penalty.imposed_message_number = 12;
  cars.add(penalty);
  record::SessionResult result;
  result.driver_number = 4;
  result.position = 2;
  result.penalty_ms = 5000;
  cars.add(result);
  const object view = cars.view();
  EXPECT_EQ(view.at("penalties").at("3").at("state").as_string(), "imposed");
  EXPECT_EQ(view.at("results").at("4").at("penalty_ms").as_int64(), 5000);
  EXPECT_TRUE(view.at("results").at("4").at("is_provisional").as_bool());
}

}  // namespace
}  // namespace slipstream::serve
