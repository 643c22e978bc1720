// One function a feed topic: reads a change, brings the state up to date, publishes rows. Included by
// session/*.cc only. `message_number` of a row is F1's index in its list where there is one, else the count
// of the topic's messages, from 0. Pure.
#pragma once

#include "session/state.h"

namespace slipstream::session {

// fold_session.cc
void fold_session_info(State& state, Publisher& publisher, const Change& change);
void fold_session_data(State& state, Publisher& publisher, const Change& change);
void fold_session_status(State& state, Publisher& publisher, const Change& change);
void fold_driver_list(State& state, Publisher& publisher, const Change& change);
void publish_parts(State& state, Publisher& publisher);
void publish_session(State& state, Publisher& publisher);
void publish_driver(State& state, Publisher& publisher, Int driver_number);

// fold_conditions.cc
void fold_track_status(State& state, Publisher& publisher, const Change& change);
void fold_weather(State& state, Publisher& publisher, const Change& change);
void fold_clock(State& state, Publisher& publisher, const Change& change);
void fold_lap_count(State& state, Publisher& publisher, const Change& change);
void fold_team_radio(State& state, Publisher& publisher, const Change& change);
void fold_championship_prediction(State& state, Publisher& publisher, const Change& change);

// fold_race_control.cc
void fold_race_control(State& state, Publisher& publisher, const Change& change);
// Puts out the flags that have ended by themselves.
void expire_flags(State& state, Publisher& publisher);

// fold_timing.cc
void fold_timing(State& state, Publisher& publisher, const Change& change);
// Puts out the timing rows that stand at an earlier time than `session_time_ms`.
void publish_timing_before(State& state, Publisher& publisher, Int session_time_ms);

// fold_mini_sectors.cc
void publish_mini_sectors(Publisher& publisher, CarState& car, const Change& change,
                          simdjson::dom::element line);
// The line was crossed: gives the new lap what lit up just before.
void begin_mini_sectors(Publisher& publisher, CarState& car, Int at_ms);
// The first line did end a lap, as is known now: gives the next one what came since.
void renumber_mini_sectors(Publisher& publisher, CarState& car);
// The race has started: what lit up on the way to the grid and in the formation lap is of no lap.
void drop_mini_sectors_before_start(State& state, Publisher& publisher);
// For the circuit and for estimates: when the screen showed ends of mini-sectors, whatever it shows of them.
void note_mini_sectors(CarState& car, const Change& change, simdjson::dom::element line);

// build_laps.cc
// Builds the laps of these cars anew and publishes what differs: their rows, those of cars that move by them,
// their stints. `kept`: nothing is published.
enum class LapBuild { kept, published };
void build_cars(State& state, Publisher& publisher, std::span<CarState* const> cars, LapBuild build);

// fold_race.cc
void fold_pit_lane_times(State& state, Publisher& publisher, const Change& change);
void fold_pit_stop_series(State& state, Publisher& publisher, const Change& change);
void publish_pit_stops(const State& state, Publisher& publisher, const CarState& car);
// Puts out the passes that have stood long enough by `now_ms`.
void settle_overtakes(State& state, Publisher& publisher, Int now_ms);
// True while cars race each other: not before the start, under a red flag, behind the end, or in practice.
bool is_racing(const State& state);

// fold_stints.cc
void fold_stints(State& state, Publisher& publisher, const Change& change);
void publish_stints(const State& state, Publisher& publisher, const CarState& car);

}  // namespace slipstream::session
