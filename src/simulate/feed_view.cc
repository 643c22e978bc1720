#include "simulate/feed_view.h"

#include <algorithm>
#include <cstdlib>

namespace slipstream::simulate {
namespace {

constexpr std::int32_t ready_ms = 9'262;  // F1's screen is set up by then

bool is_in_pits(Place place) { return place == Place::garage || place == Place::pit_lane; }

// The step says when to a tenth of a second; the lap that the edge belongs to, to the millisecond.
std::int32_t exact_ms(const CarView& car, std::int32_t step_ms, bool is_entry) {
  for (const auto& [number, lap] : car.laps) {
    const auto told = is_entry ? lap->pit_in_time_ms : lap->pit_out_time_ms;
    if (told && std::abs(*told - step_ms) <= 2 * History::step_ms) return *told;
  }
  return step_ms;
}

void find_pit_edges(CarView& car) {
  const auto& states = car.history->states;
  if (states.empty()) return;
  bool was_in = car.begins_in_pits = is_in_pits(states.front().place);
  for (std::size_t n = 0; n < states.size(); ++n) {
    if (states[n].place == Place::gone) continue;
    const bool is_in = is_in_pits(states[n].place);
    if (is_in == was_in) continue;
    was_in = is_in;
    const std::int32_t at_ms = (car.history->first_step + static_cast<std::int32_t>(n)) * History::step_ms;
    car.pit_edges.push_back({exact_ms(car, at_ms, is_in), is_in});
  }
}

// The screen turns to a part as the cars are called for it, minutes before its green light.
std::vector<std::int32_t> announced_parts(const FeedView& view) {
  const History& history = *view.history;
  std::vector<std::int32_t> at;
  if (view.is_race) return at;
  at.push_back(ready_ms);
  for (const record::SessionPart& part : history.session_parts) {
    if (part.part_number < 2) continue;
    std::int32_t from = part.from_session_time_ms;
    for (const record::SessionStatus& status : history.session_status) {
      if (status.status == "Inactive" && status.session_time_ms <= part.from_session_time_ms &&
          status.session_time_ms > at.back())
        from = status.session_time_ms;
    }
    at.push_back(from);
  }
  return at;
}

}  // namespace

int FeedView::car_of(std::int32_t driver_number) const {
  for (std::size_t n = 0; n < cars.size(); ++n) {
    if (cars[n].driver->driver_number == driver_number) return static_cast<int>(n);
  }
  return -1;
}

std::int32_t FeedView::started_ms() const {
  for (const record::SessionStatus& status : history->session_status) {
    if (status.status == "Started") return status.session_time_ms;
  }
  return 0;
}

Random FeedView::random(int purpose, int number) const {
  const auto stream = static_cast<Purpose>(64 + purpose);
  return Random(Random(seed(), stream).bits() + static_cast<std::uint64_t>(number), stream);
}

int FeedView::part_at(std::int32_t at_ms) const {
  int part = 0;
  for (std::size_t n = 1; n < part_announced_ms.size(); ++n) {
    if (at_ms >= part_announced_ms[n]) part = static_cast<int>(n);
  }
  return part;
}

int entries_of_part(int cars, int part) {
  if (part == 0 || cars <= 10) return cars;
  return part == 1 ? 10 + (cars - 10) / 2 : 10;
}

FeedView make_view(const History& history, const Quirks& quirks) {
  FeedView view;
  view.history = &history;
  view.quirks = quirks;
  const Kind kind = history.options.kind;
  view.is_race = kind == Kind::race || kind == Kind::sprint;
  view.is_qualifying = kind == Kind::qualifying || kind == Kind::sprint_qualifying;
  view.zero = history.session.zero_date.value_or(UtcTime{});
  for (std::size_t n = 0; n < history.drivers.size(); ++n) {
    CarView car;
    car.driver = &history.drivers[n];
    car.history = &history.cars[n];
    car.name = std::to_string(car.driver->driver_number);
    for (const record::Lap& lap : history.laps) {
      if (lap.driver_number == car.driver->driver_number) car.laps[lap.lap_number] = &lap;
    }
    find_pit_edges(car);
    view.cars.push_back(std::move(car));
  }
  view.part_announced_ms = announced_parts(view);
  view.orders = running_order(view);
  return view;
}

}  // namespace slipstream::simulate
