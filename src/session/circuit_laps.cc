#include "session/circuit_laps.h"

#include <algorithm>

#include "core/limits.h"
#include "session/state.h"

namespace slipstream::session {
namespace {

// Positions beyond a lap's ends, so that the line lies between two of them.
constexpr SessionTime margin(1500);
// A car that leaves the pits was last seen in its garage this long before, at 60 km/h and less.
constexpr SessionTime leaving(60'000);
// A car that has moved by less stands: at walking pace it moves 3 dm from one sample to the next.
constexpr double standing_dm = 5;
constexpr std::size_t laps_a_car = 2, passes_a_car = 2;

const record::Lap* lap_row(const CarState& car, Int lap_number) {
  const auto row = std::ranges::lower_bound(car.laps, lap_number, {}, &record::Lap::lap_number);
  return row != car.laps.end() && row->lap_number == lap_number ? &*row : nullptr;
}

UtcTime date_at(const State& state, Int session_time_ms) {
  return *state.log.zero_date + SessionTime(session_time_ms);
}

bool is_slick(const record::Lap& lap) {
  return lap.tyre_compound != "INTERMEDIATE" && lap.tyre_compound != "WET";
}

// Makes room for one more lap of the car; false if it is no better than those that are held.
bool make_room(CircuitLog& log, const CarState& car, const record::Lap& lap) {
  std::size_t count = 0;
  auto worst = log.laps.end();
  const record::Lap* worst_row = nullptr;
  for (auto held = log.laps.begin(); held != log.laps.end(); ++held) {
    if (held->driver_number != car.log.driver_number) continue;
    ++count;
    const record::Lap* row = lap_row(car, held->lap_number);
    if (worst != log.laps.end() && row && (!worst_row || !is_better_round(*worst_row, *row))) continue;
    worst = held;
    worst_row = row;
  }
  if (count < laps_a_car) return true;
  if (worst_row && !is_better_round(lap, *worst_row)) return false;
  log.laps.erase(worst);
  return true;
}

bool hold_lap(State& state, const CarState& car, const record::Lap& lap) {
  if (!is_round(lap) || !make_room(state.circuit, car, lap)) return false;
  const UtcTime from = date_at(state, *lap.lap_start_session_time_ms) - margin;
  const UtcTime to = date_at(state, *lap.session_time_ms) + margin;
  state.circuit.laps.push_back(
      {car.log.driver_number, lap.lap_number, car.trace.from_to(from, to),
       marks_from_to(car.mini_sector_marks, *lap.lap_start_session_time_ms, *lap.session_time_ms)});
  ++state.circuit.laps_seen;
  return true;
}

void hold_pass(State& state, const CarState& car, const record::Lap& out_lap) {
  const auto same = [&](const HeldPass& pass) { return pass.driver_number == car.log.driver_number; };
  const auto count = std::ranges::count_if(state.circuit.passes, same);
  const record::Lap* in_lap = lap_row(car, out_lap.lap_number - 1);
  HeldPass pass;
  if (in_lap) pass.pit_in_ms = in_lap->pit_in_time_ms;
  // The first drive out of the garage gives way to one that was in the pits from entry to exit.
  const auto half = std::ranges::find_if(state.circuit.passes,
                                         [&](const HeldPass& held) { return same(held) && !held.pit_in_ms; });
  const bool is_full = static_cast<std::size_t>(count) >= passes_a_car;
  if (is_full && (!pass.pit_in_ms || half == state.circuit.passes.end())) return;
  if (is_full) state.circuit.passes.erase(half);
  pass.driver_number = car.log.driver_number;
  pass.pit_out_ms = *out_lap.pit_out_time_ms;
  const UtcTime out = date_at(state, pass.pit_out_ms);
  const UtcTime from = pass.pit_in_ms ? date_at(state, *pass.pit_in_ms) - margin : out - leaving;
  pass.samples = car.trace.from_to(from, out + margin);
  state.circuit.passes.push_back(std::move(pass));
}

}  // namespace

void CircuitTrace::add(const record::PositionSample& sample) {
  if (!sample.x_dm || !sample.y_dm || !sample.z_dm) return;
  if (!samples_.empty()) {
    const CircuitSample& last = samples_.back();
    const double x = static_cast<double>(*sample.x_dm) - last.x_dm;
    const double y = static_cast<double>(*sample.y_dm) - last.y_dm;
    if (x * x + y * y < standing_dm * standing_dm) return;
  }
  if (samples_.size() >= limits::circuit_samples_held_max) {
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(samples_.size() / 2));
  }
  samples_.push_back({sample.sample_date, *sample.x_dm, *sample.y_dm, *sample.z_dm});
}

void CircuitTrace::drop_before(UtcTime date) {
  const auto first = std::ranges::lower_bound(samples_, date, {}, &CircuitSample::date);
  samples_.erase(samples_.begin(), first);
}

std::vector<CircuitSample> CircuitTrace::from_to(UtcTime from, UtcTime to) const {
  const auto first = std::ranges::lower_bound(samples_, from, {}, &CircuitSample::date);
  const auto last = std::ranges::upper_bound(samples_, to, {}, &CircuitSample::date);
  return {first, std::max(first, last)};
}

std::vector<MiniSectorMark> marks_from_to(const std::vector<MiniSectorMark>& marks, Int from_ms, Int to_ms) {
  std::vector<MiniSectorMark> within;
  for (const MiniSectorMark& mark : marks) {
    if (mark.session_time_ms < from_ms || mark.session_time_ms > to_ms) continue;
    const bool is_first =
        std::ranges::find(within, mark.mini_sector, &MiniSectorMark::mini_sector) == within.end();
    if (is_first) within.push_back(mark);
  }
  return within;
}

bool is_round(const record::Lap& lap) {
  return lap.lap_number > 1 && lap.lap_time_ms && lap.session_time_ms && lap.lap_start_session_time_ms &&
         !lap.pit_in_time_ms && !lap.pit_out_time_ms && !lap.is_generated;
}

bool is_better_round(const record::Lap& a, const record::Lap& b) {
  if (a.is_accurate != b.is_accurate) return a.is_accurate;
  if (is_slick(a) != is_slick(b)) return is_slick(a);
  return a.lap_time_ms < b.lap_time_ms;
}

void drop_mini_sector_marks(CarState& car, Int settled_ms) {
  const auto has_settled = [settled_ms](const record::Lap& lap) {
    return lap.session_time_ms && *lap.session_time_ms <= settled_ms;
  };
  const auto last = std::find_if(car.laps.rbegin(), car.laps.rend(), has_settled);
  if (last == car.laps.rend()) return;
  std::erase_if(car.mini_sector_marks, [end_ms = *last->session_time_ms](const MiniSectorMark& mark) {
    return mark.session_time_ms < end_ms;
  });
}

bool note_circuit_laps(State& state, CarState& car, Int settled_ms) {
  if (!state.circuit.is_wanted || !state.log.zero_date) return false;
  bool is_held = false;
  for (const record::Lap& lap : car.laps) {
    if (lap.lap_number <= car.circuit_lap) continue;
    if (!lap.session_time_ms || *lap.session_time_ms > settled_ms) continue;
    car.circuit_lap = lap.lap_number;
    is_held = hold_lap(state, car, lap) || is_held;
    if (lap.pit_out_time_ms && !lap.pit_in_time_ms) hold_pass(state, car, lap);
    const Int needed_from_ms =
        std::min(lap.pit_in_time_ms.value_or(*lap.session_time_ms), *lap.session_time_ms);
    car.trace.drop_before(date_at(state, needed_from_ms) - margin);
  }
  return is_held;
}

}  // namespace slipstream::session
