#include <gtest/gtest.h>

#include "serve/test_support.h"

namespace slipstream::serve::test {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void Browser::apply(std::string_view text) {
  const json::object frame = json::parse({text.data(), text.size()}).as_object();
  if (frame.at("type").as_string() == "snapshot") {
    view_ = frame;
    return;
  }
  if (frame.at("type").as_string() != "delta") return;
  for (const auto& member : frame) {
    const std::string_view name(member.key().data(), member.key().size());
    if (is_one_of(name, {"drivers", "rows", "cars", "results", "pit_stops", "penalties"})) {
      for (const auto& entry : member.value().as_object())
        view_[name].as_object()[entry.key()] = entry.value();
    } else if (is_one_of(name, {"race_control", "team_radio"})) {
      for (const json::value& item : member.value().as_array()) view_[name].as_array().push_back(item);
    } else {
      view_[name] = member.value();
    }
  }
}

json::object Browser::view() const {
  json::object shown = view_;
  for (const char* name : {"type", "stream", "number"}) shown.erase(name);
  const std::int64_t cursor_ms = shown.at("cursor_ms").as_int64();
  json::object cars;
  for (const auto& car : shown.at("cars").as_object()) {
    if (car.value().at("session_time_ms").as_int64() >= cursor_ms - 5000) cars[car.key()] = car.value();
  }
  shown["cars"] = cars;
  return shown;
}

bool FakePeer::send(std::shared_ptr<const std::string> frame) {
  if (!takes_frames) return false;
  browser.apply(*frame);
  frames.push_back(std::move(frame));
  return true;
}

json::object fresh_view(const SessionLog& log, const FrameContext& context) {
  Keyframes keyframes(log);
  Fold fold;
  keyframes.advance(fold, context.cursor_ms);
  Browser browser;
  browser.apply(encode_snapshot({"fresh", 1}, make_sections(log, fold.view, context)));
  return browser.view();
}

TEST(Browser, DropsCarsThatWereNotSeenForFiveSeconds) {
  Browser browser;
  browser.apply(
      R"({"type":"snapshot","stream":"a","number":1,"cursor_ms":6000,"cars":{"4":{"session_time_ms":900},
                    "1":{"session_time_ms":1000}}})");
  EXPECT_EQ(browser.view().at("cars").as_object().size(), 1u);
}

}  // namespace slipstream::serve::test
