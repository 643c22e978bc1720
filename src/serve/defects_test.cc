// Regression tests for faults of the system that this one replaces; D10 to D20 count them in the order in
// which they were found there.
#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve {
namespace {

class ReferenceDefects : public ::testing::Test, public test::HubFixture {
 protected:
  // What a viewer has who has sought to this session time.
  test::json::object view_at(std::int64_t session_time_ms) {
    const auto peer = join();
    pass(100);
    hub.receive(*peer, R"({"type":"seek","session_time_ms":)" + std::to_string(session_time_ms) + "}");
    return peer->browser.view();
  }
};

// Defect 10: cars were ranked by distance travelled. A car that was lapped in the pits, or that stands
// further along the track, is where F1's timing says.
TEST_F(ReferenceDefects, D10RankIsTheTimingPositionNeverTheDistance) {
  add(test::timing(4, 100, 2), 100);
  add(test::timing(1, 100, 1), 100);
  for (std::int32_t ms = 0; ms < 4000; ms += 250) {
    add(test::position(4, ms, ms * 50, 0), ms);  // car 4 has driven far, car 1 stands
    add(test::position(1, ms, 0, 0), ms);
  }
  add(test::lap(4, 9, 3000, 70'000), 3000);
  const auto rows = view_at(4500).at("rows").as_object();
  EXPECT_EQ(rows.at("1").at("position"), 1);
  EXPECT_EQ(rows.at("4").at("position"), 2);
}

// Defect 11: the page said CONNECTED whatever happened. The server sends at least one frame a second, also
// when a session stands still or is awaited, so that silence tells a page the truth.
TEST_F(ReferenceDefects, D11SilenceMeansThatTheConnectionIsBroken) {
  const auto waiting = join();
  pass(3'000);
  EXPECT_GE(waiting->frames.size(), 3u);
  add(test::timing(4, 100, 2), 100);
  hub.set_edge(test::test_session, 100, Mode::live, 1);
  const auto live = join(), paused = join();
  hub.receive(*paused, R"({"type":"pause"})");
  const std::size_t live_before = live->frames.size(), paused_before = paused->frames.size();
  pass(5'000);
  EXPECT_GE(live->frames.size(), live_before + 4);
  EXPECT_GE(paused->frames.size(), paused_before + 4);
}

// Defect 12: the first state that a page got was never read, so whoever came late saw a half-empty screen.
TEST_F(ReferenceDefects, D12LateViewerHasEverythingThatAnEarlyOneHas) {
  hub.set_edge(test::test_session, 0, Mode::live, 1);
  const auto early = join();
  add(test::driver(4, "NOR"), 100);
  record::Weather weather;
  weather.air_temperature_c = 25.9;
  add(weather, 200);
  for (std::int32_t i = 0; i < 50; ++i) {
    add(test::timing(4, 1000 + i * 100, 1 + i % 3), 1000 + i * 100);
    add(test::race_control(i, 1000 + i * 100, "message"), 1000 + i * 100);
    add(test::position(4, 1000 + i * 100, i, -i), 1000 + i * 100);
    hub.set_edge(test::test_session, 1000 + i * 100, Mode::live, 1);
    pass(100);
  }
  const auto late = join();
  EXPECT_EQ(late->last_type(), "snapshot");
  EXPECT_EQ(late->browser.view(), early->browser.view());
  EXPECT_EQ(late->browser.view().at("race_control").as_array().size(), 50u);
  EXPECT_EQ(late->browser.view().at("weather").at("air_temperature_c"), 25.9);
  EXPECT_EQ(late->browser.view().at("drivers").at("4").at("driver_code"), "NOR");
}

// Defect 13: the map was mirrored. Coordinates leave the server as F1 sends them, y up; a circuit that is
// driven anticlockwise has an anticlockwise outline.
TEST_F(ReferenceDefects, D13CoordinatesAndOutlineAreNotMirrored) {
  constexpr std::int32_t side_dm = 6000, step_dm = 100;
  std::vector<std::pair<std::int32_t, std::int32_t>>
      square;  // anticlockwise from (0, 0): east, north, west, south
  for (std::int32_t d = 0; d < side_dm; d += step_dm) square.emplace_back(d, 0);
  for (std::int32_t d = 0; d < side_dm; d += step_dm) square.emplace_back(side_dm, d);
  for (std::int32_t d = 0; d < side_dm; d += step_dm) square.emplace_back(side_dm - d, side_dm);
  for (std::int32_t d = 0; d < side_dm; d += step_dm) square.emplace_back(0, side_dm - d);
  const auto count = static_cast<std::int32_t>(square.size());
  for (std::int32_t i = 0; i < count; ++i) {
    const auto [x, y] = square[static_cast<std::size_t>(i)];
    add(test::circuit_point(i, x, y, i * step_dm / 10.0), 70'000);
  }
  add(test::circuit_length(4.0 * side_dm / 10), 70'000);
  add(test::position(4, 72'000, 1234, -567), 72'000);
  add(test::timing(4, 75'000, 1), 75'000);
  const auto view = view_at(75'000);
  EXPECT_EQ(view.at("cars").at("4").at("x_dm"), 1234);
  EXPECT_EQ(view.at("cars").at("4").at("y_dm"), -567);
  const auto points = view.at("outline").at("points_dm").as_array();
  double twice_area = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& a = points[i];
    const auto& b = points[(i + 1) % points.size()];
    twice_area += static_cast<double>(a.at(0).as_int64() * b.at(1).as_int64() -
                                      b.at(0).as_int64() * a.at(1).as_int64());
  }
  EXPECT_NEAR(twice_area / 2, double{side_dm} * side_dm, 0.02 * side_dm * side_dm);
}

// Defect 14: drivers, teams and the circuit were written into the code. What no record names is unknown.
TEST_F(ReferenceDefects, D14NamesComeFromRecordsOnly) {
  add(test::timing(5, 100, 1), 100);
  auto view = view_at(100);
  EXPECT_TRUE(view.at("drivers").as_object().empty());
  EXPECT_TRUE(view.at("rows").as_object().contains("5"));
  EXPECT_TRUE(view.at("session").at("circuit_short_name").is_null());
  EXPECT_TRUE(view.at("outline").is_null());
  record::Driver row = test::driver(5, "ZZZ");
  row.team_name = "A team of tomorrow";
  add(row, 200);
  add(test::timing(5, 200, 1), 200);
  view = view_at(200);
  EXPECT_EQ(view.at("drivers").at("5").at("driver_code"), "ZZZ");
  EXPECT_EQ(view.at("drivers").at("5").at("team_name"), "A team of tomorrow");
  EXPECT_TRUE(view.at("drivers").at("5").at("full_name").is_null());
}

// Defect 20: 58 laps were shown for a race of 57. F1 corrects the total in a message of its own.
TEST_F(ReferenceDefects, D20TotalLapsCorrectedLateIsTheLastOneSent) {
  const auto lap_count = [](std::int32_t number, std::optional<std::int32_t> current,
                            std::optional<std::int32_t> total) {
    record::LapCount row;
    row.message_number = number;
    row.current_lap = current;
    row.total_laps = total;
    return row;
  };
  add(lap_count(0, 1, 58), 100);
  add(lap_count(1, 2, std::nullopt), 200);
  add(lap_count(2, std::nullopt, 57), 300);
  add(lap_count(3, 3, std::nullopt), 400);
  EXPECT_EQ(view_at(200).at("lap_count"), test::json::parse(R"({"current_lap":2,"total_laps":58})"));
  EXPECT_EQ(view_at(400).at("lap_count"), test::json::parse(R"({"current_lap":3,"total_laps":57})"));
}

}  // namespace
}  // namespace slipstream::serve
