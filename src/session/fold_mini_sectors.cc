// Mini-sectors of TimingData: what the screen shows of each, and of which lap it is.
//
// The message of the line and those of the mini-sectors beside it come in any order: the last ones of a lap
// up to five seconds behind the line, the first ones of the next up to a second before it.
#include <algorithm>

#include "session/folds.h"
#include "session/read.h"

namespace slipstream::session {
namespace {

using simdjson::dom::element;

// The lap count comes up to this long after the first mini-sector of the new lap has lit up.
constexpr Int early_segment_ms = 1000;

// A lap has three sectors; the longest have ten mini-sectors.
constexpr std::size_t sectors_max = 3, mini_sectors_max = 64;

// Calls visit(sector, mini-sector, status), both counted from 1, for what the message shows; status 0 clears
// the screen for the next lap, and is left out.
template <class Visit>
void for_each_shown(element line, Visit visit) {
  element sectors;
  if (line["Sectors"].get(sectors) != simdjson::SUCCESS) return;
  for_each_member(sectors, [&](std::string_view sector_name, element sector) {
    const auto sector_index = index_of(sector_name);
    element segments;
    if (!sector_index || *sector_index >= sectors_max || !sector.is_object()) return;
    if (sector["Segments"].get(segments) != simdjson::SUCCESS) return;
    for_each_member(segments, [&](std::string_view segment_name, element segment) {
      const auto segment_index = index_of(segment_name);
      std::int64_t status = 0;
      if (!segment_index || *segment_index >= mini_sectors_max || !segment.is_object()) return;
      if (segment["Status"].get(status) != simdjson::SUCCESS || status == 0) return;
      visit(static_cast<Int>(*sector_index) + 1, static_cast<Int>(*segment_index) + 1,
            static_cast<Int>(status));
    });
  });
}

void take_back(Publisher& publisher, const EarlyMiniSector& mark) {
  if (mark.replaced) publisher.mini_sectors.publish(*mark.replaced, publisher.at_ms, *publisher.output);
  else publisher.mini_sectors.withdraw(mark.row, publisher.at_ms, *publisher.output);
}

}  // namespace

void publish_mini_sectors(Publisher& publisher, CarState& car, const Change& change, element line) {
  element sectors;
  // As a list they are the cleared screen of a keyframe.
  if (line["Sectors"].get(sectors) != simdjson::SUCCESS || !sectors.is_object()) return;
  if (car.counter.is_past()) return;
  for_each_shown(line, [&](Int sector_number, Int mini_sector_number, Int status) {
    const bool is_late = sector_number == 3 && car.counter.has_just_ended(change.session_time_ms());
    record::MiniSector row;
    row.driver_number = car.log.driver_number;
    row.lap_number = car.counter.running() - (is_late ? 1 : 0);
    row.sector_number = sector_number;
    row.mini_sector_number = mini_sector_number;
    row.status = status;
    row.session_time_ms = change.session_time_ms();
    if (row.lap_number < 1) return;  // in the pits before the first lap
    const bool is_doubtful = row.sector_number == 1 || !car.counter.has_ended_any();
    if (is_doubtful && car.early_mini_sectors.size() < limits::mini_sector_marks_held_max) {
      const record::MiniSector* before = publisher.mini_sectors.find(row);
      car.early_mini_sectors.push_back({row, before ? optional(*before) : std::nullopt});
    }
    publisher.mini_sectors.publish(row, publisher.at_ms, *publisher.output);
  });
}

void begin_mini_sectors(Publisher& publisher, CarState& car, Int at_ms) {
  auto& early = car.early_mini_sectors;
  const auto is_of_new_lap = [at_ms](const EarlyMiniSector& mark) {
    return mark.row.sector_number == 1 && mark.row.session_time_ms + early_segment_ms >= at_ms;
  };
  // Those of a lap that was none are of no lap.
  const bool is_none = car.counter.is_before_first();
  for (auto mark = early.rbegin(); mark != early.rend(); ++mark) {
    if (is_none || is_of_new_lap(*mark)) take_back(publisher, *mark);
  }
  for (EarlyMiniSector& mark : early) {
    if (!is_of_new_lap(mark)) continue;
    mark.row.lap_number = car.counter.running();
    publisher.mini_sectors.publish(mark.row, publisher.at_ms, *publisher.output);
  }
  early.clear();
}

void renumber_mini_sectors(Publisher& publisher, CarState& car) {
  auto& since_line = car.early_mini_sectors;
  for (auto mark = since_line.rbegin(); mark != since_line.rend(); ++mark) take_back(publisher, *mark);
  for (EarlyMiniSector& mark : since_line) {
    mark.row.lap_number = car.counter.running();
    mark.replaced.reset();
    publisher.mini_sectors.publish(mark.row, publisher.at_ms, *publisher.output);
  }
}

void drop_mini_sectors_before_start(State& state, Publisher& publisher) {
  const auto& log = state.log.session_status;
  const auto started = std::ranges::find(log, "Started", &StatusChange::status);
  if (!state.log.is_race_like || started == log.end()) return;
  for (auto& [number, car] : state.cars) {
    if (car.counter.ended() > 0 || car.counter.has_ended_any()) continue;
    auto& early = car.early_mini_sectors;
    const auto is_before = [&](const EarlyMiniSector& mark) {
      return mark.row.session_time_ms < started->session_time_ms;
    };
    for (auto mark = early.rbegin(); mark != early.rend(); ++mark) {
      if (is_before(*mark)) take_back(publisher, *mark);
    }
    std::erase_if(early, is_before);
  }
}

void note_mini_sectors(CarState& car, const Change& change, element line) {
  if (change.message.is_snapshot) return;  // they lit up at some time before
  for_each_shown(line, [&](Int sector_number, Int mini_sector_number, Int) {
    if (car.mini_sector_marks.size() >= limits::mini_sector_marks_held_max) return;
    car.mini_sector_marks.push_back({change.session_time_ms(), {sector_number, mini_sector_number}});
  });
}

}  // namespace slipstream::session
