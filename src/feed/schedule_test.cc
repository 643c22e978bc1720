#include "feed/schedule.h"

#include <gtest/gtest.h>

namespace slipstream::feed {
namespace {

constexpr std::string_view index_json =
    "\xef\xbb\xbf"
    R"({"Year":2026,"Meetings":[
{"Name":"Second Grand Prix","Sessions":[
  {"Name":"Race","StartDate":"2026-05-10T15:00:00","EndDate":"2026-05-10T17:00:00","GmtOffset":"02:00:00"},
  {"Key":-1,"StartDate":"2026-05-10T15:00:00"},
  {"Name":"Qualifying","StartDate":"2026-05-09T16:00:00","GmtOffset":"02:00:00"},
  {"Name":"Practice 1"}]},
{"Name":"First Grand Prix","Sessions":[
  {"Name":"Race","StartDate":"2026-04-12T13:00:00","EndDate":"2026-04-12T15:00:00","GmtOffset":"-06:00:00"}]},
{"Name":"Testing"}]})";

std::string next_at(std::string_view utc) {
  const auto schedule = parse_schedule(index_json);
  EXPECT_TRUE(schedule.has_value());
  const ScheduledSession* next = schedule ? next_session(*schedule, *parse_utc(utc)) : nullptr;
  return next ? next->meeting_name + ", " + next->session_name + " " + format_utc(next->start) : "none";
}

TEST(Schedule, TheNextSessionIsTheFirstThatIsNotOver) {
  EXPECT_EQ(next_at("2026-01-01T00:00:00"), "First Grand Prix, Race 2026-04-12T19:00:00.000Z");
  EXPECT_EQ(next_at("2026-04-12T20:59:59"), "First Grand Prix, Race 2026-04-12T19:00:00.000Z");
  EXPECT_EQ(next_at("2026-04-12T21:00:00"), "Second Grand Prix, Qualifying 2026-05-09T14:00:00.000Z");
  EXPECT_EQ(next_at("2026-05-09T16:00:00"), "Second Grand Prix, Race 2026-05-10T13:00:00.000Z");
  EXPECT_EQ(next_at("2026-05-10T15:00:00"), "none");
}

TEST(Schedule, WhatIsNoListIsAnError) {
  for (const std::string_view text : {"", "<html>", "[]", R"({"Year":2026})"}) {
    EXPECT_EQ(parse_schedule(text).error().code, Errc::malformed) << text;
  }
}

}  // namespace
}  // namespace slipstream::feed
