#include "session/feed_topics.h"

#include <algorithm>

namespace slipstream::session {
namespace {

// The session's key, SessionInfo's or else one made from the first TimingData; and the clock: TimingData
// comes many times a second, Heartbeat every 15 s also where no car drives.
constexpr std::string_view common_topics = "SessionInfo TimingData Heartbeat";
// All that a lap depends on, the instant of session time 0 included.
constexpr std::string_view lap_topics =
    "TimingAppData SessionData SessionStatus TrackStatus RaceControlMessages "
    "DriverList LapCount ExtrapolatedClock CarData.z Position.z";

// What tells the parts of a session, and when a race starts.
constexpr std::string_view part_topics = "SessionStatus SessionData";

struct TableTopics {
  std::string_view table;
  std::string_view feed_topics;  // beside common_topics
};

constexpr TableTopics known_tables[] = {
    {"laps", lap_topics},
    {"stints", lap_topics},
    {"timing", "DriverList"},
    {"mini_sectors", part_topics},
    {"drivers", "DriverList"},
    {"weather", "WeatherData"},
    {"race_control", "RaceControlMessages SessionStatus SessionData"},
    {"track_status", "TrackStatus"},
    {"session_status", part_topics},
    {"session_parts", part_topics},
    {"team_radio", "TeamRadio"},
    {"lap_count", "LapCount"},
    {"clock", "ExtrapolatedClock"},
    {"circuit_points", lap_topics},
    {"corners", lap_topics},
    {"circuit_lines", lap_topics},
    {"pit_lane_points", lap_topics},
};

bool is_of_circuit(std::string_view table) {
  return table == "circuit_points" || table == "corners" || table == "circuit_lines" ||
         table == "pit_lane_points";
}

void add_words(std::string_view words, std::vector<std::string>& list) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (const auto word = words.substr(0, end); std::ranges::find(list, word) == list.end()) {
      list.emplace_back(word);
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

}  // namespace

Needs needs_of(std::span<const std::string> tables) {
  Needs needs;
  bool has_screen = tables.empty();
  for (const std::string& table : tables) {
    const auto* known = std::ranges::find(known_tables, table, &TableTopics::table);
    if (known == std::end(known_tables)) return {};
    has_screen = has_screen || table == "timing" || table == "mini_sectors";
    add_words(common_topics, needs.feed_topics);
    add_words(known->feed_topics, needs.feed_topics);
  }
  if (!tables.empty()) {
    needs.telemetry = Telemetry::dates_only;
    needs.has_telemetry = false;
    needs.has_circuit = std::ranges::any_of(tables, is_of_circuit);
    if (!needs.has_circuit) needs.positions = Telemetry::dates_only;
  }
  needs.has_screen = has_screen;
  return needs;
}

bool is_clock_topic(std::string_view feed_topic) {
  return feed_topic == "TimingData" || feed_topic == "Heartbeat" || feed_topic == "SessionInfo";
}

}  // namespace slipstream::session
