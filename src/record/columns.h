// The columns of every row struct, in the order of the warehouse. Included by record/rows.h only.
#pragma once

#include "record/rows.h"

#define SLIP_TABLE(RowType, table_name, topic_name, ...)          \
  template <>                                                     \
  struct Table<RowType> {                                         \
    using Row = RowType;                                          \
    static constexpr std::string_view name = table_name;          \
    static constexpr std::string_view bus_topic = topic_name;     \
    static constexpr auto columns = std::make_tuple(__VA_ARGS__); \
  };

namespace slipstream::record {

inline constexpr std::string_view topic_laps = "f1_laps";
inline constexpr std::string_view topic_telemetry = "f1_tele";
inline constexpr std::string_view topic_timing = "f1_timing";
inline constexpr std::string_view topic_session = "f1_session";

SLIP_TABLE(Session, "sessions", topic_session, SLIP_KEY(session_key), SLIP_COL(meeting_key),
           SLIP_COL(season_year), SLIP_COL(meeting_name), SLIP_COL(meeting_official_name),
           SLIP_COL(session_name), SLIP_COL(session_kind), SLIP_COL(session_type), SLIP_COL(country_code),
           SLIP_COL(country_name), SLIP_COL(location), SLIP_COL(circuit_key), SLIP_COL(circuit_short_name),
           SLIP_COL(start_date), SLIP_COL(end_date), SLIP_COL(gmt_offset_s), SLIP_COL(zero_date),
           SLIP_COL(session_status), SLIP_COL(source), SLIP_COL(source_kind), SLIP_COL(is_complete))

SLIP_TABLE(Driver, "drivers", topic_session, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_COL(driver_code), SLIP_COL(given_name), SLIP_COL(family_name), SLIP_COL(full_name),
           SLIP_COL(broadcast_name), SLIP_COL(team_name), SLIP_COL(team_colour), SLIP_COL(country_code),
           SLIP_COL(reference), SLIP_COL(headshot_url), SLIP_COL(line))

SLIP_TABLE(Lap, "laps", topic_laps, SLIP_KEY(session_key), SLIP_KEY(driver_number), SLIP_KEY(lap_number),
           SLIP_COL(driver_code), SLIP_COL(team_name), SLIP_COL(lap_time_ms), SLIP_COL(session_time_ms),
           SLIP_COL(lap_start_session_time_ms), SLIP_COL(lap_start_date), SLIP_COL(lap_end_date),
           SLIP_COL(driver_stint), SLIP_COL(pit_out_time_ms), SLIP_COL(pit_in_time_ms),
           SLIP_COL(sector1_time_ms), SLIP_COL(sector2_time_ms), SLIP_COL(sector3_time_ms),
           SLIP_COL(sector1_session_time_ms), SLIP_COL(sector2_session_time_ms),
           SLIP_COL(sector3_session_time_ms), SLIP_COL(speed_trap_1_kmh), SLIP_COL(speed_trap_2_kmh),
           SLIP_COL(speed_finishline_kmh), SLIP_COL(speed_straight_kmh), SLIP_COL(is_personal_best),
           SLIP_COL(tyre_compound), SLIP_COL(tyre_life_laps), SLIP_COL(is_fresh_tyre), SLIP_COL(track_status),
           SLIP_COL(position), SLIP_COL(is_deleted), SLIP_COL(deleted_reason), SLIP_COL(is_generated),
           SLIP_COL(is_accurate), SLIP_COL(session_part), SLIP_COL(lap_kind), SLIP_COL(lap_time_source),
           SLIP_COL(timing_position), SLIP_COL(gap_ms), SLIP_COL(interval_ms), SLIP_COL(time_alignment_ms))

SLIP_TABLE(CarSample, "car_samples", topic_telemetry, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(sample_date), SLIP_COL(session_time_ms), SLIP_COL(rpm), SLIP_COL(speed_kmh),
           SLIP_COL(gear), SLIP_COL(throttle_pct), SLIP_COL(is_braking), SLIP_COL(drs))

SLIP_TABLE(PositionSample, "position_samples", topic_telemetry, SLIP_KEY(session_key),
           SLIP_KEY(driver_number), SLIP_KEY(sample_date), SLIP_COL(session_time_ms), SLIP_COL(status),
           SLIP_COL(x_dm), SLIP_COL(y_dm), SLIP_COL(z_dm), SLIP_COL(quality))

SLIP_TABLE(Telemetry, "telemetry", topic_telemetry, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(sample_date), SLIP_KEY(source), SLIP_COL(driver_code), SLIP_COL(session_time_ms),
           SLIP_COL(lap_number), SLIP_COL(rpm), SLIP_COL(speed_kmh), SLIP_COL(gear), SLIP_COL(throttle_pct),
           SLIP_COL(is_braking), SLIP_COL(drs), SLIP_COL(x_dm), SLIP_COL(y_dm), SLIP_COL(z_dm),
           SLIP_COL(status), SLIP_COL(quality), SLIP_COL(distance_m), SLIP_COL(relative_distance),
           SLIP_COL(driver_ahead), SLIP_COL(distance_to_driver_ahead_m),
           SLIP_COL(longitudinal_acceleration_mps2), SLIP_COL(lateral_acceleration_mps2))

SLIP_TABLE(Timing, "timing", topic_timing, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(session_time_ms), SLIP_COL(position), SLIP_COL(gap_ms), SLIP_COL(gap_laps),
           SLIP_COL(interval_ms), SLIP_COL(interval_laps), SLIP_COL(lap_number), SLIP_COL(is_in_pit),
           SLIP_COL(is_pit_out), SLIP_COL(is_retired), SLIP_COL(is_stopped), SLIP_COL(is_knocked_out),
           SLIP_COL(status_flags), SLIP_COL(last_lap_time_ms), SLIP_COL(best_lap_time_ms),
           SLIP_COL(is_last_lap_personal_best), SLIP_COL(is_last_lap_overall_best), SLIP_COL(sector1_time_ms),
           SLIP_COL(sector2_time_ms), SLIP_COL(sector3_time_ms))

SLIP_TABLE(MiniSector, "mini_sectors", topic_timing, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(lap_number), SLIP_KEY(sector_number), SLIP_KEY(mini_sector_number), SLIP_COL(status),
           SLIP_COL(session_time_ms))

SLIP_TABLE(Stint, "stints", topic_session, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(stint_number), SLIP_COL(tyre_compound), SLIP_COL(is_fresh_tyre),
           SLIP_COL(tyre_age_laps_at_start), SLIP_COL(first_lap_number), SLIP_COL(last_lap_number),
           SLIP_COL(lap_count))

SLIP_TABLE(PitStop, "pit_stops", topic_session, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_KEY(stop_number), SLIP_COL(lap_number), SLIP_COL(pit_in_time_ms), SLIP_COL(pit_out_time_ms),
           SLIP_COL(lane_duration_ms), SLIP_COL(stationary_duration_ms), SLIP_COL(source))

SLIP_TABLE(Penalty, "penalties", topic_session, SLIP_KEY(session_key), SLIP_KEY(penalty_number),
           SLIP_COL(driver_number), SLIP_COL(kind), SLIP_COL(seconds), SLIP_COL(state), SLIP_COL(reason),
           SLIP_COL(noted_message_number), SLIP_COL(investigated_message_number),
           SLIP_COL(imposed_message_number), SLIP_COL(served_message_number),
           SLIP_COL(rescinded_message_number))

SLIP_TABLE(Overtake, "overtakes", topic_session, SLIP_KEY(session_key), SLIP_KEY(overtake_number),
           SLIP_COL(session_time_ms), SLIP_COL(driver_number), SLIP_COL(overtaken_driver_number),
           SLIP_COL(lap_number), SLIP_COL(position), SLIP_COL(kind))

SLIP_TABLE(SessionResult, "results", topic_session, SLIP_KEY(session_key), SLIP_KEY(driver_number),
           SLIP_COL(driver_code), SLIP_COL(team_name), SLIP_COL(position), SLIP_COL(classified_position),
           SLIP_COL(grid_position), SLIP_COL(grid_source), SLIP_COL(status), SLIP_COL(points),
           SLIP_COL(laps_completed), SLIP_COL(laps_led), SLIP_COL(best_lap_number),
           SLIP_COL(best_lap_time_ms), SLIP_COL(race_time_ms), SLIP_COL(penalty_ms), SLIP_COL(gap_ms),
           SLIP_COL(gap_laps), SLIP_COL(q1_ms), SLIP_COL(q2_ms), SLIP_COL(q3_ms), SLIP_COL(is_dnf),
           SLIP_COL(is_dns), SLIP_COL(is_dsq), SLIP_COL(is_provisional), SLIP_COL(basis))

SLIP_TABLE(CircuitPoint, "circuit_points", topic_session, SLIP_KEY(session_key), SLIP_KEY(point_number),
           SLIP_COL(x_dm), SLIP_COL(y_dm), SLIP_COL(z_dm), SLIP_COL(distance_m))

SLIP_TABLE(Corner, "corners", topic_session, SLIP_KEY(session_key), SLIP_KEY(corner_number), SLIP_COL(letter),
           SLIP_COL(distance_m), SLIP_COL(x_dm), SLIP_COL(y_dm))

SLIP_TABLE(CircuitLine, "circuit_lines", topic_session, SLIP_KEY(session_key), SLIP_KEY(line),
           SLIP_COL(distance_m), SLIP_COL(x_dm), SLIP_COL(y_dm))

SLIP_TABLE(PitLanePoint, "pit_lane_points", topic_session, SLIP_KEY(session_key), SLIP_KEY(point_number),
           SLIP_COL(x_dm), SLIP_COL(y_dm), SLIP_COL(distance_m))

SLIP_TABLE(Weather, "weather", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(air_temperature_c), SLIP_COL(track_temperature_c),
           SLIP_COL(humidity_pct), SLIP_COL(pressure_mbar), SLIP_COL(is_raining),
           SLIP_COL(wind_direction_deg), SLIP_COL(wind_speed_mps))

SLIP_TABLE(RaceControl, "race_control", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(message_date), SLIP_COL(lap_number), SLIP_COL(category),
           SLIP_COL(flag), SLIP_COL(scope), SLIP_COL(status), SLIP_COL(mode), SLIP_COL(sector_number),
           SLIP_COL(driver_number), SLIP_COL(session_part), SLIP_COL(message))

SLIP_TABLE(TrackStatus, "track_status", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(status), SLIP_COL(message))

SLIP_TABLE(SessionStatus, "session_status", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(status))

SLIP_TABLE(SessionPart, "session_parts", topic_session, SLIP_KEY(session_key), SLIP_KEY(part_number),
           SLIP_COL(from_session_time_ms), SLIP_COL(to_session_time_ms))

SLIP_TABLE(TeamRadio, "team_radio", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(message_date), SLIP_COL(driver_number), SLIP_COL(path))

SLIP_TABLE(LapCount, "lap_count", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(current_lap), SLIP_COL(total_laps))

SLIP_TABLE(SessionClock, "clock", topic_session, SLIP_KEY(session_key), SLIP_KEY(message_number),
           SLIP_COL(session_time_ms), SLIP_COL(clock_date), SLIP_COL(remaining_ms),
           SLIP_COL(is_extrapolating))

SLIP_TABLE(FlagZone, "flag_zones", topic_session, SLIP_KEY(session_key), SLIP_KEY(zone),
           SLIP_KEY(from_session_time_ms), SLIP_COL(to_session_time_ms), SLIP_COL(flag), SLIP_COL(scope))

SLIP_TABLE(TrackMode, "track_modes", topic_session, SLIP_KEY(session_key), SLIP_KEY(mode),
           SLIP_KEY(from_session_time_ms), SLIP_COL(to_session_time_ms))

SLIP_TABLE(ChampionshipPrediction, "championship_prediction", topic_session, SLIP_KEY(session_key),
           SLIP_KEY(message_number), SLIP_KEY(kind), SLIP_KEY(entry), SLIP_COL(session_time_ms),
           SLIP_COL(current_position), SLIP_COL(predicted_position), SLIP_COL(current_points),
           SLIP_COL(predicted_points))

SLIP_TABLE(Rejected, "rejected", topic_session, SLIP_KEY(session_key), SLIP_KEY(source_offset),
           SLIP_KEY(ordinal), SLIP_COL(feed_topic), SLIP_COL(session_time_ms), SLIP_COL(reason),
           SLIP_COL(raw))

SLIP_TABLE(Completeness, "completeness", topic_session, SLIP_KEY(session_key), SLIP_KEY(topic),
           SLIP_COL(first_session_time_ms), SLIP_COL(last_session_time_ms), SLIP_COL(message_count),
           SLIP_COL(longest_gap_ms), SLIP_COL(rejected_count), SLIP_COL(inferred))

SLIP_TABLE(FeedGap, "feed_gaps", topic_session, SLIP_KEY(session_key), SLIP_KEY(gap_number),
           SLIP_COL(from_date), SLIP_COL(to_date), SLIP_COL(cause))

SLIP_TABLE(Manifest, "manifest", topic_session, SLIP_KEY(session_key), SLIP_COL(source),
           SLIP_COL(engine_version), SLIP_COL(tables), SLIP_COL(gapless_topics))

}  // namespace slipstream::record
