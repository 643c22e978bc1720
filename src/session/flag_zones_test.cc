#include "session/flag_zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipstream::session {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::UnorderedElementsAre;
using Row = std::tuple<Int, Int, optional<Int>, std::string>;

// Race control and the track status, and the flags as they were told last.
class Told {
 public:
  Told& sector(Int at_ms, const char* flag, Int sector_number) {
    return tell(at_ms, flag, "Sector", sector_number);
  }
  Told& track(Int at_ms, const char* flag) { return tell(at_ms, flag, "Track", {}); }
  Told& track_status_clear(Int at_ms) {
    zones_.take_track_clear(at_ms);
    return *this;
  }
  Told& later(Int at_ms) {
    keep(zones_.expire(at_ms));
    return *this;
  }
  std::vector<Row> rows() const {
    std::vector<Row> rows;
    for (const auto& [key, row] : rows_) {
      rows.emplace_back(row.zone, row.from_session_time_ms, row.to_session_time_ms, *row.flag);
    }
    return rows;
  }

 private:
  Told& tell(Int at_ms, const char* flag, const char* scope, optional<Int> sector_number) {
    record::RaceControl message;
    message.flag = flag;
    message.scope = scope;
    message.sector_number = sector_number;
    keep(zones_.take(message, at_ms));
    return *this;
  }
  void keep(const std::vector<record::FlagZone>& changed) {
    for (const auto& row : changed) rows_[{row.zone, row.from_session_time_ms}] = row;
  }
  FlagZones zones_;
  std::map<std::pair<Int, Int>, record::FlagZone> rows_;
};

TEST(FlagZones, AYellowFlagStandsInItsSectorUntilItIsCleared) {
  const Told told = Told().sector(1000, "YELLOW", 7).sector(2000, "YELLOW", 8).sector(5000, "CLEAR", 7);
  EXPECT_THAT(told.rows(),
              ElementsAre(FieldsAre(7, 1000, 5000, "YELLOW"), FieldsAre(8, 2000, std::nullopt, "YELLOW")));
}

TEST(FlagZones, ADoubleYellowReplacesAYellow) {
  const Told told =
      Told().sector(1000, "YELLOW", 7).sector(3000, "DOUBLE YELLOW", 7).sector(3500, "DOUBLE YELLOW", 7);
  EXPECT_THAT(told.rows(), ElementsAre(FieldsAre(7, 1000, 3000, "YELLOW"),
                                       FieldsAre(7, 3000, std::nullopt, "DOUBLE YELLOW")));
}

TEST(FlagZones, TrackClearEndsAllAndAGreenLightTheRedFlag) {
  const Told cleared = Told().sector(1000, "YELLOW", 7).track(2000, "RED").track(9000, "CLEAR");
  EXPECT_THAT(cleared.rows(),
              UnorderedElementsAre(FieldsAre(7, 1000, 9000, "YELLOW"), FieldsAre(0, 2000, 9000, "RED")));
  const Told green = Told().sector(1000, "YELLOW", 7).track(2000, "RED").track(9000, "GREEN");
  EXPECT_THAT(green.rows(), UnorderedElementsAre(FieldsAre(7, 1000, std::nullopt, "YELLOW"),
                                                 FieldsAre(0, 2000, 9000, "RED")));
}

TEST(FlagZones, D11_AClearThatNeverComesIsTheTrackStatus) {
  const Told told = Told().sector(1000, "YELLOW", 7).track_status_clear(20'000).later(30'001);
  EXPECT_THAT(told.rows(), ElementsAre(FieldsAre(7, 1000, 20'000, "YELLOW")));
}

TEST(FlagZones, D11_TheSectorsOwnClearComesJustAfterTheTrackStatus) {
  const Told told = Told().sector(1000, "YELLOW", 7).track_status_clear(20'000).sector(20'200, "CLEAR", 7);
  EXPECT_THAT(told.rows(), ElementsAre(FieldsAre(7, 1000, 20'200, "YELLOW")));
}

TEST(FlagZones, D11_AYellowFlagEndsByTimeAndARedOneDoesNot) {
  const Told told = Told().sector(1000, "YELLOW", 7).track(1000, "RED").later(3'600'000);
  EXPECT_THAT(told.rows(), UnorderedElementsAre(FieldsAre(7, 1000, 901'000, "YELLOW"),
                                                FieldsAre(0, 1000, std::nullopt, "RED")));
}

TEST(FlagZones, ADriversFlagIsNoZone) {
  record::RaceControl blue;
  blue.flag = "BLUE";
  blue.scope = "Driver";
  blue.driver_number = 18;
  EXPECT_TRUE(FlagZones().take(blue, 1000).empty());
  EXPECT_TRUE(Told().track(1000, "CHEQUERED").rows().empty());
}

}  // namespace
}  // namespace slipstream::session
