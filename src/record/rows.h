// The typed records: one struct a table of the warehouse, one member a column, the same name everywhere.
//
// A row's first members are its key (after session_key), so rows of one table sort by their key. Units are in
// the names: _ms, _kmh, _dm (1/10 m), _c, _pct; std::nullopt is "unknown", never 0. `columns` of each struct
// is the only place where a column is listed: table specs, batches, JSON and SQL all come from it.
// What the columns mean: docs/tables.md. Pure values; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "core/ids.h"
#include "core/time.h"
#include "record/circuit_rows.h"
#include "record/column.h"

namespace slipstream::record {

// A list or an object that is JSON in a bus value, and its text in a table.
struct JsonText {
  std::string text = "[]";
  bool operator==(const JsonText&) const = default;
};

struct Session {
  SessionKey session_key;
  optional<Int> meeting_key, season_year;
  optional<Text> meeting_name, meeting_official_name, session_name, session_kind, session_type;
  optional<Text> country_code, country_name, location;
  optional<Int> circuit_key;
  optional<Text> circuit_short_name;
  optional<UtcTime> start_date, end_date;
  optional<Int> gmt_offset_s;
  optional<UtcTime> zero_date;
  optional<Text> session_status;
  Text source, source_kind;
  bool is_complete = false;
  bool operator==(const Session&) const = default;
};

struct Driver {
  SessionKey session_key;
  Int driver_number = 0;
  optional<Text> driver_code, given_name, family_name, full_name, broadcast_name, team_name, team_colour;
  optional<Text> country_code, reference, headshot_url;
  optional<Int> line;
  bool operator==(const Driver&) const = default;
};

struct Lap {
  SessionKey session_key;
  Int driver_number = 0;
  Int lap_number = 0;
  optional<Text> driver_code, team_name;
  optional<Int> lap_time_ms, session_time_ms, lap_start_session_time_ms;
  optional<UtcTime> lap_start_date, lap_end_date;
  optional<Int> driver_stint, pit_out_time_ms, pit_in_time_ms;
  optional<Int> sector1_time_ms, sector2_time_ms, sector3_time_ms;
  optional<Int> sector1_session_time_ms, sector2_session_time_ms, sector3_session_time_ms;
  optional<Int> speed_trap_1_kmh, speed_trap_2_kmh, speed_finishline_kmh, speed_straight_kmh;
  optional<bool> is_personal_best;
  optional<Text> tyre_compound;
  optional<Int> tyre_life_laps;
  optional<bool> is_fresh_tyre;
  optional<Text> track_status;
  optional<Int> position;
  optional<bool> is_deleted;
  optional<Text> deleted_reason;
  bool is_generated = false;
  bool is_accurate = false;
  optional<Int> session_part;
  optional<Text> lap_kind, lap_time_source;
  optional<Int> timing_position, gap_ms, interval_ms, time_alignment_ms;
  bool operator==(const Lap&) const = default;
};

struct CarSample {
  SessionKey session_key;
  Int driver_number = 0;
  UtcTime sample_date;
  Int session_time_ms = 0;
  optional<Int> rpm, speed_kmh, gear, throttle_pct;
  optional<bool> is_braking;
  optional<Int> drs;
  bool operator==(const CarSample&) const = default;
};

struct PositionSample {
  SessionKey session_key;
  Int driver_number = 0;
  UtcTime sample_date;
  Int session_time_ms = 0;
  optional<Word> status;
  optional<Int> x_dm, y_dm, z_dm;
  Word quality;  // ok, zero, frozen
  bool operator==(const PositionSample&) const = default;
};

// A sample of either stream with the other's channels filled in between, and where in its lap it is.
struct Telemetry {
  SessionKey session_key;
  Int driver_number = 0;
  UtcTime sample_date;
  Word source;  // car, pos
  optional<Word> driver_code;
  Int session_time_ms = 0;
  optional<Int> lap_number;
  optional<Int> rpm, speed_kmh, gear, throttle_pct;
  optional<bool> is_braking;
  optional<Int> drs;
  optional<Int> x_dm, y_dm, z_dm;
  optional<Word> status;
  Word quality;                        // ok, gap, frozen, estimated
  optional<double> distance_m;         // since the start of the lap
  optional<double> relative_distance;  // 0 to 1 of the lap's length
  optional<Int> driver_ahead;          // car number
  optional<double> distance_to_driver_ahead_m;
  // Beyond tables.md: along the way, positive when the car gains speed; across it, positive to the left.
  optional<double> longitudinal_acceleration_mps2, lateral_acceleration_mps2;
  bool operator==(const Telemetry&) const = default;
};

struct Timing {
  SessionKey session_key;
  Int driver_number = 0;
  Int session_time_ms = 0;
  optional<Int> position, gap_ms, gap_laps, interval_ms, interval_laps, lap_number;
  optional<bool> is_in_pit, is_pit_out, is_retired, is_stopped, is_knocked_out;
  optional<Int> status_flags;
  // Beyond tables.md: what the timing screen shows of the running lap, so that a page can be drawn from it.
  optional<Int> last_lap_time_ms, best_lap_time_ms;
  optional<bool> is_last_lap_personal_best, is_last_lap_overall_best;
  optional<Int> sector1_time_ms, sector2_time_ms, sector3_time_ms;
  bool operator==(const Timing&) const = default;
};

struct MiniSector {
  SessionKey session_key;
  Int driver_number = 0, lap_number = 0, sector_number = 0, mini_sector_number = 0;
  optional<Int> status;
  Int session_time_ms = 0;
  bool operator==(const MiniSector&) const = default;
};

struct Stint {
  SessionKey session_key;
  Int driver_number = 0, stint_number = 0;
  optional<Text> tyre_compound;
  optional<bool> is_fresh_tyre;
  optional<Int> tyre_age_laps_at_start, first_lap_number, last_lap_number, lap_count;
  bool operator==(const Stint&) const = default;
};

struct PitStop {
  SessionKey session_key;
  Int driver_number = 0, stop_number = 0;
  optional<Int> lap_number, pit_in_time_ms, pit_out_time_ms, lane_duration_ms, stationary_duration_ms;
  Text source;  // series, pit_lane_times, timing: the best that told of it
  bool operator==(const PitStop&) const = default;
};

struct Penalty {
  SessionKey session_key;
  Int penalty_number = 0;
  optional<Int> driver_number;
  optional<Text> kind;  // time, drive_through, stop_and_go, grid, reprimand, fine, warning, disqualified
  optional<Int> seconds;
  Text state;  // noted, investigated, imposed, served, rescinded
  optional<Text> reason;
  // race_control.message_number of each change
  optional<Int> noted_message_number, investigated_message_number, imposed_message_number;
  optional<Int> served_message_number, rescinded_message_number;
  bool operator==(const Penalty&) const = default;
};

struct Overtake {
  SessionKey session_key;
  Int overtake_number = 0;
  Int session_time_ms = 0;
  Int driver_number = 0, overtaken_driver_number = 0;
  optional<Int> lap_number, position;
  Text kind;  // on_track, pit, retirement, restart
  bool operator==(const Overtake&) const = default;
};

struct SessionResult {
  SessionKey session_key;
  Int driver_number = 0;
  optional<Text> driver_code, team_name;
  optional<Int> position;
  optional<Text> classified_position;  // "1", or R retired, D disqualified, W did not start, N not classified
  optional<Int> grid_position;         // 0: from the pit lane
  optional<Text> grid_source, status;
  optional<double> points;
  optional<Int> laps_completed, laps_led, best_lap_number, best_lap_time_ms, race_time_ms, penalty_ms;
  optional<Int> gap_ms, gap_laps, q1_ms, q2_ms, q3_ms;
  bool is_dnf = false, is_dns = false, is_dsq = false;
  bool is_provisional = true;
  optional<Text> basis;  // which rules decided, comma separated
  bool operator==(const SessionResult&) const = default;
};

struct Weather {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<double> air_temperature_c, track_temperature_c, humidity_pct, pressure_mbar;
  optional<bool> is_raining;
  optional<Int> wind_direction_deg;
  optional<double> wind_speed_mps;
  bool operator==(const Weather&) const = default;
};

struct RaceControl {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<UtcTime> message_date;
  optional<Int> lap_number;
  optional<Text> category, flag, scope, status, mode;
  optional<Int> sector_number, driver_number, session_part;
  optional<Text> message;
  bool operator==(const RaceControl&) const = default;
};

struct TrackStatus {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<Text> status, message;
  bool operator==(const TrackStatus&) const = default;
};

struct SessionStatus {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<Text> status;
  bool operator==(const SessionStatus&) const = default;
};

struct SessionPart {
  SessionKey session_key;
  Int part_number = 0;
  Int from_session_time_ms = 0;
  optional<Int> to_session_time_ms;
  bool operator==(const SessionPart&) const = default;
};

struct TeamRadio {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<UtcTime> message_date;
  optional<Int> driver_number;
  optional<Text> path;
  bool operator==(const TeamRadio&) const = default;
};

struct LapCount {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<Int> current_lap, total_laps;
  bool operator==(const LapCount&) const = default;
};

struct SessionClock {
  SessionKey session_key;
  Int message_number = 0;
  Int session_time_ms = 0;
  optional<UtcTime> clock_date;
  optional<Int> remaining_ms;
  optional<bool> is_extrapolating;
  bool operator==(const SessionClock&) const = default;
};

// A yellow or red flag from when it was shown until it was taken back.
struct FlagZone {
  SessionKey session_key;
  Int zone = 0;  // marshals' sector, counted from 1; 0 is the whole track
  Int from_session_time_ms = 0;
  optional<Int> to_session_time_ms;
  optional<Text> flag, scope;
  bool operator==(const FlagZone&) const = default;
};

// Something that race control allows, or says of the track, from when until when.
struct TrackMode {
  SessionKey session_key;
  Text mode;  // drs, overtake, low_grip, straight_mode
  Int from_session_time_ms = 0;
  optional<Int> to_session_time_ms;
  bool operator==(const TrackMode&) const = default;
};

struct ChampionshipPrediction {
  SessionKey session_key;
  Int message_number = 0;
  Text kind, entry;  // driver and car number, or team and its name
  Int session_time_ms = 0;
  optional<Int> current_position, predicted_position;
  optional<double> current_points, predicted_points;
  bool operator==(const ChampionshipPrediction&) const = default;
};

// Input that could not be read, set aside with its reason; nothing else of the source is lost by it.
struct Rejected {
  SessionKey session_key;
  std::int64_t source_offset = 0;  // byte of the line or entry in its file (uncompressed)
  Int ordinal = 0;                 // counts rejects of one source_offset from 0
  optional<Text> feed_topic;
  optional<Int> session_time_ms;
  Text reason;
  optional<Text> raw;  // at most limits::rejected_raw_bytes_max of it
  bool operator==(const Rejected&) const = default;
};

// What came of a feed topic.
struct Completeness {
  SessionKey session_key;
  Text topic;
  optional<Int> first_session_time_ms, last_session_time_ms;
  Int message_count = 0;
  optional<Int> longest_gap_ms;
  Int rejected_count = 0;
  optional<Text> inferred;
  bool operator==(const Completeness&) const = default;
};

// A time in which a connection was down, and what the feed sent is missing: from the last message before to
// the first behind.
struct FeedGap {
  SessionKey session_key;
  Int gap_number = 0;
  UtcTime from_date, to_date;
  Text cause;  // "reconnect": the connection began anew
  bool operator==(const FeedGap&) const = default;
};

// The last record of a build: what a warehouse must hold to have all of it (record/manifest.h).
struct Manifest {
  SessionKey session_key;
  Text source;
  Int engine_version = 0;
  JsonText tables;          // of TableCount
  JsonText gapless_topics;  // of texts
  bool operator==(const Manifest&) const = default;
};

// Name and columns of a row struct: Table<Lap>::name, Table<Lap>::columns (a tuple of Column).
template <class Row>
struct Table;

}  // namespace slipstream::record

#include "record/columns.h"
