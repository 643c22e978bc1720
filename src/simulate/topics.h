// The writers of the feed, one function a topic or a few that say the same. Each appends its messages in
// order of their time and its last keyframe. Included by simulate/ only. Pure; safe from any thread.
#pragma once

#include "simulate/feed_view.h"

namespace slipstream::simulate {

// session_messages.cc
void write_session_info(const FeedView& view, Script& script);
void write_session_status(const FeedView& view, Script& script);
void write_session_data(const FeedView& view, Script& script);
void write_clock(const FeedView& view, Script& script);  // ExtrapolatedClock, Heartbeat
void write_lap_count(const FeedView& view, Script& script);

// surroundings.cc
void write_track_status(const FeedView& view, Script& script);
void write_weather(const FeedView& view, Script& script);       // WeatherData, WeatherDataSeries
void write_race_control(const FeedView& view, Script& script);  // RaceControlMessages, TlaRcm
void write_team_radio(const FeedView& view, Script& script);

// driver_list.cc
void write_driver_list(const FeedView& view, Script& script);

// timing_data.cc
void write_timing_data(const FeedView& view, Script& script);

// timing_copies.cc; behind write_timing_data
void write_top_three(const FeedView& view, Script& script);
void write_timing_data_f1(const FeedView& view, Script& script);
void write_driver_race_info(const FeedView& view, Script& script);

// championship_feed.cc
void write_championship_prediction(const FeedView& view, Script& script);

// tyres_feed.cc
void write_timing_app_data(const FeedView& view, Script& script);
void write_tyre_stint_series(const FeedView& view, Script& script);

// timing_stats.cc
void write_timing_stats(const FeedView& view, Script& script);
void write_lap_series(const FeedView& view, Script& script);

// pit_feed.cc
void write_pit_lane_times(const FeedView& view, Script& script);
void write_pit_stop_series(const FeedView& view, Script& script);

// samples.cc
void write_car_data(const FeedView& view, Script& script);
void write_positions(const FeedView& view, Script& script);

}  // namespace slipstream::simulate
