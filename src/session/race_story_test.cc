// Pit stops, overtakes and points: what a race tells beside its laps.
#include <gtest/gtest.h>

#include "session/overtakes.h"
#include "session/pit_stops.h"
#include "session/season_rules.h"

namespace slipstream::session {
namespace {

record::Lap lap(Int number, optional<Int> pit_out_ms = {}, optional<Int> pit_in_ms = {}) {
  record::Lap row;
  row.driver_number = 18;
  row.lap_number = number;
  row.pit_out_time_ms = pit_out_ms;
  row.pit_in_time_ms = pit_in_ms;
  return row;
}

TEST(PitStops, D14TheBestSourceThatTellsOfAStopNamesIt) {
  const std::vector<record::Lap> laps = {lap(12), lap(13, {}, 3'896'660), lap(14, 3'927'377)};
  const auto only = [](const std::vector<record::PitStop>& stops) {
    EXPECT_EQ(stops.size(), 1u);
    return stops.empty() ? record::PitStop{} : stops.front();
  };
  PitTimes times;
  record::PitStop stop = only(build_pit_stops(laps, times, false));
  EXPECT_EQ(stop.source, "timing");
  EXPECT_EQ(stop.lane_duration_ms, 30'717);
  EXPECT_EQ(stop.lap_number, 13);
  PitTimes::add(times.lane_times, {13, 30'900, {}});
  stop = only(build_pit_stops(laps, times, false));
  EXPECT_EQ(stop.source, "pit_lane_times");
  EXPECT_EQ(stop.lane_duration_ms, 30'900);
  EXPECT_EQ(stop.stationary_duration_ms, std::nullopt);
  PitTimes::add(times.series, {13, 30'852, 4'900});
  PitTimes::add(times.series, {13, 30'852, 4'900});  // F1 sends each twice
  stop = only(build_pit_stops(laps, times, false));
  EXPECT_EQ(stop.source, "series");
  EXPECT_EQ(stop.lane_duration_ms, 30'852);
  EXPECT_EQ(stop.stationary_duration_ms, 4'900);
  EXPECT_EQ(stop.pit_out_time_ms, 3'927'377);
}

TEST(PitStops, AStopRunsUntilTheCarIsOut) {
  const std::vector<record::Lap> laps = {lap(1), lap(2, {}, 100'000)};
  const auto running = build_pit_stops(laps, {}, true);
  ASSERT_EQ(running.size(), 1u);
  EXPECT_EQ(running[0].pit_out_time_ms, std::nullopt);
  EXPECT_EQ(running[0].lane_duration_ms, std::nullopt);
}

// A race of three cars; every message names positions.
class Order {
 public:
  Order& at(Int at_ms, std::initializer_list<std::pair<Int, Int>> positions, Int lap_number = 5,
            bool is_racing = true) {
    for (const auto& [number, position] : positions) log_.take_position(number, position, lap_number);
    log_.end_message(at_ms, is_racing);
    return *this;
  }
  Order& restarts() {
    log_.take_start();
    return *this;
  }
  // The car has stopped, or drives on, with that many laps.
  Order& stops(Int number, Int laps_completed, bool is_retired = true) {
    stopped_ = {number, laps_completed, {}, false, false, is_retired};
    log_.take_retirement(number);
    return *this;
  }
  RaceCar pits, retires;
  std::vector<record::Overtake> settle(Int now_ms) {
    return log_.settle(now_ms, [this](Int number) {
      if (number == stopped_.driver_number) return stopped_;
      RaceCar car;
      car.driver_number = number;
      car.laps_completed = 4;
      car.is_in_pit = number == pits.driver_number;
      car.is_retired = number == retires.driver_number;
      return car;
    });
  }

 private:
  OvertakeLog log_;
  RaceCar stopped_;
};

Order grid() { return Order().at(0, {{1, 1}, {4, 2}, {81, 3}}, 5, false); }

TEST(Overtakes, APassThatStandsCounts) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}});
  EXPECT_TRUE(order.settle(11'000).empty()) << "not yet";
  const auto passes = order.settle(11'001);
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_EQ(passes[0].overtake_number, 0);
  EXPECT_EQ(passes[0].driver_number, 4);
  EXPECT_EQ(passes[0].overtaken_driver_number, 1);
  EXPECT_EQ(passes[0].position, 1);
  EXPECT_EQ(passes[0].lap_number, 5);
  EXPECT_EQ(passes[0].kind, "on_track");
  EXPECT_EQ(passes[0].session_time_ms, 1'000);
}

TEST(Overtakes, ASwapInTwoMessagesIsOnePass) {
  Order order = grid();
  order.at(1'000, {{4, 1}}).at(1'200, {{1, 2}});
  EXPECT_EQ(order.settle(20'000).size(), 1u);
}

TEST(Overtakes, ToAndFroCountsAtMostOnce) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}}).at(3'000, {{1, 1}, {4, 2}});
  EXPECT_TRUE(order.settle(11'500).empty())
      << "nobody is ahead of whom he was behind, but the pass back is open";
  order.at(12'000, {{1, 2}, {4, 1}});
  EXPECT_EQ(order.settle(30'000).size(), 1u);
}

TEST(Overtakes, APassThatIsTakenBackAtOnceIsNoneAndTheNextOneCounts) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}});
  EXPECT_EQ(order.settle(20'000).size(), 1u);
  order.at(21'000, {{1, 1}, {4, 2}}).at(23'000, {{1, 2}, {4, 1}});
  EXPECT_TRUE(order.settle(40'000).empty()) << "car 4 was ahead, and is: it has passed nobody anew";
  order.at(41'000, {{1, 1}, {4, 2}});
  const auto passes = order.settle(60'000);
  ASSERT_EQ(passes.size(), 1u);
  EXPECT_EQ(passes[0].driver_number, 1);
}

TEST(Overtakes, ThoseOfALapThatACarDoesNotEndAreItsRetirementHoweverLateF1SaysSo) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}}).settle(20'000);
  order.at(21'000, {{1, 3}, {81, 2}});
  EXPECT_EQ(order.settle(40'000).at(0).kind, "on_track");
  const auto changed = order.stops(1, 4).settle(62'000);
  ASSERT_EQ(changed.size(), 2u);
  EXPECT_EQ(changed[0].overtake_number, 0);
  EXPECT_EQ(changed[0].kind, "retirement");
  EXPECT_EQ(changed[1].overtake_number, 1);
}

TEST(Overtakes, P11_ACarThatDrivesOnWasPassedOnTrack) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}}).stops(1, 4);
  EXPECT_EQ(order.settle(20'000).at(0).kind, "retirement");
  EXPECT_EQ(order.stops(1, 4, false).settle(30'000).at(0).kind, "on_track");
}

TEST(Overtakes, APassOfAnEarlierLapIsNoRetirement) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}}).settle(20'000);
  EXPECT_TRUE(order.stops(1, 5).settle(90'000).empty()) << "it drove that lap to its end, and another one";
}

TEST(Overtakes, AreToldApart) {
  const auto kind_of = [](auto prepare, Int lap_number = 5) {
    Order order = grid();
    prepare(order);
    order.at(1'000, {{1, 2}, {4, 1}}, lap_number);
    const auto passes = order.settle(20'000);
    return passes.empty() ? std::string("none") : passes[0].kind;
  };
  EXPECT_EQ(kind_of([](Order& order) { order.pits.driver_number = 1; }), "pit");
  EXPECT_EQ(kind_of([](Order& order) { order.retires.driver_number = 1; }), "retirement");
  EXPECT_EQ(kind_of([](Order& order) { order.restarts(); }), "restart");
  EXPECT_EQ(kind_of([](Order& order) { order.restarts(); }, 6), "on_track");
}

TEST(Overtakes, NothingIsPassedWhileTheRaceIsSuspended) {
  Order order = grid();
  order.at(1'000, {{1, 2}, {4, 1}}, 5, false);
  EXPECT_TRUE(order.settle(20'000).empty());
}

TEST(SeasonRules, RacesAndSprintsGiveTheirPoints) {
  EXPECT_EQ(points_table(2025, false, {57, 57}).points[0], 25);
  EXPECT_EQ(points_table(2025, true, {19, 19}).points[7], 1);
  EXPECT_EQ(points_table(2021, true, {17, 17}).points.size(), 3u);
  EXPECT_TRUE(points_table(2020, true, {17, 17}).points.empty());
  EXPECT_EQ(points_table(2025, true, {5, 19, true}).scale, PointsScale::none) << "under half of the distance";
}

TEST(SeasonRules, D6AStoppedRaceGivesFewerPoints) {
  const PointsTable spa_2021 = points_table(2021, false, {3, 44, true});
  EXPECT_EQ(spa_2021.points[0] * spa_2021.factor, 12.5);
  EXPECT_EQ(spa_2021.points[1] * spa_2021.factor, 9);
  EXPECT_EQ(points_table(2022, false, {10, 50, true, 2}).points[0], 6);
  EXPECT_EQ(points_table(2022, false, {20, 50, true, 2}).points[0], 13);
  EXPECT_EQ(points_table(2022, false, {30, 50, true, 2}).points[0], 19);
  EXPECT_EQ(points_table(2022, false, {40, 50, true, 2}).points[0], 25);
  EXPECT_EQ(points_table(2022, false, {30, 50, true, 1}).scale, PointsScale::none) << "behind the safety car";
  EXPECT_EQ(points_table(2022, false, {10, 50, false}).points[0], 25) << "it still runs";
}

TEST(SeasonRules, PointsOfAStoppedSprintAreHalvedIn2021AndNoneBelowHalfLater) {
  const RaceDistance a_third{8, 24, true, 8}, two_thirds{16, 24, true, 16};
  EXPECT_EQ(points_table(2021, true, a_third).factor, 0.5);
  EXPECT_EQ(points_table(2021, true, two_thirds).factor, 0.5);
  EXPECT_EQ(points_table(2021, true, {1, 24, true, 1}).scale, PointsScale::none);
  EXPECT_EQ(points_table(2022, true, a_third).scale, PointsScale::none);
  EXPECT_EQ(points_table(2022, true, two_thirds).points.front(), 8);
  EXPECT_EQ(points_table(2020, true, two_thirds).scale, PointsScale::none);
}

TEST(SeasonRules, TheFastestLapCountedForSixSeasons) {
  EXPECT_FALSE(has_fastest_lap_point(2018, false, {50, 50}));
  EXPECT_TRUE(has_fastest_lap_point(2019, false, {50, 50}));
  EXPECT_TRUE(has_fastest_lap_point(2024, false, {50, 50}));
  EXPECT_FALSE(has_fastest_lap_point(2025, false, {50, 50}));
  EXPECT_FALSE(has_fastest_lap_point(2024, true, {20, 20}));
  EXPECT_FALSE(has_fastest_lap_point(2024, false, {20, 50, true}));
}

TEST(SeasonRules, NinetyPercentAreRoundedDown) {
  EXPECT_EQ(classified_laps(53), 47);
  EXPECT_EQ(classified_laps(50), 45);
  EXPECT_EQ(classified_laps(1), 0);
}

}  // namespace
}  // namespace slipstream::session
