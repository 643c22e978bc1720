#include "serve/viewer_message.h"

#include <gtest/gtest.h>

namespace slipstream::serve {
namespace {

TEST(ViewerMessage, ReadsWhatTheProtocolNames) {
  const auto hello =
      parse_viewer_message(R"({"type":"hello","session_key":9873,"resume":{"stream":"k3f9","number":17}})");
  ASSERT_TRUE(hello);
  EXPECT_EQ(std::get<Hello>(*hello).session_key, SessionKey(9873));
  EXPECT_EQ(std::get<Hello>(*hello).resume->stream, "k3f9");
  EXPECT_EQ(std::get<Hello>(*hello).resume->number, 17);
  EXPECT_FALSE(std::get<Hello>(*parse_viewer_message(R"({"type":"hello","session_key":null})")).session_key);
  EXPECT_EQ(
      std::get<Seek>(*parse_viewer_message(R"({"type":"seek","session_time_ms":1129441.4})")).session_time_ms,
      1129441);
  EXPECT_EQ(std::get<SetSpeed>(*parse_viewer_message(R"({"type":"speed","speed":4})")).speed, 4);
  EXPECT_TRUE(std::holds_alternative<Play>(*parse_viewer_message(R"({"type":"play"})")));
  EXPECT_TRUE(std::holds_alternative<Pause>(*parse_viewer_message(R"({"type":"pause"})")));
  EXPECT_TRUE(std::holds_alternative<GoLive>(*parse_viewer_message(R"({"type":"live"})")));
}

TEST(ViewerMessage, RefusesEverythingElse) {
  for (const char* text :
       {"", "[]", "7", "{", R"({"type":7})", R"({"type":"dance"})", R"({"type":"seek"})",
        R"({"type":"seek","session_time_ms":"now"})", R"({"type":"seek","session_time_ms":1e300})",
        R"({"type":"speed","speed":0})", R"({"type":"speed","speed":61})", R"({"type":"speed","speed":"4"})",
        R"({"type":"hello","session_key":"x"})", R"({"type":"hello","resume":{"stream":"a"}})",
        R"({"type":"hello","resume":7})", "\xff\xfe"}) {
    EXPECT_FALSE(parse_viewer_message(text)) << text;
  }
}

}  // namespace
}  // namespace slipstream::serve
