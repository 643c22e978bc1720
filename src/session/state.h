// The state of one session while messages are folded into it. Included by session/*.cc only.
//
// The fold functions (fold_*.h) each take one feed topic; the engine calls them and decides when laps are
// built.
#pragma once

#include <simdjson.h>
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "core/limits.h"
#include "feed/json_tree.h"
#include "feed/message.h"
#include "session/circuit_laps.h"
#include "session/driver_ahead.h"
#include "session/estimates.h"
#include "session/flag_zones.h"
#include "session/lap_counter.h"
#include "session/lap_draft.h"
#include "session/logs.h"
#include "session/output.h"
#include "session/overtakes.h"
#include "session/penalties.h"
#include "session/pit_stops.h"
#include "session/session_parts.h"
#include "session/telemetry_track.h"

namespace slipstream::session {

using feed::for_each_member;
using feed::index_of;
using feed::JsonTree;

// How sure an estimate of zero_date is; a surer one replaces a less sure one, of equals the latest instant
// counts.
enum class ZeroEvidence { none, race_control, clock, telemetry, message };

// A mini-sector that may be of another lap than it seems (fold_mini_sectors.cc).
struct EarlyMiniSector {
  record::MiniSector row;
  optional<record::MiniSector> replaced;  // what the same mini-sector had shown in the lap
};

// Which rows of telemetry are wanted: where each is kept only once, revisions that another one follows cost
// time for nothing. `last_revision`: samples come when a lap of their car is closed, many at a time.
enum class TelemetryRows { none, last_revision, all_revisions };

// The lap whose telemetry was closed last.
struct ClosedLap {
  Int lap_number = 0;
  UtcTime from;             // its first samples come then or later
  optional<UtcTime> start;  // what its distance counts from
  UtcTime end;
};

struct CarState {
  CarLog log;
  record::Timing timing;  // as the screen has it now
  optional<record::Timing> timing_published;
  bool is_timing_pending = false;  // `timing` has changed since
  bool is_taking_part = false;     // has appeared in TimingData (D1)
  Int laps_completed = 0;          // NumberOfLaps, F1's count; which lap the car is in says
  LapCounter counter;              // this one
  optional<Int> last_line_ms;      // session time of the last line crossing
  bool is_last_line_seen = false;  // false: a snapshot told of it, it was some time before
  optional<Int> laps_due_ms;       // build the laps again at this session time
  bool has_late_value = false;     // and at once: a value of the lap that ended has come
  std::vector<LapDraft> drafts;    // as built last: the car's own part of its laps
  optional<Int> shift_ms;          // of its laps, by align_cars
  std::vector<record::Lap> laps;
  std::vector<EarlyMiniSector> early_mini_sectors;  // since the last line that ended a lap
  optional<Int> grid_position;                      // GridPos; 0: from the pit lane
  optional<Int> screen_line;                        // the place that TimingAppData has
  PitTimes pit_times;
  optional<UtcTime> last_car_sample, last_position_sample;
  optional<Int> last_speed_kmh;
  record::PositionSample last_position;
  TelemetryTrack track;
  optional<ClosedLap> closed_lap;
  optional<UtcTime> closed_through;  // samples before have their last revision, or may get one more
  std::vector<Published<record::Telemetry>> closed_rows;  // that wait for their last revision
  std::vector<MiniSectorMark> mini_sector_marks;  // since its lap before; for the circuit and for estimates
  CircuitTrace trace;
  Int circuit_lap = 0;  // the last one that the circuit has looked at
  Int estimated_lap = 0;
  optional<UtcTime> estimated_through;
  std::vector<UtcTime> estimates_shown;  // revision 0, by date, since the last lap that settled
};

struct State {
  SessionLog log;
  record::Session session;
  bool has_session_key = false;
  ZeroEvidence zero_evidence = ZeroEvidence::none;
  bool is_batch = false;  // each row once, as it stands at the end
  TelemetryRows telemetry_rows = TelemetryRows::none;
  optional<double> lap_length_m;            // by the odometer, of the last whole lap
  bool has_screen = true;                   // rows of timing and mini_sectors are wanted
  bool must_build_all_laps = false;         // what all laps show has changed: names, the end of the session
  bool has_timing_change = false;           // TimingData has come, and not as snapshot only
  bool is_last_status_of_snapshot = false;  // when that status began, SessionData may still tell
  std::vector<PartHint> part_hints;         // qualifying parts that the feed spoke of, by time
  optional<Int> current_lap;                // LapCount
  FlagZones flag_zones;
  PenaltyLog penalties;
  OvertakeLog overtakes;
  bool has_result_change = false;  // something that results depend on, since they were published
  CircuitLog circuit;
  EstimateLog estimates;
  std::map<std::string, record::TrackMode> open_modes;  // by mode
  std::map<Int, CarState> cars;
  Road road;
  std::map<std::string, JsonTree, std::less<>> topics;  // merged state of every topic
  std::map<std::string, Int, std::less<>> message_counts;

  // So that a message that makes no car's laps due costs no walk over the cars.
  bool has_due_car = false;  // some car became due by the message that is being folded
  Int next_due_ms = std::numeric_limits<Int>::max();  // not after the first laps_due_ms
  bool has_pending_timing = false;

  std::set<std::string> limits_hit;      // each is said once,
  std::vector<std::string> limits_told;  // those since the engine last looked

  CarState& car(Int driver_number) {
    const auto [car, is_new] = cars.try_emplace(driver_number);
    if (is_new) {
      car->second.log.driver_number = driver_number;
      car->second.counter = LapCounter(log.is_race_like);
    }
    return car->second;
  }
  void set_laps_due(CarState& car, Int session_time_ms) {
    car.laps_due_ms = session_time_ms;
    next_due_ms = std::min(next_due_ms, session_time_ms);
    has_due_car = true;
  }
  // True if there is, or may be, a car of that number.
  bool has_room_for(Int driver_number) {
    if (cars.size() < limits::cars_max || cars.contains(driver_number)) return true;
    tell_limit("more cars than a session can have: further ones are left out");
    return false;
  }
  // The kind of session decides where a car begins its first lap.
  void count_laps_again() {
    for (auto& [number, car] : cars) {
      car.counter = LapCounter(log.is_race_like);
      car.counter.take_from(car.log);
    }
  }
  void tell_limit(std::string text) {
    if (limits_hit.insert(text).second) limits_told.push_back(std::move(text));
  }
};

// Everything that a fold function may publish into. Rows carry no session key here: the engine stamps them
// when the key is known.
struct Publisher {
  Output* output = nullptr;
  Int at_ms = 0;
  RevisionTable<record::Session> sessions;
  RevisionTable<record::Driver> drivers;
  RevisionTable<record::Lap> laps;
  RevisionTable<record::MiniSector> mini_sectors;
  RevisionTable<record::Stint> stints;
  RevisionTable<record::RaceControl> race_control;
  RevisionTable<record::SessionStatus> session_status;
  RevisionTable<record::SessionPart> session_parts;
  RevisionTable<record::FlagZone> flag_zones;
  RevisionTable<record::TrackMode> track_modes;
  RevisionTable<record::TeamRadio> team_radio;
  RevisionTable<record::PitStop> pit_stops;
  RevisionTable<record::Penalty> penalties;
  RevisionTable<record::Overtake> overtakes;
  RevisionTable<record::SessionResult> results;
  RevisionTable<record::CircuitPoint> circuit_points;
  RevisionTable<record::Corner> corners;
  RevisionTable<record::CircuitLine> circuit_lines;
  RevisionTable<record::PitLanePoint> pit_lane_points;

  // A row that is never revised.
  template <class Row>
  void emit(Row row) {
    output->rows<Row>().push_back({std::move(row), {}, at_ms});
  }
};

// One parsed change: its text, its place, and the topic's state with the change merged in.
struct Change {
  const feed::Message& message;
  simdjson::dom::element payload;
  const JsonTree& merged;
  Int message_number = 0;  // of the topic, from 0

  Int session_time_ms() const { return static_cast<Int>(message.session_time.count()); }
};

// When something happened that a change tells of with its instant: a snapshot, and the list that an archive
// begins with, tell of what happened before.
Int happened_at_ms(const State& state, const Change& change, optional<UtcTime> utc);

// Takes `zero`, an estimate of the instant of session time 0 (fold_session.cc).
void take_zero(State& state, UtcTime zero, ZeroEvidence evidence);

}  // namespace slipstream::session
