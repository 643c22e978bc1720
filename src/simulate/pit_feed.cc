// PitLaneTimeCollection and PitStopSeries: what F1 says of stops in races.
#include "core/json_writer.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t told_ms = 80;           // behind the pit exit
constexpr std::int32_t forgotten_ms = 60'000;  // of the collection, which has the last stops only

std::string collected_json(const record::PitStop& stop) {
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("RacingNumber", std::to_string(stop.driver_number))
      .field("Duration", feed_duration(stop.lane_duration_ms.value_or(0)))
      .field("Lap", std::to_string(stop.lap_number.value_or(0)))
      .end_object();
  return json;
}

std::string series_json(const FeedView& view, const record::PitStop& stop) {
  std::string json;
  JsonWriter out(json);
  out.begin_object().field("Timestamp", feed_utc(view.date(*stop.pit_out_time_ms + told_ms)));
  out.key("PitStop").begin_object().field("RacingNumber", std::to_string(stop.driver_number));
  if (stop.stationary_duration_ms) out.field("PitStopTime", feed_duration(*stop.stationary_duration_ms));
  out.field("PitLaneTime", feed_time(stop.lane_duration_ms.value_or(0)));
  out.field("Lap", std::to_string(stop.lap_number.value_or(0))).end_object().end_object();
  return json;
}

// A stop that was no stop (the lane under red, a drive through) has no times in the series.
template <class What>
void plan_stops(const FeedView& view, Agenda& agenda, What what) {
  for (const record::PitStop& stop : view.history->pit_stops) {
    if (!stop.pit_out_time_ms || !stop.lane_duration_ms) continue;
    agenda.at(*stop.pit_out_time_ms + told_ms, 0, [&stop, what] { what(stop); });
  }
}

}  // namespace

void write_pit_lane_times(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  TopicLog log(script, "PitLaneTimeCollection");
  Agenda agenda;
  plan_stops(view, agenda, [&](const record::PitStop& stop) {
    const std::string car = std::to_string(stop.driver_number);
    log.document.put({"PitTimes", car}, collected_json(stop));
    if (!view.quirks.has(Quirk::deleted_members)) return;
    agenda.at(*stop.pit_out_time_ms + forgotten_ms, 1,
              [&log, car] { log.document.remove({"PitTimes"}, car); });
  });
  agenda.run([&](std::int32_t at_ms) { log.send(at_ms); });
}

void write_pit_stop_series(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  TopicLog log(script, "PitStopSeries");
  Agenda agenda;
  plan_stops(view, agenda, [&](const record::PitStop& stop) {
    const std::string car = std::to_string(stop.driver_number);
    const std::string json = series_json(view, stop);
    int index = 0;
    while (log.document.has({"PitTimes", car, index_text(index)})) ++index;
    if (index == 0) log.document.put({"PitTimes", car}, "[" + json + "]");
    else log.document.put({"PitTimes", car, index_text(index)}, json);
  });
  agenda.run([&](std::int32_t at_ms) { log.send(at_ms); });
}

}  // namespace slipstream::simulate
