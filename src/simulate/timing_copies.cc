// TopThree, TimingDataF1 and DriverRaceInfo: what F1 makes of the timing screen once more. In races
// TimingDataF1 is TimingData without the messages of gaps alone, elsewhere the same bytes.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "core/json_writer.h"
#include "core/result.h"
#include "feed/json_tree.h"
#include "simulate/feed_log.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t overtake_shown_ms = 5'000;
enum Overtaking { lost = 0, neutral = 1, gained = 2 };
enum Catching { falls_back = 1, closes = 2 };

// A change of TimingData that says nothing but gaps.
bool is_of_gaps(simdjson::dom::element change) {
  simdjson::dom::object lines;
  if (change["Lines"].get(lines) != simdjson::SUCCESS) return false;
  for (const auto [car, line] : lines) {
    for (const auto [name, value] : simdjson::dom::object(line)) {
      if (name != "GapToLeader" && name != "IntervalToPositionAhead") return false;
    }
  }
  return true;
}

// "1L" and "LAP 3" as DriverRaceInfo says them.
std::string gap_text(std::string_view gap) {
  if (!gap.ends_with('L')) return std::string(gap);
  return "+" + std::string(gap.substr(0, gap.size() - 1)) + " LAP";
}

class RaceInfo {
 public:
  explicit RaceInfo(Script& script) : log_(script, "DriverRaceInfo") {}

  void apply(std::int32_t at_ms, simdjson::dom::element change) {
    settle(at_ms);
    simdjson::dom::object lines;
    if (change["Lines"].get(lines) != simdjson::SUCCESS) return;
    for (const auto [car, line] : lines) apply_line(at_ms, car, line);
    log_.send(at_ms);
  }

 private:
  void apply_line(std::int32_t at_ms, std::string_view car, simdjson::dom::element line) {
    std::string_view text;
    if (line["RacingNumber"].get(text) == simdjson::SUCCESS) {
      log_.document.put({car}, R"({"RacingNumber":"","Position":"","Gap":"","Interval":"","PitStops":0,)"
                               R"("Catching":0,"OvertakeState":0,"IsOut":false})");
      log_.document.set({car, "RacingNumber"}, text);
    }
    if (line["Position"].get(text) == simdjson::SUCCESS) show_position(at_ms, car, text);
    if (line["GapToLeader"].get(text) == simdjson::SUCCESS) log_.document.set({car, "Gap"}, gap_text(text));
    if (line["IntervalToPositionAhead"]["Value"].get(text) == simdjson::SUCCESS) show_interval(car, text);
    std::int64_t stops = 0;
    if (line["NumberOfPitStops"].get(stops) == simdjson::SUCCESS)
      log_.document.set({car, "PitStops"}, static_cast<int>(stops));
    bool is_out = false;
    if (line["Retired"].get(is_out) == simdjson::SUCCESS && is_out) log_.document.set({car, "IsOut"}, true);
  }

  void show_position(std::int32_t at_ms, std::string_view car, std::string_view position) {
    const int now = static_cast<int>(feed::index_of(position).value_or(0));
    const auto [known, is_first] = positions_.try_emplace(std::string(car), now);
    if (!is_first) {
      log_.document.set({car, "OvertakeState"}, now < known->second ? gained : lost);
      shown_until_ms_[std::string(car)] = at_ms + overtake_shown_ms;
    }
    known->second = now;
    log_.document.set({car, "Position"}, position);
  }

  void show_interval(std::string_view car, std::string_view interval) {
    log_.document.set({car, "Interval"}, gap_text(interval));
    double seconds = 0;
    const bool is_time =
        interval.starts_with('+') &&
        std::from_chars(interval.data() + 1, interval.data() + interval.size(), seconds).ec == std::errc();
    if (!is_time) {
      intervals_s_.erase(std::string(car));
      return;
    }
    const auto [before, is_first] = intervals_s_.try_emplace(std::string(car), seconds);
    if (!is_first) log_.document.set({car, "Catching"}, seconds < before->second ? closes : falls_back);
    before->second = seconds;
  }

  // Who overtook a while ago is no longer said to.
  void settle(std::int32_t at_ms) {
    while (!shown_until_ms_.empty()) {
      const auto next =
          std::ranges::min_element(shown_until_ms_, {}, [](const auto& car) { return car.second; });
      if (next->second > at_ms) return;
      const std::int32_t due_ms = next->second;
      log_.document.set({next->first, "OvertakeState"}, neutral);
      shown_until_ms_.erase(next);
      log_.send(due_ms);
    }
  }

  TopicLog log_;
  std::map<std::string, int> positions_;
  std::map<std::string, double> intervals_s_;
  std::map<std::string, std::int32_t> shown_until_ms_;
};

// The lines of the three cars in front.
class TopThree {
 public:
  TopThree(const FeedView& view, Script& script) : view_(view), log_(script, "TopThree") {}

  void apply(std::int32_t at_ms, simdjson::dom::element change) {
    static_cast<void>(timing_.merge(change));
    simdjson::dom::object lines;
    if (change["Lines"].get(lines) != simdjson::SUCCESS || timing_["Lines"].size() == 0) return;
    bool is_seen = false, has_order = false;
    for (const auto [car, line] : lines) {
      has_order = has_order || line["Position"].error() == simdjson::SUCCESS;
      is_seen = is_seen || std::ranges::find(first_, car) != first_.end();
    }
    if (has_order) find_first();
    if (is_seen || has_order) show();
    log_.send(at_ms);
  }

 private:
  using Members = std::vector<std::pair<std::string_view, std::string>>;  // name and JSON

  void find_first() {
    first_ = {};
    for (const auto& [car, line] : timing_["Lines"].members()) {
      const int place = line["Position"].integer().value_or(0);
      if (place >= 1 && place <= 3) first_[static_cast<std::size_t>(place - 1)] = car;
    }
  }

  void show() {
    const bool is_new = !log_.document.has({"Lines"});
    std::string list;
    for (std::size_t place = 0; place < first_.size(); ++place) {
      std::string line;
      for (const auto& [name, json] : members(first_[place])) {
        if (!is_new) log_.document.put({"Lines", std::to_string(place), name}, json);
        line += (line.empty() ? "" : ",") + ('"' + std::string(name) + "\":" + json);
      }
      list += (place > 0 ? ",{" : "{") + line + "}";
    }
    const auto part = timing_["SessionPart"].integer();
    if (is_new) log_.document.put({}, R"({"Withheld":false,"Lines":[)" + list + "]}");
    if (part) log_.document.set({"SessionPart"}, *part);
  }

  Members members(const std::string& car) const {
    const int index = view_.car_of(static_cast<std::int32_t>(feed::index_of(car).value_or(0)));
    if (index < 0) return {};
    const record::Driver& driver = *view_.cars[static_cast<std::size_t>(index)].driver;
    const feed::JsonTree& line = timing_["Lines"][car];
    const feed::JsonTree& last = line["LastLapTime"];
    const bool is_personal = last["PersonalFastest"].flag() == true;
    const bool is_overall = last["OverallFastest"].flag() == true;
    const int state = line["Status"].integer().value_or(0) | (is_personal ? 1 : 0) | (is_overall ? 2 : 0);
    const auto text = [](const std::optional<std::string>& value) {
      std::string json;
      append_json_string(json, value.value_or(""));
      return json;
    };
    const auto of = [&](const feed::JsonTree& value) { return text(std::string(value.text().value_or(""))); };
    const char* const yes_no[] = {"false", "true"};
    const auto [to_ahead, to_leader] = differences(line);
    return {{"Position", of(line["Position"])},
            {"ShowPosition", yes_no[line["ShowPosition"].flag() == true]},
            {"RacingNumber", text(car)},
            {"Tla", text(driver.driver_code)},
            {"BroadcastName", text(driver.broadcast_name)},
            {"FullName", text(driver.full_name)},
            {"FirstName", text(driver.given_name)},
            {"LastName", text(driver.family_name)},
            {"Reference", text(driver.reference)},
            {"Team", text(driver.team_name)},
            {"TeamColour", text(driver.team_colour)},
            {"LapTime", of(line[view_.is_race ? "LastLapTime" : "BestLapTime"]["Value"])},
            {"LapState", std::to_string(state)},
            {"DiffToAhead", of(*to_ahead)},
            {"DiffToLeader", of(*to_leader)},
            {"OverallFastest", yes_no[is_overall]},
            {"PersonalFastest", yes_no[is_personal]}};
  }

  // To the car ahead, and to the leader or the fastest.
  std::pair<const feed::JsonTree*, const feed::JsonTree*> differences(const feed::JsonTree& line) const {
    if (view_.is_race) return {&line["IntervalToPositionAhead"]["Value"], &line["GapToLeader"]};
    if (!view_.is_qualifying) return {&line["TimeDiffToPositionAhead"], &line["TimeDiffToFastest"]};
    const int part = std::max(1, timing_["SessionPart"].integer().value_or(1));
    const feed::JsonTree& stats = line["Stats"][static_cast<std::size_t>(part - 1)];
    return {&stats["TimeDifftoPositionAhead"], &stats["TimeDiffToFastest"]};
  }

  const FeedView& view_;
  TopicLog log_;
  feed::JsonTree timing_;
  std::array<std::string, 3> first_;
};

simdjson::dom::element parsed(simdjson::dom::parser& parser, const std::string& payload) {
  simdjson::dom::element element;
  const bool is_json = parser.parse(payload).get(element) == simdjson::SUCCESS;
  SLIP_CHECK(is_json);
  return element;
}

// Calls with(at_ms, payload) for every message of TimingData; it may add messages to the script.
template <class With>
void for_each_timing(const Script& script, With with) {
  const std::size_t count = script.messages.size();
  for (std::size_t n = 0; n < count; ++n) {
    if (script.messages[n].topic != "TimingData") continue;
    const std::string payload = script.messages[n].payload;
    with(script.messages[n].session_time_ms, payload);
  }
}

}  // namespace

void write_top_three(const FeedView& view, Script& script) {
  TopThree top(view, script);
  simdjson::dom::parser parser;
  for_each_timing(script, [&](std::int32_t at_ms, const std::string& payload) {
    top.apply(at_ms, parsed(parser, payload));
  });
}

void write_timing_data_f1(const FeedView& view, Script& script) {
  feed::JsonTree state;
  simdjson::dom::parser parser;
  for_each_timing(script, [&](std::int32_t at_ms, const std::string& payload) {
    const simdjson::dom::element change = parsed(parser, payload);
    if (view.is_race && is_of_gaps(change)) return;
    static_cast<void>(state.merge(change));
    script.messages.push_back({at_ms, "TimingDataF1", payload});
  });
  std::string keyframe;
  feed::append_json(keyframe, state);
  script.keyframes.push_back({"TimingDataF1", std::move(keyframe)});
}

void write_driver_race_info(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  RaceInfo info(script);
  simdjson::dom::parser parser;
  for_each_timing(script, [&](std::int32_t at_ms, const std::string& payload) {
    info.apply(at_ms, parsed(parser, payload));
  });
}

}  // namespace slipstream::simulate
