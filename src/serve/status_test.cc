#include "serve/status.h"

#include <gtest/gtest.h>

namespace slipstream::serve {
namespace {

TEST(Status, NamesWhatThereIsAndNothingElse) {
  EXPECT_EQ(encode_status({}, {}), R"({"pipeline":null,"next_session":null})");
  EXPECT_EQ(
      encode_status(
          Pipeline{
              .messages = 12, .records = 34, .rows = {}, .lag_ms = {}, .laps_checked = {}, .lap_errors = {}},
          {}),
      R"({"pipeline":{"messages":12,"records":34,"rows":null,"lag_ms":null,"laps_checked":null,)"
      R"("lap_errors":null},"next_session":null})");
  NextSession next;
  next.meeting_name = "Mexico City Grand Prix";
  next.start_date = *parse_utc("2025-10-25T21:00:00");
  next.is_feed_connected = true;
  EXPECT_EQ(encode_status({}, next),
            R"({"pipeline":null,"next_session":{"meeting_name":"Mexico City Grand Prix","session_name":null,)"
            R"("start_date":"2025-10-25T21:00:00.000Z","gmt_offset_s":null,"schedule_trouble":null,)"
            R"("is_feed_connected":true}})");
}

}  // namespace
}  // namespace slipstream::serve
