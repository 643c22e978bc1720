// Results of races and sprints.
#include <algorithm>
#include <limits>

#include "session/result_rows.h"
#include "session/season_rules.h"

namespace slipstream::session {
namespace {

using record::Lap;
using record::SessionResult;

bool has_status(const SessionLog& log, std::string_view status) {
  return std::ranges::find(log.session_status, status, &StatusChange::status) != log.session_status.end();
}

// When a race was stopped for good: aborted and not started again before it was finished.
optional<Int> stopped_at(const SessionLog& log) {
  optional<Int> aborted_ms;
  for (const StatusChange& change : log.session_status) {
    if (change.status == "Aborted") aborted_ms = change.session_time_ms;
    else if (change.status == "Started") aborted_ms.reset();
  }
  const bool is_over = has_status(log, "Finished") || has_status(log, "Finalised") || has_status(log, "Ends");
  return is_over ? aborted_ms : std::nullopt;
}

// One car's race as it counts.
struct Race {
  const CarState* car = nullptr;
  const Lap* first = nullptr;  // of the laps driven to the line
  const Lap* last = nullptr;
  Int laps_led = 0;
  bool has_started = false;
  SessionResult row;

  Int lap_count() const { return last ? last->lap_number : 0; }
  optional<Int> line_ms() const { return last ? last->session_time_ms : std::nullopt; }
};

// Where a race ends for the results.
struct RaceEnd {
  optional<Int> last_lap;  // no lap behind it counts
  optional<Int> flag_ms;   // of a race that was stopped: each car's lap that ends then, or next, is its last
  optional<Int> leader_laps;  // and so many the leader had driven until it was stopped
};

Race race_of(const CarState& car, const RaceEnd& end) {
  Race race;
  race.car = &car;
  race.has_started = !car.laps.empty();
  for (const Lap& lap : car.laps) {
    if (lap.is_generated || !lap.session_time_ms || (end.last_lap && lap.lap_number > *end.last_lap))
      continue;
    if (!race.first) race.first = &lap;
    race.last = &lap;
    race.laps_led += lap.position == 1 ? 1 : 0;
    if (end.flag_ms && *lap.session_time_ms >= *end.flag_ms) break;
  }
  return race;
}

// Calls visit(lap) for every lap that a car has driven to the line.
template <class Visit>
void for_each_driven_lap(const State& state, Visit visit) {
  for (const auto& [number, car] : state.cars) {
    for (const Lap& lap : car.laps) {
      if (!lap.is_generated && lap.session_time_ms) visit(lap);
    }
  }
}

// A stopped race ends with the last lap but one before the lap in which the signal was given ("Resuming a
// sprint session or race"): the leader was in lap L, the results are those of the end of lap L - 2. A lapped
// car is then in a lap of a lower number, which is its last as it is behind a flag.
RaceEnd end_of(const State& state, optional<Int> stopped_ms) {
  if (!stopped_ms) return {state.log.total_laps, {}, {}};
  Int leader_laps = 0;
  for_each_driven_lap(state, [&](const Lap& lap) {
    if (*lap.session_time_ms <= *stopped_ms) leader_laps = std::max(leader_laps, lap.lap_number);
  });
  RaceEnd end;
  end.leader_laps = leader_laps;
  end.last_lap = std::max(leader_laps - 1, 0);
  for_each_driven_lap(state, [&](const Lap& lap) {
    if (lap.lap_number == *end.last_lap)
      end.flag_ms = std::min(end.flag_ms.value_or(*lap.session_time_ms), *lap.session_time_ms);
  });
  return end;
}

Int penalty_ms(const State& state, const Race& race) {
  return state.penalties.unserved_ms(race.car->log.driver_number);
}

// Race time as it counts; a great number for a car that has not come to the line.
Int counting_ms(const State& state, const Race& race, bool is_over) {
  return race.line_ms().value_or(0) + (is_over ? penalty_ms(state, race) : 0);
}

bool has_retired(const CarLog& log) {
  bool is_stopped = false, is_retired = false;
  for (const CarEvent& event : log.road_events) {
    if (event.kind == CarEvent::Kind::stopped) is_stopped = event.value != 0;
    if (event.kind == CarEvent::Kind::retired) is_retired = event.value != 0;
  }
  return is_stopped || is_retired;
}

class RaceResults {
 public:
  explicit RaceResults(const State& state) : state_(state) {
    stopped_ms_ = stopped_at(state.log);
    is_over_ = has_status(state.log, "Finished") || has_status(state.log, "Finalised");
    is_under_way_ = has_status(state.log, "Started") || is_over_;
    const RaceEnd end = end_of(state, stopped_ms_);
    leader_laps_ = end.leader_laps;
    races_.reserve(state.cars.size());
    for (const auto& [number, car] : state.cars) {
      if (car.is_taking_part) races_.push_back(race_of(car, end));
    }
    std::ranges::stable_sort(races_, [this](const Race& a, const Race& b) { return is_before(a, b); });
    for (const Race& race : races_) {
      if (race.last && race.lap_count() == races_.front().lap_count())
        first_at_flag_ms_ = std::min(first_at_flag_ms_, *race.line_ms());
    }
  }

  std::vector<SessionResult> rows() {
    for (Race& race : races_) fill(race);
    give_points();
    std::vector<SessionResult> rows;
    rows.reserve(races_.size());
    for (Race& race : races_) rows.push_back(std::move(race.row));
    return rows;
  }

 private:
  bool is_disqualified(const Race& race) const {
    return state_.penalties.is_disqualified(race.car->log.driver_number);
  }
  Int green_laps_of_leader() const {
    return static_cast<Int>(std::ranges::count_if(races_.front().car->laps, [](const Lap& lap) {
      // Safety car, virtual safety car, virtual safety car about to end.
      constexpr std::string_view neutralised = "467";
      const bool is_neutralised =
          lap.track_status && lap.track_status->find_first_of(neutralised) != std::string::npos;
      return !lap.is_generated && lap.session_time_ms && !is_neutralised;
    }));
  }
  // Who did not start comes behind all others, who was disqualified last of all.
  int group(const Race& race) const {
    if (is_disqualified(race)) return 2;
    return is_over_ && !race.has_started ? 1 : 0;
  }
  bool is_before(const Race& a, const Race& b) const {
    if (group(a) != group(b)) return group(a) < group(b);
    if (a.lap_count() != b.lap_count()) return a.lap_count() > b.lap_count();
    if (!a.last) return grid_or_last(a) < grid_or_last(b);
    return counting_ms(state_, a, is_over_) < counting_ms(state_, b, is_over_);
  }
  static Int grid_or_last(const Race& race) {
    const auto grid = race.car->grid_position;
    return grid && *grid > 0 ? *grid : 1000;
  }

  void fill(Race& race) {
    SessionResult& row = race.row;
    fill_car(*race.car, row);
    row.position = static_cast<Int>(&race - races_.data()) + 1;
    row.laps_completed = race.lap_count();
    row.laps_led = race.laps_led;
    if (is_over_) row.penalty_ms = penalty_ms(state_, race);
    set_times(race);
    if (is_under_way_) set_end(race);
    std::string basis = stopped_ms_ ? "countback,laps" : "laps";
    if (is_over_ && !row.is_dns && !row.is_dsq && !is_classified(race)) basis += ",ninety_percent";
    if (row.penalty_ms.value_or(0) > 0) basis += ",penalty";
    row.basis = basis + ",time";
  }

  void set_times(Race& race) const {
    SessionResult& row = race.row;
    const Race& winner = races_.front();
    if (!race.first || !winner.first) return;
    const auto start_ms = race.first->lap_start_session_time_ms;
    const Int added_ms = row.penalty_ms.value_or(0);
    if (start_ms && race.first->lap_number == 1) row.race_time_ms = *race.line_ms() - *start_ms + added_ms;
    row.gap_laps = winner.lap_count() - race.lap_count();
    if (row.gap_laps == 0)
      row.gap_ms = counting_ms(state_, race, is_over_) - counting_ms(state_, winner, is_over_);
  }

  // Who was still driving when the first car had the flag takes it at the next line. That car may have lost
  // the race by a penalty.
  bool has_taken_flag(const Race& race) const {
    if (!race.last) return false;
    return stopped_ms_ ? !has_retired(race.car->log) : *race.line_ms() >= first_at_flag_ms_;
  }

  bool is_classified(const Race& race) const {
    return race.lap_count() > 0 && race.lap_count() >= classified_laps(races_.front().lap_count());
  }

  void set_end(Race& race) const {
    SessionResult& row = race.row;
    row.is_dsq = is_disqualified(race);
    row.is_dns = is_over_ && !race.has_started;
    row.is_dnf =
        !row.is_dns && !row.is_dsq && (is_over_ ? !has_taken_flag(race) : has_retired(race.car->log));
    if (row.is_dsq) row.status = "Disqualified";
    else if (row.is_dns) row.status = "Did not start";
    else if (row.is_dnf) row.status = "Retired";
    else if (!is_over_) row.status = "Running";
    else row.status = row.gap_laps.value_or(0) > 0 ? "Lapped" : "Finished";
    if (!is_over_) return;
    if (row.is_dsq) row.classified_position = "D";
    else if (row.is_dns) row.classified_position = "W";
    else if (is_classified(race)) row.classified_position = std::to_string(*row.position);
    else row.classified_position = row.is_dnf ? "R" : "N";
  }

  void give_points() {
    if (!is_under_way_ || races_.empty()) return;
    const Int year = state_.session.season_year.value_or(0);
    const bool is_sprint = state_.session.session_kind == "sprint";
    const RaceDistance distance{leader_laps_.value_or(races_.front().lap_count()), state_.log.total_laps,
                                stopped_ms_.has_value(), green_laps_of_leader()};
    const PointsTable table = points_table(year, is_sprint, distance);
    const Race* fastest = fastest_lap();
    for (std::size_t i = 0; i < races_.size(); ++i) {
      SessionResult& row = races_[i].row;
      const bool counts = !row.is_dsq && !row.is_dns && races_[i].lap_count() > 0 &&
                          (!is_over_ || (row.classified_position && row.classified_position->front() <= '9'));
      row.points = counts && i < table.points.size() ? table.points[i] * table.factor : 0.0;
      if (table.scale == PointsScale::reduced) *row.basis += ",reduced_points";
      const bool is_fastest = fastest == &races_[i] && i < 10 && counts;
      if (!is_fastest || !has_fastest_lap_point(year, is_sprint, distance)) continue;
      *row.points += table.factor;
      *row.basis += ",fastest_lap";
    }
  }

  const Race* fastest_lap() const {
    const Race* fastest = nullptr;
    for (const Race& race : races_) {
      if (!race.row.best_lap_time_ms) continue;
      if (!fastest || *race.row.best_lap_time_ms < *fastest->row.best_lap_time_ms) fastest = &race;
    }
    return fastest;
  }

  const State& state_;
  optional<Int> stopped_ms_;
  optional<Int> leader_laps_;  // when it was stopped
  Int first_at_flag_ms_ = std::numeric_limits<Int>::max();
  bool is_over_ = false, is_under_way_ = false;
  std::vector<Race> races_;
};

}  // namespace

std::vector<SessionResult> race_results(const State& state) { return RaceResults(state).rows(); }

}  // namespace slipstream::session
