#include "session/flag_zones.h"

#include <algorithm>

namespace slipstream::session {
namespace {

constexpr Int whole_track = 0;
// Of 66 yellow flags that were cleared in fourteen sessions the longest stood 13 min 16 s.
constexpr Int yellow_max_ms = 15 * 60'000;
// The sectors' own clears follow the track status within a second or two.
constexpr Int clear_follows_ms = 10'000;

bool is_yellow(const optional<std::string>& flag) { return flag == "YELLOW" || flag == "DOUBLE YELLOW"; }

}  // namespace

void FlagZones::close(Int zone, Int at_ms, Changed& changed) {
  const auto found = open_.find(zone);
  if (found == open_.end()) return;
  found->second.row.to_session_time_ms = std::max(at_ms, found->second.row.from_session_time_ms);
  changed.push_back(std::move(found->second.row));
  open_.erase(found);
}

void FlagZones::close_all(Int at_ms, Changed& changed) {
  while (!open_.empty()) close(open_.begin()->first, at_ms, changed);
}

void FlagZones::open(const record::RaceControl& message, Int zone, Int at_ms, Changed& changed) {
  if (const auto found = open_.find(zone); found != open_.end()) {
    found->second.track_clear_ms.reset();
    if (found->second.row.flag == message.flag) return;  // said again
    close(zone, at_ms, changed);
  }
  record::FlagZone row;
  row.zone = zone;
  row.from_session_time_ms = at_ms;
  row.flag = message.flag;
  row.scope = zone == whole_track ? "track" : "sector";
  changed.push_back(row);
  open_[zone] = {std::move(row), {}};
}

std::vector<record::FlagZone> FlagZones::expire(Int at_ms) {
  Changed changed;
  for (auto entry = open_.begin(); entry != open_.end();) {
    const auto [zone, zone_open] = *entry++;
    const Int timeout_ms = zone_open.row.from_session_time_ms + yellow_max_ms;
    if (zone_open.track_clear_ms && *zone_open.track_clear_ms + clear_follows_ms < at_ms) {
      close(zone, *zone_open.track_clear_ms, changed);
    } else if (is_yellow(zone_open.row.flag) && timeout_ms < at_ms) {
      close(zone, timeout_ms, changed);
    }
  }
  return changed;
}

void FlagZones::take_track_clear(Int at_ms) {
  for (auto& [zone, zone_open] : open_) zone_open.track_clear_ms = at_ms;
}

std::vector<record::FlagZone> FlagZones::take(const record::RaceControl& message, Int at_ms) {
  Changed changed = expire(at_ms);
  const bool is_sector = message.scope == "Sector" && message.sector_number;
  if (!is_sector && message.scope != "Track") return changed;  // a driver's flag
  const Int zone = is_sector ? *message.sector_number : whole_track;
  if (is_yellow(message.flag) || message.flag == "RED") open(message, zone, at_ms, changed);
  else if (message.flag == "CLEAR" && is_sector) close(zone, at_ms, changed);
  else if (message.flag == "CLEAR") close_all(at_ms, changed);
  else if (message.flag == "GREEN") close(whole_track, at_ms, changed);  // the pit exit opens
  return changed;
}

}  // namespace slipstream::session
