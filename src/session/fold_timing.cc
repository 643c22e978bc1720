// TimingData: events for the lap builder, the timing screen as it stands, mini-sectors.
#include <fmt/core.h>
#include <array>

#include "feed/parse.h"
#include "session/folds.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

using Kind = CarEvent::Kind;
using simdjson::dom::element;

constexpr std::array<std::string_view, 4> speed_traps = {"I1", "I2", "FL", "ST"};

// Reads one car's part of a TimingData change into events.
class EventReader {
 public:
  EventReader(State& state, CarState& car, const Change& change)
      : state_(state), car_(car), change_(change) {}

  void read(element line) {
    for_each_member(line, [this](std::string_view name, element value) { read_member(name, value); });
  }
  // Something was left out, because the log is as long as it may get.
  bool is_over_limit() const { return is_over_limit_; }
  // That the message named.
  optional<Int> position() const { return position_; }

 private:
  void read_member(std::string_view name, element value) {
    if (name == "Sectors") read_sectors(value);
    else if (name == "LastLapTime") push_time(Kind::lap_time, 0, member(value, "Value"), true);
    else if (name == "BestLapTime") push_time(Kind::best_lap, 0, member(value, "Value"), false);
    else if (name == "Speeds") read_speeds(value);
    else if (name == "NumberOfLaps") read_lap_count(value);
    else if (name == "InPit") read_in_pit(value);
    else if (name == "Stopped") push_flag(Kind::stopped, value);
    else if (name == "Retired") push_flag(Kind::retired, value);
    else if (name == "Position") push_number(Kind::position, 0, value);
    else if (name == "GapToLeader") push_gap(Kind::gap, text(value));
    else if (name == "IntervalToPositionAhead") push_gap(Kind::interval, member(value, "Value"));
  }

  // Sector values as a list are the cleared screen of a keyframe, not times just driven.
  void read_sectors(element sectors) {
    if (!sectors.is_object()) return;
    for_each_member(sectors, [this](std::string_view name, element sector) {
      const auto index = index_of(name);
      if (index && *index < 3) push_time(Kind::sector_time, *index, member(sector, "Value"), false);
    });
  }

  void read_speeds(element speeds) {
    for_each_member(speeds, [this](std::string_view name, element speed) {
      for (std::size_t i = 0; i < speed_traps.size(); ++i) {
        if (speed_traps[i] != name) continue;
        const auto kmh = feed::parse_int(member(speed, "Value").value_or(""));
        if (kmh && *kmh > 0 && *kmh < 500) push(Kind::speed, i, static_cast<Int>(*kmh));
      }
    });
  }

  void read_lap_count(element value) {
    JsonTree number;
    (void)number.merge(value);
    const auto count = number.integer();
    if (!count || *count < 0) return;
    if (*count > limits::laps_max) return void(is_over_limit_ = true);
    if (*count > car_.laps_completed) {
      car_.last_line_ms = change_.session_time_ms();
      car_.is_last_line_seen = !change_.message.is_snapshot;
    }
    car_.laps_completed = std::max(car_.laps_completed, *count);  // late data counts back (L1)
    push(Kind::lap_count, 0, *count);
  }

  void read_in_pit(element value) {
    push_flag(Kind::in_pit, value);
    if (car_.log.events.empty() || car_.log.events.back().kind != Kind::in_pit) return;
    const bool has_entered = car_.log.events.back().value != 0;
    if (has_entered && car_.laps_completed > 0) state_.set_laps_due(car_, change_.session_time_ms());
  }

  void push_time(Kind kind, std::size_t index, optional<std::string_view> value, bool keep_cleared) {
    if (!value) return;
    if (value->empty() && keep_cleared) push(kind, index, CarEvent::cleared);
    if (const auto time = feed::parse_lap_time(*value)) push(kind, index, static_cast<Int>(time->count()));
  }

  void push_gap(Kind kind, optional<std::string_view> value) {
    if (!value) return;
    const auto gap = feed::parse_gap(*value);
    if (gap && gap->time) return push(kind, 0, static_cast<Int>(gap->time->count()));
    if (gap && gap->is_leader_lap()) return push(kind, 0, CarEvent::leads);
    push(kind, 0, gap ? CarEvent::lapped : CarEvent::cleared);
  }

  void push_flag(Kind kind, element value) {
    JsonTree flag;
    (void)flag.merge(value);
    const auto is_set = flag.flag();
    if (!is_set) return;
    push(kind, 0, *is_set ? 1 : 0);
    const bool is_end = kind == Kind::stopped || kind == Kind::retired;
    if (is_end && state_.log.is_race_like) state_.overtakes.take_retirement(car_.log.driver_number);
  }

  void push_number(Kind kind, std::size_t index, element value) {
    JsonTree number;
    (void)number.merge(value);
    const auto whole = number.integer();
    if (!whole) return;
    push(kind, index, *whole);
    if (kind == Kind::position) position_ = *whole;
  }

  void push(Kind kind, std::size_t index, Int value) {
    if (car_.log.size() >= limits::car_events_max) return void(is_over_limit_ = true);
    const bool is_time = kind == Kind::lap_time || kind == Kind::sector_time;
    const Int since_line_ms =
        change_.session_time_ms() - car_.last_line_ms.value_or(change_.session_time_ms());
    if (is_time && since_line_ms > 0 && since_line_ms < late_value_ms) {
      car_.has_late_value = state_.has_due_car = true;
    }
    if (kind == Kind::best_lap) state_.has_result_change = true;
    car_.log.add({change_.session_time_ms(), change_.message_number, kind, static_cast<std::int8_t>(index),
                  value, change_.message.is_snapshot});
  }

  static optional<std::string_view> text(element value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return text;
  }
  static optional<std::string_view> member(element value, const char* name) {
    std::string_view text;
    if (!value.is_object() || value[name].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return text;
  }

  State& state_;
  CarState& car_;
  const Change& change_;
  bool is_over_limit_ = false;
  optional<Int> position_;
};

optional<feed::Gap> gap_of(const JsonTree& value) {
  const auto text = value.filled_text();
  if (!text) return std::nullopt;
  const auto gap = feed::parse_gap(*text);
  return gap ? optional(*gap) : std::nullopt;
}

// Where the gap stands depends on the kind of session: races GapToLeader, practice TimeDiffToFastest,
// qualifying the Stats of the part that runs.
template <std::size_t N>
void set_gap(const std::array<const JsonTree*, N>& places, optional<Int>& ms, optional<Int>& laps) {
  ms.reset();
  laps.reset();
  for (const JsonTree* place : places) {
    const auto gap = gap_of(*place);
    if (!gap) continue;
    if (gap->time) ms = static_cast<Int>(gap->time->count());
    laps = gap->laps_down;
    return;
  }
}

optional<Int> time_of(const JsonTree& value) {
  const auto text = value.filled_text();
  if (!text) return std::nullopt;
  const auto time = feed::parse_lap_time(*text);
  return time ? optional(static_cast<Int>(time->count())) : std::nullopt;
}

void read_screen(const JsonTree& line, Int session_part, record::Timing& row) {
  const JsonTree& stats = line["Stats"][static_cast<std::size_t>(std::max(session_part, 1) - 1)];
  const JsonTree& gap = line["GapToLeader"];
  const optional<Int> laps_before = row.gap_laps;
  row.position = line["Position"].integer();
  set_gap(std::array{&gap, &line["TimeDiffToFastest"], &stats["TimeDiffToFastest"]}, row.gap_ms,
          row.gap_laps);
  // The gap of a lapped car may stop coming: it stays lapped (D15).
  if (gap.text() == "" && !row.gap_ms) row.gap_laps = laps_before;
  set_gap(std::array{&line["IntervalToPositionAhead"]["Value"], &line["TimeDiffToPositionAhead"],
                     &stats["TimeDifftoPositionAhead"]},
          row.interval_ms, row.interval_laps);
  row.is_in_pit = line["InPit"].flag();
  row.is_pit_out = line["PitOut"].flag();
  row.is_retired = line["Retired"].flag();
  row.is_stopped = line["Stopped"].flag();
  row.is_knocked_out = line["KnockedOut"].flag();
  row.status_flags = line["Status"].integer();
  const JsonTree& last = line["LastLapTime"];
  row.last_lap_time_ms = time_of(last["Value"]);
  row.is_last_lap_personal_best = last["PersonalFastest"].flag();
  row.is_last_lap_overall_best = last["OverallFastest"].flag();
  row.best_lap_time_ms = time_of(line["BestLapTime"]["Value"]);
  row.sector1_time_ms = time_of(line["Sectors"][0]["Value"]);
  row.sector2_time_ms = time_of(line["Sectors"][1]["Value"]);
  row.sector3_time_ms = time_of(line["Sectors"][2]["Value"]);
}

// A qualifying part begins when the first car's best time of it is named: then the old part's times are
// cleared (L19).
void take_part_start(State& state, const Change& change, element line) {
  element bests;
  if (line["BestLapTimes"].get(bests) != simdjson::SUCCESS || !bests.is_object()) return;
  for_each_member(bests, [&](std::string_view name, element) {
    const auto index = index_of(name);
    if (!index || *index == 0 || *index > 2) return;
    auto& starts = state.log.part_starts_ms;
    if (starts.empty()) starts.push_back(0);
    if (*index != starts.size()) return;
    starts.push_back(change.session_time_ms());
    state.part_hints.push_back({change.session_time_ms(), static_cast<Int>(*index) + 1});
  });
}

}  // namespace

void fold_timing(State& state, Publisher& publisher, const Change& change) {
  element lines;
  if (change.payload["Lines"].get(lines) != simdjson::SUCCESS) return;
  state.has_timing_change = state.has_timing_change || !change.message.is_snapshot;
  const Int part = change.merged["SessionPart"].integer().value_or(0);
  element named_part;
  if (part > 0 && change.payload["SessionPart"].get(named_part) == simdjson::SUCCESS) {
    state.part_hints.push_back({change.session_time_ms(), part});
  }
  for_each_member(lines, [&](std::string_view name, element line) {
    const auto number = index_of(name);
    if (!number || *number == 0 || *number > 999 || !line.is_object()) return;
    if (!state.has_room_for(static_cast<Int>(*number))) return;
    CarState& car = state.car(static_cast<Int>(*number));
    const Int laps_before = car.laps_completed;
    const std::size_t events_before = car.log.events.size();
    const Int running_before = car.counter.running();
    EventReader reader(state, car, change);
    reader.read(line);
    const LapCounter::Step step = car.counter.take_from(car.log, events_before);
    if (reader.is_over_limit()) {
      state.tell_limit(
          fmt::format("car {} has more timing than a session can have: its laps end here", name));
    }
    if (reader.position() && state.log.is_race_like) {
      state.overtakes.take_position(car.log.driver_number, *reader.position(), car.counter.running());
    }
    take_part_start(state, change, line);
    if (state.circuit.is_wanted || state.estimates.circuit) note_mini_sectors(car, change, line);
    if (state.has_screen) {
      if (step.has_ended) begin_mini_sectors(publisher, car, change.session_time_ms());
      else if (step.missed == 0 && car.counter.running() > running_before)
        renumber_mini_sectors(publisher, car);
      publish_mini_sectors(publisher, car, change, line);
      read_screen(change.merged["Lines"][name], part, car.timing);
      car.timing.driver_number = car.log.driver_number;
      car.timing.session_time_ms = change.session_time_ms();
      car.timing.lap_number = car.counter.running();
      car.is_timing_pending = state.has_pending_timing = true;
    }
    if (!car.is_taking_part) {
      car.is_taking_part = true;
      publish_driver(state, publisher, car.log.driver_number);
    }
    if (car.laps_completed > laps_before) state.set_laps_due(car, change.session_time_ms());
  });
  state.overtakes.end_message(change.session_time_ms(), is_racing(state) && !change.message.is_snapshot);
}

void publish_timing_before(State& state, Publisher& publisher, Int session_time_ms) {
  if (!std::exchange(state.has_pending_timing, false)) return;
  for (auto& [number, car] : state.cars) {
    if (!car.is_timing_pending) continue;
    if (car.timing.session_time_ms >= session_time_ms) {
      state.has_pending_timing = true;
      continue;
    }
    car.is_timing_pending = false;
    if (car.timing_published) {
      record::Timing same_time = *car.timing_published;
      same_time.session_time_ms = car.timing.session_time_ms;
      if (same_time == car.timing) continue;
    }
    car.timing_published = car.timing;
    publisher.emit(car.timing);
  }
}

}  // namespace slipstream::session
