#include "simulate/script.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "simulate/topics.h"

namespace slipstream::simulate {

Script write_script(const History& history, const Quirks& quirks) {
  const FeedView view = make_view(history, quirks);
  Script script;
  script.zero = view.zero;
  for (const auto write : {write_session_info,    write_session_status,    write_session_data,
                           write_clock,           write_lap_count,         write_track_status,
                           write_weather,         write_race_control,      write_team_radio,
                           write_driver_list,     write_timing_data,       write_top_three,
                           write_timing_data_f1,  write_driver_race_info,  write_championship_prediction,
                           write_timing_app_data, write_tyre_stint_series, write_timing_stats,
                           write_lap_series,      write_pit_lane_times,    write_pit_stop_series,
                           write_car_data,        write_positions}) {
    write(view, script);
  }
  // What ends after the feed has ended is not told.
  std::erase_if(script.messages,
                [&](const FeedMessage& message) { return message.session_time_ms > history.end_ms; });
  std::ranges::stable_sort(script.messages, [](const FeedMessage& a, const FeedMessage& b) {
    return std::tie(a.session_time_ms, a.topic) < std::tie(b.session_time_ms, b.topic);
  });
  // A topic that never spoke has no file.
  std::set<std::string_view> spoken;
  for (const FeedMessage& message : script.messages) spoken.insert(message.topic);
  std::erase_if(script.keyframes, [&](const Keyframe& keyframe) { return !spoken.contains(keyframe.topic); });
  std::ranges::stable_sort(script.keyframes, {}, &Keyframe::topic);
  return script;
}

}  // namespace slipstream::simulate
