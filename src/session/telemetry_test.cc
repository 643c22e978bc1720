// What comes of CarData.z and Position.z.
#include <gtest/gtest.h>

#include "session/engine_test_support.h"

namespace slipstream::session {
namespace {

std::string car_data(const std::string& channels) {
  return R"({"Entries":[{"Utc":"2025-10-25T20:47:27.8784051Z","Cars":{"4":{"Channels":)" + channels +
         R"(},"241":{"Channels":{}}}}]})";
}

TEST(Telemetry, C4_ThrottleAndBrake104AreNoData) {
  Told told;
  told.begins().message(64'218, "CarData.z",
                        car_data(R"({"0":11800,"2":291,"3":8,"4":104,"5":104,"45":12})"));
  ASSERT_EQ(told.rows<record::CarSample>().size(), 1u);
  const auto& row = told.rows<record::CarSample>()[0].row;
  EXPECT_EQ(row.throttle_pct, std::nullopt);
  EXPECT_EQ(row.is_braking, std::nullopt);
  EXPECT_EQ(row.speed_kmh, 291);
  EXPECT_EQ(format_utc(row.sample_date), "2025-10-25T20:47:27.878Z");
}

TEST(Telemetry, C6_TheDrsChannelMayBeAbsent) {
  Told told;
  told.begins().message(64'218, "CarData.z", car_data(R"({"0":0,"2":0,"3":0,"4":0,"5":0})"));
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.drs, std::nullopt);
}

TEST(Telemetry, C6b_GearsAboveEightAreGlitches) {
  Told told;
  told.begins().message(64'218, "CarData.z", car_data(R"({"3":31,"5":100})"));
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.gear, std::nullopt);
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.is_braking, true);
}

TEST(Telemetry, C9_C12_ZeroFramesAreUnknownAndCourseCarsAreLeftOut) {
  Told told;
  told.begins().message(
      20'915, "Position.z",
      R"({"Position":[{"Timestamp":"2025-10-25T20:46:44.8Z","Entries":{)"
      R"("4":{"Status":"OnTrack","X":0,"Y":0,"Z":0},"44":{"Status":"OffTrack","X":-12,"Y":5,"Z":1},)"
      R"("241":{"Status":"OnTrack","X":0,"Y":0,"Z":0}}}]})");
  const auto& rows = told.rows<record::PositionSample>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.quality, "zero");
  EXPECT_EQ(rows[0].row.x_dm, std::nullopt);
  EXPECT_EQ(rows[1].row.x_dm, -12);
  EXPECT_EQ(rows[1].row.status, "OffTrack");
}

TEST(Telemetry, ASampleThatIsSentTwiceIsOneRow) {
  Told told;
  const std::string data = car_data(R"({"0":1})");
  told.begins().message(64'218, "CarData.z", data).message(64'500, "CarData.z", data);
  EXPECT_EQ(told.rows<record::CarSample>().size(), 1u);
}

// One frame of Position.z; `cars` has the members of its Entries.
std::string positions(const std::string& time, const std::string& cars) {
  return R"({"Position":[{"Timestamp":"2025-10-25T)" + time + R"(Z","Entries":{)" + cars + "}}]}";
}

TEST(Telemetry, C1_ASampleHasTheTimeThatStandsInsideIt) {
  Told told;  // the first message comes without delay: it tells where zero is
  told.begins().message(62'000, "CarData.z",
                        R"({"Entries":[{"Utc":"2025-10-25T20:47:27.400Z","Cars":{"44":{"Channels":{}}}}]})");
  told.message(64'218, "CarData.z",
               R"({"Entries":[{"Utc":"2025-10-25T20:47:27.500Z","Cars":{"4":{"Channels":{"0":1}}}},)"
               R"({"Utc":"2025-10-25T20:47:27.740Z","Cars":{"4":{"Channels":{"0":2}}}}]})");
  const auto& rows = told.rows<record::CarSample>();
  ASSERT_EQ(rows.size(), 3u) << "a message brings several";
  EXPECT_EQ(rows[1].row.session_time_ms, 62'100);
  EXPECT_EQ(rows[2].row.session_time_ms, 62'340);
  EXPECT_EQ(format_utc(rows[1].row.sample_date), "2025-10-25T20:47:27.500Z");
}

TEST(Telemetry, C2_CarAndPositionAreTwoTablesEachWithItsOwnMoments) {
  Told told;
  told.begins().message(64'218, "CarData.z", car_data(R"({"0":1})"));
  told.message(64'218, "Position.z",
               positions("20:47:27.900", R"("4":{"Status":"OnTrack","X":1,"Y":2,"Z":3})"));
  ASSERT_EQ(told.rows<record::CarSample>().size(), 1u);
  ASSERT_EQ(told.rows<record::PositionSample>().size(), 1u);
  EXPECT_EQ(format_utc(told.rows<record::CarSample>()[0].row.sample_date), "2025-10-25T20:47:27.878Z");
  EXPECT_EQ(format_utc(told.rows<record::PositionSample>()[0].row.sample_date), "2025-10-25T20:47:27.900Z");
}

TEST(Telemetry, C5_ABrakeBetweenZeroAndAHundredIsBraking) {
  Told told;
  told.begins().message(64'218, "CarData.z", car_data(R"({"5":37})"));
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.is_braking, true);
}

TEST(Telemetry, C8_ACarThatAFrameDoesNotNameHasNoRow) {
  Told told;
  told.begins().message(20'915, "Position.z",
                        positions("20:46:44.8", R"("4":{"Status":"OnTrack","X":1,"Y":2,"Z":3},)"
                                                R"("44":{"Status":"OnTrack","X":4,"Y":5,"Z":6})"));
  told.message(21'135, "Position.z",
               positions("20:46:45.02", R"("4":{"Status":"OnTrack","X":1,"Y":2,"Z":3})"));
  EXPECT_EQ(told.rows<record::PositionSample>().size(), 3u);
}

TEST(Telemetry, C8_AChannelThatIsMissingIsUnknown) {
  Told told;
  told.begins().message(64'218, "CarData.z", car_data(R"({"2":291})"));
  const auto& row = told.rows<record::CarSample>()[0].row;
  EXPECT_EQ(row.rpm, std::nullopt);
  EXPECT_EQ(row.gear, std::nullopt);
  EXPECT_EQ(row.is_braking, std::nullopt);
}

TEST(Telemetry, C10_AnOldStatusIsADigit) {
  Told told;
  told.begins().message(20'915, "Position.z",
                        positions("20:46:44.8", R"("4":{"Status":"0","X":1,"Y":2,"Z":3},)"
                                                R"("44":{"Status":1,"X":4,"Y":5,"Z":6})"));
  const auto& rows = told.rows<record::PositionSample>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].row.status, "OnTrack");
  EXPECT_EQ(rows[1].row.status, "OffTrack");
}

TEST(Telemetry, C11_C13_CoordinatesAreWholeTenthsOfAMetre) {
  Told told;
  told.begins().message(
      20'915, "Position.z",
      positions("20:46:44.8", R"("4":{"Status":"OnTrack","X":-12345,"Y":16777217,"Z":7.0})"));
  const auto& row = told.rows<record::PositionSample>()[0].row;
  EXPECT_EQ(row.x_dm, -12'345);
  EXPECT_EQ(row.y_dm, 16'777'217) << "the first whole number that a 32-bit float cannot hold";
  EXPECT_EQ(row.z_dm, 7);
}

TEST(Telemetry, C16_ASessionWithoutTelemetryHasItsLaps) {
  Told told;
  drive_a_lap(told).timing(107'000, R"({"Line":1})").ends();
  EXPECT_TRUE(told.rows<record::CarSample>().empty());
  EXPECT_EQ(told.table<record::Lap>().size(), 1u);
}

TEST(Telemetry, MembersMayComeInAnyOrder) {
  Told told;
  told.begins().message(
      64'218, "CarData.z",
      R"({"Later":[{"x":1}],"Entries":[{"Cars":{"4":{"Name":"x","Channels":{"45":12,"2":291}}},)"
      R"("More":{},"Utc":"2025-10-25T20:47:27.500Z"}]})");
  told.message(64'218, "Position.z",
               R"({"Position":[{"Entries":{"4":{"Z":3,"Extra":null,"Y":2,"X":1,"Status":"OnTrack"}},)"
               R"("Timestamp":"2025-10-25T20:47:27.600Z"}]})");
  ASSERT_EQ(told.rows<record::CarSample>().size(), 1u);
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.speed_kmh, 291);
  EXPECT_EQ(told.rows<record::CarSample>()[0].row.drs, 12);
  ASSERT_EQ(told.rows<record::PositionSample>().size(), 1u);
  EXPECT_EQ(told.rows<record::PositionSample>()[0].row.z_dm, 3);
  EXPECT_EQ(format_utc(told.rows<record::PositionSample>()[0].row.sample_date), "2025-10-25T20:47:27.600Z");
  EXPECT_TRUE(told.rows<record::Rejected>().empty());
}

// What is not a number is unknown in a channel, and no place.
TEST(Telemetry, ValuesOfTheWrongTypeAreUnknown) {
  Told told;
  told.begins().message(64'218, "CarData.z",
                        car_data(R"({"0":"11800","2":null,"3":[8],"4":1e400,"5":NaN,"45":8.0})"));
  const auto& row = told.rows<record::CarSample>().at(0).row;
  EXPECT_EQ(row.rpm, std::nullopt);
  EXPECT_EQ(row.speed_kmh, std::nullopt);
  EXPECT_EQ(row.gear, std::nullopt);
  EXPECT_EQ(row.throttle_pct, std::nullopt);
  EXPECT_EQ(row.is_braking, std::nullopt);
  EXPECT_EQ(row.drs, 8);
  told.message(64'218, "Position.z",
               positions("20:47:27.900", R"("4":{"Status":"OnTrack","X":"1","Y":2,"Z":3})"));
  EXPECT_TRUE(told.rows<record::PositionSample>().empty());
  ASSERT_EQ(told.rows<record::Rejected>().size(), 1u);
  EXPECT_EQ(told.rows<record::Rejected>()[0].row.reason, "X is missing or of the wrong type");
}

TEST(Telemetry, SamplesInFrontOfABadPlaceAreKept) {
  Told told;
  const std::string frame = R"({"Utc":"2025-10-25T20:47:27.500Z","Cars":{"4":{"Channels":{"0":1}}}})";
  const auto reasons = [&](const std::string& text) {
    told.message(64'218, "CarData.z", text);
    return told.rows<record::Rejected>().back().row.reason;
  };
  told.begins();
  EXPECT_EQ(reasons(R"({"Entries":[)" + frame + R"(,{"Utc":"2025-10-25T20:47:27.7)"),
            "message is cut off at byte 110");
  EXPECT_EQ(told.rows<record::CarSample>().size(), 1u);
  EXPECT_EQ(reasons(R"({"Entries":[)" + frame + "]}]"), "unexpected text behind the end at byte 82");
  EXPECT_EQ(reasons(R"({"Entries":[{"Cars":{}}]})"), "Utc is missing or of the wrong type");
  EXPECT_EQ(reasons(R"({"Entries":[{"Utc":"2025-10-25T20:47:28Z"}]})"),
            "Cars is missing or of the wrong type");
  EXPECT_EQ(reasons(R"({"Entries":[{"Utc":"2025-10-25T20:47:28Z","Cars":{"4":{}}}]})"),
            "Channels is missing or of the wrong type");
  EXPECT_EQ(reasons(R"({"Entries":[{"Utc":"2025-10-25T20:47:28Z","Cars":{"4":1}}]})"),
            "car is missing or of the wrong type");
  EXPECT_EQ(reasons(R"({"Entries":{}})"), "Entries is missing or of the wrong type");
  EXPECT_EQ(reasons("{}"), "Entries is missing or of the wrong type");
  EXPECT_EQ(reasons("[]"), "unexpected text at byte 0");
}

TEST(Telemetry, ADocumentThatEndsInsideACarIsSetAside) {
  Told told;
  told.begins().message(
      20'915, "Position.z",
      R"({"Position":[{"Timestamp":"2025-10-25T20:46:44.8Z","Entries":{"4":{"0":{"Utc":"","b":"c"}]})");
  EXPECT_TRUE(told.rows<record::PositionSample>().empty());
  ASSERT_EQ(told.rows<record::Rejected>().size(), 1u);
  EXPECT_EQ(told.rows<record::Rejected>()[0].row.feed_topic, "Position.z");
}

}  // namespace
}  // namespace slipstream::session
