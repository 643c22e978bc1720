#include "serve/race_sections.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace slipstream::serve {
namespace {

// The compound of the stint that a lap is in; the lap of a stop is the last one of its stint.
std::optional<record::Text> compound_in(const CarState& car, record::Int lap_number) {
  std::optional<record::Text> compound;
  car.stints.for_each([&](const record::Stint& stint) {
    const bool is_in_it = stint.first_lap_number && *stint.first_lap_number <= lap_number;
    if (is_in_it) compound = stint.tyre_compound;
  });
  return compound;
}

constexpr std::size_t lines_compared = 4;  // closing for three laps
constexpr std::int32_t battle_interval_max_ms = 1000;

bool is_racing(const record::Timing& timing) {
  const auto is = [](const std::optional<bool>& value) { return value.value_or(false); };
  return !is(timing.is_in_pit) && !is(timing.is_retired) && !is(timing.is_stopped);
}

const CarState* car_at(const View& view, record::Int position) {
  for (const CarState& car : view.cars) {
    const record::Timing* timing = car.timing.current();
    if (timing && timing->position == position) return &car;
  }
  return nullptr;
}

const record::Lap* lap_of(const CarState& car, record::Int lap_number) {
  const auto& laps = car.laps.entries();
  const auto at = std::ranges::lower_bound(laps, lap_number, {}, &Keyed<record::Lap>::Entry::key);
  return at != laps.end() && at->key == lap_number ? at->row : nullptr;
}

// Behind the safety car, virtual or not, and under a red flag gaps close by order, not by speed.
bool is_neutralised_since(const View& view, std::int64_t from_ms) {
  bool is_neutral = false, was_neutral = false;
  view.track_status.for_each([&](const record::TrackStatus& row) {
    if (!row.status) return;
    if (row.session_time_ms >= from_ms) was_neutral = was_neutral || is_neutral;
    is_neutral = row.status == "4" || row.status == "5" || row.status == "6" || row.status == "7";
  });
  return was_neutral || is_neutral;
}

// Gaps at the last lines that the car behind has crossed, the newest last; fewer where one is not known.
std::vector<std::int32_t> line_gaps(const CarState& behind, const CarState& ahead) {
  std::vector<std::int32_t> gaps;
  const record::Lap* last = behind.laps.current();
  for (record::Int number = last ? last->lap_number : 0; number > 0 && gaps.size() < lines_compared;
       --number) {
    const record::Lap* own = lap_of(behind, number);
    const record::Lap* other = lap_of(ahead, number);
    if (!own || !other || !own->session_time_ms || !other->session_time_ms) break;
    gaps.insert(gaps.begin(), *own->session_time_ms - *other->session_time_ms);
  }
  return gaps;
}

bool is_closing(const std::vector<std::int32_t>& gaps_ms) {
  const bool falls = std::ranges::adjacent_find(gaps_ms, std::less_equal<>()) == gaps_ms.end();
  return gaps_ms.size() == lines_compared && falls && gaps_ms.back() > 0;
}

bool is_race_on(const View& view) {
  const record::Session* session = view.session.current();
  const record::SessionStatus* status = view.session_status.current();
  const bool is_race = session && (session->session_kind == "race" || session->session_kind == "sprint");
  return is_race && status && status->status == "Started";
}

}  // namespace

void write_result(JsonWriter& json, const record::SessionResult& row) {
  json.begin_object().field("driver_number", row.driver_number).field("position", row.position);
  json.field("classified_position", row.classified_position).field("grid_position", row.grid_position);
  json.field("status", row.status).field("points", row.points);
  json.field("laps_completed", row.laps_completed).field("best_lap_time_ms", row.best_lap_time_ms);
  json.field("race_time_ms", row.race_time_ms).field("penalty_ms", row.penalty_ms);
  json.field("gap_ms", row.gap_ms).field("gap_laps", row.gap_laps);
  json.field("q1_ms", row.q1_ms).field("q2_ms", row.q2_ms).field("q3_ms", row.q3_ms);
  json.field("is_provisional", row.is_provisional).field("basis", row.basis).end_object();
}

void write_pit_stops(JsonWriter& json, const CarState& car) {
  json.begin_array();
  car.pit_stops.for_each([&](const record::PitStop& row) {
    json.begin_object().field("stop_number", row.stop_number).field("lap_number", row.lap_number);
    json.field("pit_in_time_ms", row.pit_in_time_ms).field("pit_out_time_ms", row.pit_out_time_ms);
    json.field("lane_duration_ms", row.lane_duration_ms);
    json.field("stationary_duration_ms", row.stationary_duration_ms).field("source", row.source);
    json.field("compound_before", row.lap_number ? compound_in(car, *row.lap_number) : std::nullopt);
    const bool is_out = row.lap_number && row.pit_out_time_ms;
    json.field("compound_after", is_out ? compound_in(car, *row.lap_number + 1) : std::nullopt).end_object();
  });
  json.end_array();
}

void write_stints(JsonWriter& json, const CarState& car) {
  json.begin_array();
  car.stints.for_each([&](const record::Stint& row) {
    json.begin_object().field("stint_number", row.stint_number).field("tyre_compound", row.tyre_compound);
    json.field("is_fresh_tyre", row.is_fresh_tyre);
    json.field("tyre_age_laps_at_start", row.tyre_age_laps_at_start);
    json.field("first_lap_number", row.first_lap_number).field("last_lap_number", row.last_lap_number);
    json.field("lap_count", row.lap_count).end_object();
  });
  json.end_array();
}

void write_penalty(JsonWriter& json, const record::Penalty& row) {
  json.begin_object().field("penalty_number", row.penalty_number).field("driver_number", row.driver_number);
  json.field("kind", row.kind).field("seconds", row.seconds).field("state", row.state);
  json.field("reason", row.reason).field("noted_message_number", row.noted_message_number);
  json.field("investigated_message_number", row.investigated_message_number);
  json.field("imposed_message_number", row.imposed_message_number);
  json.field("served_message_number", row.served_message_number);
  json.field("rescinded_message_number", row.rescinded_message_number).end_object();
}

std::optional<Battle> closest_battle(const View& view) {
  std::optional<Battle> closest;
  if (!is_race_on(view)) return closest;
  for (const CarState& behind : view.cars) {
    const record::Timing* timing = behind.timing.current();
    if (!timing || !timing->position || !timing->interval_ms || !is_racing(*timing)) continue;
    const std::int32_t interval_ms = *timing->interval_ms;
    if (interval_ms <= 0 || interval_ms >= battle_interval_max_ms) continue;
    if (closest && interval_ms >= closest->interval_ms) continue;
    const CarState* ahead = car_at(view, *timing->position - 1);
    if (!ahead || !is_racing(*ahead->timing.current())) continue;
    std::vector<std::int32_t> gaps_ms = line_gaps(behind, *ahead);
    if (!is_closing(gaps_ms)) continue;
    const record::Lap* oldest =
        lap_of(behind, behind.laps.current()->lap_number - static_cast<record::Int>(lines_compared) + 1);
    if (!is_neutralised_since(view, *oldest->session_time_ms))
      closest = Battle{&behind, ahead, interval_ms, std::move(gaps_ms)};
  }
  return closest;
}

void write_battle(JsonWriter& json, const View& view) {
  const std::optional<Battle> battle = closest_battle(view);
  if (!battle) {
    json.null();
    return;
  }
  json.begin_object().field("behind_driver_number", battle->behind->driver_number);
  json.field("ahead_driver_number", battle->ahead->driver_number).field("interval_ms", battle->interval_ms);
  json.key("line_gaps_ms").begin_array();
  for (const std::int32_t gap_ms : battle->line_gaps_ms) json.value(gap_ms);
  json.end_array().end_object();
}

}  // namespace slipstream::serve
