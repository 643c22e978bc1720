#include "simulate/best_laps.h"

namespace slipstream::simulate {
namespace {

bool is_deleted(const FeedView& view, const record::Lap& lap, std::int32_t at_ms) {
  bool is_deleted = false;
  for (const History::LapRuling& ruling : view.history->lap_rulings) {
    if (ruling.driver_number == lap.driver_number && ruling.lap_number == lap.lap_number &&
        ruling.session_time_ms <= at_ms)
      is_deleted = ruling.is_deletion;
  }
  return is_deleted;
}

}  // namespace

bool is_shown(const FeedView& view, const record::Lap& lap) {
  return lap.lap_time_ms && !lap.is_generated && !(view.is_race && lap.lap_number == 1);
}

std::optional<BestLap> best_lap(const FeedView& view, int car, int part, std::int32_t at_ms) {
  std::optional<BestLap> best;
  for (const auto& [number, lap] : view.cars[static_cast<std::size_t>(car)].laps) {
    if (!is_shown(view, *lap) || *lap->session_time_ms > at_ms) continue;
    if (lap->session_part.value_or(1) - 1 != part || is_deleted(view, *lap, at_ms)) continue;
    if (!best || *lap->lap_time_ms < best->time_ms) best = {*lap->lap_time_ms, *lap->session_time_ms, number};
  }
  return best;
}

}  // namespace slipstream::simulate
