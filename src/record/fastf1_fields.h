// FastF1's names for our columns, in the order of the reference system's records. Included by codec.cc only.
//
// Source of names, order and types: the reference system's own f1_laps lines (24 fields, numbers that count
// are floats like 1.0, times are integers) and its f1_tele producer (19 fields).
#pragma once

#include "record/rows.h"

namespace slipstream::record {

enum class NumberStyle { integer, whole_float };

template <class Row, class Member>
struct NamedField {
  std::string_view name;
  Member Row::*member;
  NumberStyle style = NumberStyle::integer;
};

template <class Row, class Member>
constexpr NamedField<Row, Member> as_is(std::string_view name, Member Row::*member) {
  return {name, member, NumberStyle::integer};
}
template <class Row, class Member>
constexpr NamedField<Row, Member> as_float(std::string_view name, Member Row::*member) {
  return {name, member, NumberStyle::whole_float};
}

// f1_laps behind "Driver": the reference system's fields.
inline constexpr auto lap_reference_fields = std::make_tuple(
    as_is("LapTime", &Lap::lap_time_ms), as_float("LapNumber", &Lap::lap_number),
    as_float("Stint", &Lap::driver_stint), as_is("PitOutTime", &Lap::pit_out_time_ms),
    as_is("PitInTime", &Lap::pit_in_time_ms), as_is("Sector1Time", &Lap::sector1_time_ms),
    as_is("Sector2Time", &Lap::sector2_time_ms), as_is("Sector3Time", &Lap::sector3_time_ms),
    as_is("Sector1SessionTime", &Lap::sector1_session_time_ms),
    as_is("Sector2SessionTime", &Lap::sector2_session_time_ms),
    as_is("Sector3SessionTime", &Lap::sector3_session_time_ms), as_float("SpeedI1", &Lap::speed_trap_1_kmh),
    as_float("SpeedI2", &Lap::speed_trap_2_kmh), as_float("SpeedFL", &Lap::speed_finishline_kmh),
    as_float("SpeedST", &Lap::speed_straight_kmh), as_is("Compound", &Lap::tyre_compound),
    as_float("TyreLife", &Lap::tyre_life_laps), as_is("FreshTyre", &Lap::is_fresh_tyre),
    as_is("Team", &Lap::team_name), as_is("LapStartTime", &Lap::lap_start_session_time_ms),
    as_is("LapStartDate", &Lap::lap_start_date), as_is("TrackStatus", &Lap::track_status),
    as_float("Position", &Lap::position));

// f1_laps: FastF1's other columns and ours.
inline constexpr auto lap_further_fields =
    std::make_tuple(as_is("SessionKey", &Lap::session_key), as_is("DriverNumber", &Lap::driver_number),
                    as_is("Time", &Lap::session_time_ms), as_is("IsPersonalBest", &Lap::is_personal_best),
                    as_is("Deleted", &Lap::is_deleted), as_is("DeletedReason", &Lap::deleted_reason),
                    as_is("Generated", &Lap::is_generated), as_is("IsAccurate", &Lap::is_accurate),
                    as_is("DriverCode", &Lap::driver_code), as_is("LapEndDate", &Lap::lap_end_date),
                    as_is("SessionPart", &Lap::session_part), as_is("LapKind", &Lap::lap_kind),
                    as_is("LapTimeSource", &Lap::lap_time_source),
                    as_is("TimingPosition", &Lap::timing_position), as_is("Gap", &Lap::gap_ms),
                    as_is("Interval", &Lap::interval_ms), as_is("TimeAlignment", &Lap::time_alignment_ms));

}  // namespace slipstream::record
