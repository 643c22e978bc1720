#include "simulate/progress.h"

#include <algorithm>

#include "simulate/numbers.h"

namespace slipstream::simulate {
namespace {

std::optional<std::int32_t> status_ms(const History& history, std::string_view status) {
  for (const record::SessionStatus& row : history.session_status) {
    if (row.status == status) return row.session_time_ms;
  }
  return std::nullopt;
}

std::vector<double> metres_of(const History& history, const CarHistory& car) {
  const double length = history.circuit.length_m;
  std::vector<double> metres;
  bool has_left_grid = false;
  for (const CarState& state : car.states) {
    const bool is_in_lane = state.place == Place::pit_lane || state.place == Place::garage;
    const double s =
        is_in_lane ? wrapped(state.distance_m + history.circuit.pit_lane.entry_m, length) : state.distance_m;
    has_left_grid = has_left_grid || (state.lap_number == 1 && s < length / 2);
    const bool is_behind_line = state.lap_number <= 1 && !has_left_grid;
    metres.push_back((state.lap_number - (is_behind_line ? 1 : 0)) * length + s);
  }
  return metres;
}

}  // namespace

Progress::Progress(const History& history) {
  const bool is_race = history.options.kind == Kind::race || history.options.kind == Kind::sprint;
  const auto started = status_ms(history, "Started"), finished = status_ms(history, "Finished");
  if (!is_race || !started || !finished) return;
  from_step_ = *started / History::step_ms;
  to_step_ = *finished / History::step_ms;
  for (const CarHistory& car : history.cars) metres_.push_back(metres_of(history, car));
  leader_.resize(static_cast<std::size_t>(to_step_) + 1);
  for (std::int32_t step = from_step_; step <= to_step_; ++step) {
    std::size_t leader = 0;
    for (std::size_t car = 1; car < metres_.size(); ++car) {
      if (at(car, step) > at(leader, step)) leader = car;
    }
    leader_[static_cast<std::size_t>(step)] = leader;
  }
}

bool Progress::is_known(std::size_t car, std::int32_t step) const {
  return step >= from_step_ && step <= to_step_ && car < metres_.size();
}

std::optional<std::int32_t> Progress::position(std::size_t car, std::int32_t step) const {
  if (!is_known(car, step)) return std::nullopt;
  std::int32_t rank = 1;
  for (std::size_t other = 0; other < metres_.size(); ++other) {
    const bool is_ahead =
        at(other, step) > at(car, step) || (at(other, step) == at(car, step) && other < car);
    if (is_ahead) ++rank;
  }
  return rank;
}

std::optional<double> Progress::gap_to_leader_m(std::size_t car, std::int32_t step) const {
  if (!is_known(car, step)) return std::nullopt;
  return at(leader_[static_cast<std::size_t>(step)], step) - at(car, step);
}

std::optional<std::int32_t> Progress::gap_to_leader_ms(std::size_t car, std::int32_t step) const {
  if (!is_known(car, step)) return std::nullopt;
  const auto& leader = metres_[leader_[static_cast<std::size_t>(step)]];
  const auto begin = leader.begin() + from_step_, end = leader.begin() + step + 1;
  const double here = at(car, step);
  const auto passed = std::ranges::lower_bound(begin, end, here);
  if (passed == begin || passed == end) return passed == begin ? std::nullopt : std::optional(0);
  const double before = *std::prev(passed),
               part = *passed > before ? (here - before) / (*passed - before) : 0;
  const double then = static_cast<double>(passed - leader.begin()) - 1 + part;
  return static_cast<std::int32_t>(rounded((step - then) * History::step_ms));
}

}  // namespace slipstream::simulate
