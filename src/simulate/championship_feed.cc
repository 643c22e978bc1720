// ChampionshipPrediction: what the championship would be if the race ended as it stands.
#include "core/json_writer.h"
#include "simulate/feed_log.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

std::string points_text(const std::optional<double>& points) {
  std::string text;
  JsonWriter(text).whole_float(static_cast<std::int64_t>(points.value_or(0)));
  return text;
}

std::string entry_json(const record::ChampionshipPrediction& row) {
  std::string json;
  JsonWriter out(json);
  out.begin_object().field(row.kind == "driver" ? "RacingNumber" : "TeamName", row.entry);
  out.field("CurrentPosition", row.current_position).field("PredictedPosition", row.predicted_position);
  out.key("CurrentPoints").raw(points_text(row.current_points));
  out.key("PredictedPoints").raw(points_text(row.predicted_points)).end_object();
  return json;
}

}  // namespace

void write_championship_prediction(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  TopicLog log(script, "ChampionshipPrediction");
  log.document.put({}, R"({"Drivers":{},"Teams":{}})");
  log.send(0);
  Agenda agenda;
  for (const record::ChampionshipPrediction& row : view.history->championship_prediction) {
    agenda.at(row.session_time_ms, 0, [&] {
      const char* const list = row.kind == "driver" ? "Drivers" : "Teams";
      if (!log.document.has({list, row.entry})) {
        log.document.put({list, row.entry}, entry_json(row));
        return;
      }
      log.document.set({list, row.entry, "PredictedPosition"}, row.predicted_position.value_or(0));
      log.document.put({list, row.entry, "PredictedPoints"}, points_text(row.predicted_points));
    });
  }
  agenda.run([&](std::int32_t at_ms) { log.send(at_ms); });
}

}  // namespace slipstream::simulate
