#include "serve/tower_row.h"

#include <algorithm>

namespace slipstream::serve {
namespace {

using record::Int;

std::optional<Int> last_lap_ms(const CarState& car, const record::Timing& timing) {
  if (timing.last_lap_time_ms) return timing.last_lap_time_ms;
  std::optional<Int> last;
  car.laps.for_each([&last](const record::Lap& lap) {
    if (lap.lap_time_ms) last = lap.lap_time_ms;
  });
  return last;
}

std::int32_t pit_stop_count(const CarState& car) {
  std::int32_t count = 0;
  car.laps.for_each([&count](const record::Lap& lap) {
    if (lap.pit_in_time_ms) ++count;
  });
  return count;
}

void write_tyre(JsonWriter& json, const record::Stint* stint) {
  std::optional<Int> age_laps;
  if (stint != nullptr && (stint->tyre_age_laps_at_start || stint->lap_count)) {
    age_laps = stint->tyre_age_laps_at_start.value_or(0) + stint->lap_count.value_or(0);
  }
  json.field("tyre_compound", stint ? stint->tyre_compound : std::nullopt).field("tyre_age_laps", age_laps);
  json.field("stint_number", stint ? std::optional<Int>(stint->stint_number) : std::nullopt);
}

// [[status, ...], ...] by sector; mini-sectors that were never named are null, F1's codes are passed on raw.
void write_mini_sectors(JsonWriter& json, const CarState& car) {
  constexpr Int sectors = 3;
  constexpr Int mini_sectors_max = 64;  // real tracks have up to 10 a sector
  json.key("mini_sectors").begin_array();
  for (Int sector = 1; sector <= sectors; ++sector) {
    json.begin_array();
    Int next = 1;
    car.mini_sectors.for_each([&](const record::MiniSector& row) {
      if (row.sector_number != sector || row.mini_sector_number > mini_sectors_max) return;
      for (; next < row.mini_sector_number; ++next) json.null();
      json.value(row.status);
      next = row.mini_sector_number + 1;
    });
    json.end_array();
  }
  json.end_array();
}

}  // namespace

std::optional<Int> best_lap_ms(const CarState& car) {
  if (car.has_timed_best) {
    // Between the parts of a qualifying the screen clears the times of those who go on.
    const record::Timing* timing = car.timing.current();
    return timing ? timing->best_lap_time_ms : std::nullopt;
  }
  std::optional<Int> best;
  car.laps.for_each([&best](const record::Lap& lap) {
    if (!lap.lap_time_ms || lap.is_deleted.value_or(false)) return;
    best = std::min(best.value_or(*lap.lap_time_ms), *lap.lap_time_ms);
  });
  return best;
}

std::optional<Int> best_lap_overall_ms(const View& view) {
  std::optional<Int> best;
  for (const CarState& car : view.cars) {
    const std::optional<Int> own = best_lap_ms(car);
    if (own) best = std::min(best.value_or(*own), *own);
  }
  return best;
}

void write_tower_row(JsonWriter& json, const CarState& car, std::optional<Int> best_lap_overall_ms) {
  static const record::Timing unknown;
  const record::Timing* current = car.timing.current();
  const record::Timing& timing = current ? *current : unknown;
  const std::optional<Int> best_ms = best_lap_ms(car);
  json.begin_object().field("driver_number", car.driver_number).field("position", timing.position);
  json.field("gap_ms", timing.gap_ms).field("gap_laps", timing.gap_laps);
  json.field("interval_ms", timing.interval_ms).field("interval_laps", timing.interval_laps);
  json.field("lap_number", timing.lap_number);
  json.field("last_lap_time_ms", last_lap_ms(car, timing)).field("best_lap_time_ms", best_ms);
  json.field("is_last_lap_personal_best", timing.is_last_lap_personal_best);
  json.field("is_last_lap_overall_best", timing.is_last_lap_overall_best);
  json.field("is_best_lap_overall", best_ms.has_value() && best_ms == best_lap_overall_ms);
  json.key("sector_times_ms").begin_array().value(timing.sector1_time_ms).value(timing.sector2_time_ms);
  json.value(timing.sector3_time_ms).end_array();
  write_mini_sectors(json, car);
  write_tyre(json, car.stints.current());
  json.field("pit_stop_count", pit_stop_count(car)).field("is_in_pit", timing.is_in_pit);
  json.field("is_pit_out", timing.is_pit_out).field("is_retired", timing.is_retired);
  json.field("is_stopped", timing.is_stopped).field("is_knocked_out", timing.is_knocked_out).end_object();
}

}  // namespace slipstream::serve
