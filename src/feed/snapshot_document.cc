#include "feed/snapshot_document.h"

#include <algorithm>
#include <array>

namespace slipstream::feed {
namespace {

// What every snapshot has most of; enough to know one by.
constexpr std::array<std::string_view, 16> known_topics = {
    "Heartbeat",     "SessionInfo",       "TimingData",
    "TimingAppData", "TimingStats",       "DriverList",
    "WeatherData",   "ExtrapolatedClock", "RaceControlMessages",
    "SessionData",   "SessionStatus",     "TrackStatus",
    "TopThree",      "LapCount",          "CarData.z",
    "Position.z"};
constexpr int keys_seen_max = 8;

}  // namespace

bool looks_like_snapshot(std::string_view text) {
  JsonCursor json(text);
  std::string_view key, ignored;
  if (!json.take('{')) return false;
  for (int i = 0; i < keys_seen_max && json.next_member(key); ++i) {
    const char value = json.peek();
    const bool is_state = value == '{' || value == '"';
    if (is_state && std::find(known_topics.begin(), known_topics.end(), key) != known_topics.end())
      return true;
    if (!json.take_value(ignored)) return false;
  }
  return false;
}

void SnapshotDecoder::decode(std::string_view document, Entries& out) {
  JsonCursor json(document);
  if (!build_.add_snapshot(json, std::nullopt, out)) return;
  if (!json.take_end()) out.add_broken({}, {}, json.error().message);
}

}  // namespace slipstream::feed
