// What the lap builder reads: compact typed logs, one of each car and one of the session.
//
// Feed messages are decoded once into these; every table of laps is a pure function of them (build_laps), so
// that live and batch agree by construction. A race has some 2,500 events a car, a few hundred kB in all.
// Values; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "record/rows.h"

namespace slipstream::session {

using record::Int;
using std::optional;

// Times, speeds and mini-sectors that come less than this after the line are those of the lap that ended
// (L3).
inline constexpr Int late_value_ms = 5000;

// One value out of a TimingData change of one car.
struct CarEvent {
  enum class Kind : std::uint8_t {
    sector_time,  // index 0..2, value ms
    lap_time,     // value ms, or cleared
    lap_count,    // NumberOfLaps: laps completed, as F1 counts
    speed,        // index 0..3 = I1, I2, FL, ST; value km/h
    in_pit,       // value 0 or 1
    best_lap,     // BestLapTime: value ms
    position,     // value
    gap,          // GapToLeader: value ms, or cleared, leads, lapped
    interval,     // value ms, or cleared, leads, lapped
    stopped,      // value 0 or 1
    retired,      // value 0 or 1
  };
  // Texts that are no time, as values below every time (a gap may be negative).
  static constexpr Int cleared = std::numeric_limits<Int>::min();  // "": nothing any more
  static constexpr Int leads = cleared + 1;                        // "LAP 9": this car leads
  static constexpr Int lapped = cleared + 2;                       // "1L"
  static constexpr bool is_time(Int value) { return value > lapped; }

  Int session_time_ms = 0;
  Int message_number = 0;  // events of one message belong together
  Kind kind = Kind::lap_count;
  std::int8_t index = 0;
  Int value = 0;
  bool is_snapshot = false;  // out of a topic's whole state: true then, but not since then
};

// One change of a car's stints in TimingAppData; members that the message did not name are empty.
struct StintEvent {
  Int session_time_ms = 0;
  Int stint_index = 0;  // counts from 0
  optional<std::string> compound;
  optional<bool> is_fresh;
  optional<Int> start_laps;  // age of the set when it was put on
  optional<Int> total_laps;  // its age now
  bool is_snapshot = false;  // out of the topic's whole state: it may have begun long before
};

// What the timing screen shows of a car once a message has changed it.
struct Screen {
  Int session_time_ms = 0;
  Int message_number = 0;
  Int latest_ms = 0;  // greatest session time so far: a recording's times step back
  Int position = CarEvent::cleared, gap = CarEvent::cleared, interval = CarEvent::cleared;
};

// The gap to the leader that was sent last when a message named position, gap or interval. One that was
// cleared stays, as it does for FastF1.
struct SentGap {
  Int session_time_ms = 0;
  Int gap = CarEvent::cleared;
};

// Most of what a car's messages say is the timing screen's, and few passes read it: it has lists of its own.
struct CarLog {
  Int driver_number = 0;
  optional<std::string> driver_code, team_name;
  std::vector<CarEvent> events;       // all but positions, gaps and intervals, in message order
  std::vector<CarEvent> road_events;  // of these, what says whether the car is on the road
  std::vector<Screen> screens;        // in message order
  std::vector<SentGap> sent_gaps;     // by session time
  bool has_led = false;               // a gap said so
  std::vector<StintEvent> stints;

  void add(const CarEvent& event);
  std::size_t size() const { return events.size() + screens.size(); }

 private:
  void add_to_screen(const CarEvent& event);
  void add_sent_gap(const CarEvent& event);

  Int last_gap_ = CarEvent::cleared;
  optional<Int> gap_message_;  // whose gap stands at gap_at_
  std::size_t gap_at_ = 0;
};

struct StatusChange {
  Int session_time_ms = 0;
  std::string status;
  bool is_from_session_data = false;  // session status only: it comes by two topics
};

// "CAR 5 (BOR) TIME 1:18.964 DELETED - TRACK LIMITS AT TURN 12 LAP 3 15:03:34", or its reinstatement.
struct LapDeletion {
  Int driver_number = 0;
  optional<Int> lap_time_ms;   // nothing: "LAP DELETED" without a time
  optional<Int> lap_number;    // as race control counts, "LAP 3" near the end of the text
  optional<Int> local_time_s;  // of the offence, "15:03:34" at the end: seconds since local midnight
  bool is_reinstated = false;
  std::string reason;
  Int session_time_ms = 0;
};

struct SessionLog {
  bool is_race_like = false;                 // race or sprint
  bool is_qualifying = false;                // of any kind: it has parts
  optional<UtcTime> zero_date;               // UTC of session time 0, as far as it is known
  optional<Int> gmt_offset_s;                // local time less UTC (L23)
  std::vector<StatusChange> track_status;    // TrackStatus.Status codes
  std::vector<StatusChange> session_status;  // Inactive, Started, Aborted, Finished, Finalised, Ends
  std::vector<LapDeletion> deletions;
  bool has_race_control = false;
  optional<Int> total_laps;  // LapCount.TotalLaps, the last that was sent (L14)
  // Session time at which qualifying part 1, 2, 3 began (when BestLapTimes first names index 0, 1, 2).
  std::vector<Int> part_starts_ms;
};

}  // namespace slipstream::session
