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

// The lap count comes up to this long after the first mini-sector of the new lap has lit up.
constexpr Int early_segment_ms = 1000;

// A lap has three sectors; the longest have ten mini-sectors.
constexpr std::size_t sectors_max = 3, mini_sectors_max = 64;

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
    if (*count > car_.laps_completed) car_.last_line_ms = change_.session_time_ms();
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
    if (kind == Kind::position && state_.log.is_race_like)
      state_.overtakes.take_position(car_.log.driver_number, *whole, car_.laps_completed + 1);
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

void publish_mini_sectors(Publisher& publisher, CarState& car, const Change& change, element line) {
  element sectors;
  if (line["Sectors"].get(sectors) != simdjson::SUCCESS || !sectors.is_object()) return;
  for_each_member(sectors, [&](std::string_view sector_name, element sector) {
    const auto sector_index = index_of(sector_name);
    element segments;
    if (!sector_index || !sector.is_object() || sector["Segments"].get(segments) != simdjson::SUCCESS) return;
    for_each_member(segments, [&](std::string_view segment_name, element segment) {
      const auto segment_index = index_of(segment_name);
      std::int64_t status = 0;
      if (!segment_index || !segment.is_object() || segment["Status"].get(status) != simdjson::SUCCESS)
        return;
      if (*sector_index >= sectors_max || *segment_index >= mini_sectors_max) return;
      if (status == 0) return;  // the screen is cleared for the next lap
      const bool is_late = *sector_index == 2 && car.last_line_ms &&
                           change.session_time_ms() - *car.last_line_ms < late_value_ms;
      record::MiniSector row;
      row.driver_number = car.log.driver_number;
      row.lap_number = car.laps_completed + (is_late ? 0 : 1);
      row.sector_number = static_cast<Int>(*sector_index) + 1;
      row.mini_sector_number = static_cast<Int>(*segment_index) + 1;
      row.status = static_cast<Int>(status);
      row.session_time_ms = change.session_time_ms();
      if (row.sector_number == 1) {
        const record::MiniSector* before = publisher.mini_sectors.find(row);
        car.early_mini_sectors.push_back({row, before ? optional(*before) : std::nullopt});
      }
      publisher.mini_sectors.publish(row, publisher.at_ms, *publisher.output);
    });
  });
}

// When the screen showed ends of mini-sectors, whatever it shows of them.
void note_mini_sectors(CarState& car, const Change& change, element line) {
  element sectors;
  if (line["Sectors"].get(sectors) != simdjson::SUCCESS) return;
  for_each_member(sectors, [&](std::string_view sector_name, element sector) {
    const auto sector_index = index_of(sector_name);
    element segments;
    if (!sector_index || !sector.is_object() || sector["Segments"].get(segments) != simdjson::SUCCESS) return;
    for_each_member(segments, [&](std::string_view segment_name, element segment) {
      const auto segment_index = index_of(segment_name);
      std::int64_t status = 0;
      if (!segment_index || !segment.is_object() || segment["Status"].get(status) != simdjson::SUCCESS)
        return;
      if (status == 0 || *sector_index >= sectors_max || *segment_index >= mini_sectors_max) return;
      if (car.mini_sector_marks.size() >= limits::mini_sector_marks_held_max) return;
      const MiniSector mini_sector(static_cast<Int>(*sector_index) + 1, static_cast<Int>(*segment_index) + 1);
      car.mini_sector_marks.push_back({change.session_time_ms(), mini_sector});
    });
  });
}

// The lap count has gone up: mini-sectors of the first sector that came just before it are the new lap's.
void move_early_mini_sectors(Publisher& publisher, CarState& car, Int at_ms) {
  auto& early = car.early_mini_sectors;
  for (auto mark = early.rbegin(); mark != early.rend(); ++mark) {
    if (mark->row.session_time_ms + early_segment_ms < at_ms) break;
    if (mark->replaced) publisher.mini_sectors.publish(*mark->replaced, publisher.at_ms, *publisher.output);
    else publisher.mini_sectors.withdraw(mark->row, publisher.at_ms, *publisher.output);
  }
  for (EarlyMiniSector& mark : early) {
    if (mark.row.session_time_ms + early_segment_ms < at_ms) continue;
    mark.row.lap_number = car.laps_completed + 1;
    publisher.mini_sectors.publish(mark.row, publisher.at_ms, *publisher.output);
  }
  early.clear();
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
    EventReader reader(state, car, change);
    reader.read(line);
    if (reader.is_over_limit()) {
      state.tell_limit(
          fmt::format("car {} has more timing than a session can have: its laps end here", name));
    }
    take_part_start(state, change, line);
    if (state.circuit.is_wanted || state.estimates.circuit) note_mini_sectors(car, change, line);
    if (state.has_screen) {
      if (car.laps_completed > laps_before) {
        move_early_mini_sectors(publisher, car, change.session_time_ms());
      }
      publish_mini_sectors(publisher, car, change, line);
      read_screen(change.merged["Lines"][name], part, car.timing);
      car.timing.driver_number = car.log.driver_number;
      car.timing.session_time_ms = change.session_time_ms();
      car.timing.lap_number = car.laps_completed + 1;
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
