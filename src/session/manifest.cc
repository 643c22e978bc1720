#include "session/manifest.h"

#include <algorithm>

namespace slipstream::session {
namespace {

// The feed topics that decide which rows a table has. What else stands in a row does not matter here.
struct Source {
  std::string_view table;
  std::string_view topics[4];
};
constexpr Source sources[] = {
    {"sessions", {"SessionInfo"}},
    {"drivers", {"TimingData"}},
    {"laps", {"TimingData"}},
    {"car_samples", {"CarData.z"}},
    {"position_samples", {"Position.z"}},
    {"telemetry", {"CarData.z", "Position.z"}},
    {"timing", {"TimingData"}},
    {"mini_sectors", {"TimingData"}},
    {"stints", {"TimingAppData"}},
    {"pit_stops", {"TimingData"}},
    {"penalties", {"RaceControlMessages"}},
    {"overtakes", {"TimingData"}},
    {"results", {"TimingData"}},
    {"circuit_points", {"Position.z"}},
    {"corners", {"Position.z"}},
    {"circuit_lines", {"Position.z"}},
    {"pit_lane_points", {"Position.z"}},
    {"weather", {"WeatherData"}},
    {"race_control", {"RaceControlMessages"}},
    {"track_status", {"TrackStatus"}},
    {"flag_zones", {"RaceControlMessages"}},
    {"track_modes", {"RaceControlMessages"}},
    {"championship_prediction", {"ChampionshipPrediction"}},
    {"session_status", {"SessionStatus"}},
    {"session_parts", {"SessionStatus", "TimingData"}},
    {"team_radio", {"TeamRadio"}},
    {"lap_count", {"LapCount"}},
    {"clock", {"ExtrapolatedClock"}},
    // Rows of the build before tell of its source: they go when nothing else of it is left.
    {"rejected", {"TimingData", "TimingAppData", "CarData.z", "Position.z"}},
    {"feed_gaps", {"TimingData", "TimingAppData", "CarData.z", "Position.z"}},
    // A topic of which this build has no row is described by the one before, whose rows were kept.
    {"completeness", {}},
    {"manifest", {}},
};

}  // namespace

bool is_gapless_table(std::string_view table, const TopicSet& gapless_topics) {
  const auto source = std::ranges::find(sources, table, &Source::table);
  if (source == std::end(sources) || source->topics[0].empty()) return false;
  return std::ranges::all_of(source->topics, [&](std::string_view topic) {
    return topic.empty() || gapless_topics.contains(topic);
  });
}

void ManifestTally::mark(Output& output) {
  if (!output.is_touched() && are_marks_zero_) return;
  are_marks_zero_ = !output.is_touched();
  std::size_t at = 0;
  output.for_each_table([&](const auto& list) { counts_[at++].mark = list.size(); });
}

// Revisions of a key come one by one, from 0 on: what counted so far is the one before.
void ManifestTally::add(Count& count, record::RowKey key, record::Envelope envelope) {
  key[0] = 0;  // the session's key may not be known yet
  ++count.record_count;
  if (envelope.revision > 0 && count.withdrawn.erase(key) == 0) {
    --count.row_count;
    count.checksum -= record::row_hash(key, envelope.revision - 1);
  }
  if (envelope.is_withdrawn) {
    count.withdrawn.insert(key);
  } else {
    ++count.row_count;
    count.checksum += record::row_hash(key, envelope.revision);
  }
}

record::Manifest ManifestTally::manifest(const std::string& source, Int engine_version,
                                         const TopicSet& gapless) const {
  std::vector<record::TableCount> counts;
  std::size_t at = 0;
  for (const record::TableSpec& table : record::all_tables()) {
    const Count& count = counts_[at++];
    if (&table == &record::table_of<record::Manifest>()) continue;
    counts.push_back({std::string(table.name), count.record_count, count.row_count, count.checksum,
                      is_gapless_table(table.name, gapless)});
  }
  record::Manifest manifest;
  manifest.source = source;
  manifest.engine_version = engine_version;
  manifest.tables = record::to_json(counts);
  manifest.gapless_topics = record::to_json(std::vector<std::string>(gapless.begin(), gapless.end()));
  return manifest;
}

}  // namespace slipstream::session
