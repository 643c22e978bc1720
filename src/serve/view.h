// What is known of a session at a cursor: the fold of its log's entries with known_ms <= cursor.
//
// A View points into its SessionLog, which must outlive it; copying one (a keyframe) is cheap. Per key the
// higher (build, revision) counts whatever the order in which they come, a withdrawn row is gone. What a
// screen shows of a View is made in serve/sections.h. Pure; a View belongs to one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "record/rows.h"
#include "serve/session_log.h"

namespace slipstream::serve {

// Rows of one table by their key, ascending; the last one that is not withdrawn is the current one.
template <class Row>
class Keyed {
 public:
  struct Entry {
    std::int64_t key = 0;
    Version version;
    const Row* row = nullptr;  // nullptr: withdrawn
  };

  // False if a higher version of the key is there already.
  bool put(std::int64_t key, const Version& version, const Row* row) {
    auto at = entries_.end();
    while (at != entries_.begin() && (at - 1)->key >= key) --at;  // new keys come at the end
    if (at == entries_.end() || at->key != key) {
      entries_.insert(at, {key, version, row});
      return true;
    }
    if (is_below(version, at->version)) return false;
    *at = {key, version, row};
    return true;
  }

  // Forgets the entries below `key`.
  void forget_below(std::int64_t key) {
    std::erase_if(entries_, [key](const Entry& entry) { return entry.key < key; });
  }
  // Forgets all but the newest `count` entries.
  void keep_newest(std::size_t count) {
    if (entries_.size() > count)
      entries_.erase(entries_.begin(), entries_.end() - static_cast<std::ptrdiff_t>(count));
  }

  const Row* current() const {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      if (entry->row != nullptr) return entry->row;
    }
    return nullptr;
  }
  const std::vector<Entry>& entries() const { return entries_; }  // withdrawn ones too
  bool empty() const { return current() == nullptr; }

  // Calls `visit(const Row&)` for every row that counts, by key.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : entries_) {
      if (entry.row != nullptr) visit(*entry.row);
    }
  }

 private:
  std::vector<Entry> entries_;
};

struct CarState {
  std::int32_t driver_number = 0;
  Keyed<record::Driver> driver;
  Keyed<record::Timing> timing;  // the newest few, by session time
  Keyed<record::Stint> stints;
  Keyed<record::Lap> laps;
  Keyed<record::MiniSector> mini_sectors;  // of the newest lap that has any
  Keyed<record::PitStop> pit_stops;
  Keyed<record::SessionResult> result;
  bool has_timed_best = false;  // the timing screen gave a best lap once: from then on it alone decides
  std::optional<SampleEntry> position, car;

  bool has_row() const { return !driver.empty() || !timing.empty() || !stints.empty() || !laps.empty(); }
};

struct View {
  Keyed<record::Session> session;
  Keyed<record::SessionStatus> session_status;
  Keyed<record::SessionPart> session_parts;
  Keyed<record::TrackStatus> track_status;
  Keyed<record::SessionClock> clock;
  Keyed<record::LapCount> lap_count;
  Keyed<record::Weather> weather;
  Keyed<record::RaceControl> race_control;
  Keyed<record::TeamRadio> team_radio;
  Keyed<record::Penalty> penalties;
  std::vector<CarState> cars;  // ascending by driver_number

  CarState& car(std::int32_t driver_number);  // makes it if it is not there
};

void apply(View& view, const RowEntry& entry);
void apply(View& view, const SampleEntry& sample);

// A part of a session as the timeline draws it; to_ms is empty while it runs.
struct PartSpan {
  std::int32_t part_number = 0;
  std::int32_t from_ms = 0;
  std::optional<std::int32_t> to_ms;
};

// When cars ran: from the status "Started" to "Finished" (an interruption, "Aborted", does not end a part),
// numbered by the session_parts rows. Those alone, which reach from border to border, if no start was seen.
std::vector<PartSpan> part_spans(const View& view);

}  // namespace slipstream::serve
