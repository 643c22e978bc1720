#include "simulate/timing_board.h"

#include <fmt/core.h>

#include "simulate/feed_text.h"
#include "simulate/numbers.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_ms = 3'797, ready_ms = 9'262;
// Ranks of what happens in one millisecond.
constexpr int order_rank = 0, crossing_rank = 1, edge_rank = 2, other_rank = 3;

constexpr std::string_view empty_value =
    R"({"Value":"","Status":0,"OverallFastest":false,"PersonalFastest":false})";

std::string sector_json(std::size_t minis) {
  std::string json = R"({"Stopped":false,"Value":"","Status":0,"OverallFastest":false,)"
                     R"("PersonalFastest":false,"Segments":[)";
  for (std::size_t n = 0; n < minis; ++n) json += n > 0 ? R"(,{"Status":0})" : R"({"Status":0})";
  return json + "]}";
}

}  // namespace

ValueBests::Mark ValueBests::take(int kind, int car, std::int32_t value) {
  const auto at = static_cast<std::size_t>(kind);
  const bool is_speed = kind >= 3;
  const auto beats = [&](const std::optional<std::int32_t>& other) {
    return !other || (is_speed ? value > *other : value < *other);
  };
  Mark mark;
  auto& own = best_[static_cast<std::size_t>(car)][at];
  mark.is_personal = beats(own);
  if (mark.is_personal) own = value;
  mark.is_overall = beats(overall_[at]);
  if (!mark.is_overall) return mark;
  overall_[at] = value;
  mark.dethroned = holder_[at] == car ? -1 : holder_[at];
  holder_[at] = car;
  return mark;
}

TimingBoard::TimingBoard(const FeedView& view, Script& script)
    : view_(view),
      log_(script, "TimingData"),
      document_(log_.document),
      bests_(view.cars.size()),
      lines_(view.cars.size()) {
  for (const auto& sector : view.history->circuit.mini_sector_ends_m) {
    overall_mini_ms_.emplace_back(sector.size(), 0);
  }
  for (std::size_t car = 0; car < lines_.size(); ++car) {
    lines_[car].is_in_pit = view.cars[car].begins_in_pits;
    for (std::size_t sector = 0; sector < 3; ++sector) {
      lines_[car].best_mini_ms[sector].assign(overall_mini_ms_[sector].size(), 0);
    }
  }
}

void TimingBoard::write() {
  begin();
  plan();
  agenda_.run([this](std::int32_t at_ms) { log_.send(at_ms); });
}

const record::Lap* TimingBoard::lap(int car, int number) const {
  const auto& laps = view_.cars[static_cast<std::size_t>(car)].laps;
  const auto found = laps.find(number);
  return found == laps.end() ? nullptr : found->second;
}

void TimingBoard::begin() {
  if (view_.is_qualifying) {
    document_.put({}, R"({"NoEntries":[0,0,0],"SessionPart":0,"Lines":{},"Withheld":false})");
  } else {
    document_.put({}, R"({"Lines":{},"Withheld":false})");
  }
  log_.send(first_ms);
  order_ = view_.orders.front().order;
  if (view_.is_qualifying) {
    const int cars = static_cast<int>(view_.cars.size());
    for (int part = 0; part < 3; ++part)
      document_.set({"NoEntries", index_text(part)}, entries_of_part(cars, part));
    document_.set({"SessionPart"}, 1);
    document_.set({"CutOffTime"}, "");
    document_.set({"CutOffPercentage"}, "107");
  }
  for (std::size_t place = 0; place < order_.size(); ++place) {
    const int car = order_[place];
    document_.put({"Lines", name(car)}, line_json(car, static_cast<int>(place) + 1));
    show_status(car);
  }
  log_.send(ready_ms);
}

std::string TimingBoard::line_json(int car, int place) const {
  std::string json = "{";
  if (view_.is_race) {
    json += R"("GapToLeader":"","IntervalToPositionAhead":{"Value":"","Catching":false},)";
  } else if (view_.is_qualifying) {
    json += R"("KnockedOut":false,"Cutoff":false,"BestLapTimes":[{"Value":""},{},{}],"Stats":[)";
    for (int part = 0; part < 3; ++part) {
      json += part > 0 ? "," : "";
      json += R"({"TimeDiffToFastest":"","TimeDifftoPositionAhead":""})";
    }
    json += "],";
  } else {
    json += R"("TimeDiffToFastest":"","TimeDiffToPositionAhead":"",)";
  }
  const bool is_in_pit = view_.cars[static_cast<std::size_t>(car)].begins_in_pits;
  json += fmt::format(R"("Line":{0},"Position":"{0}","ShowPosition":{1},"RacingNumber":"{2}",)", place,
                      view_.is_race, name(car));
  json += fmt::format(R"("Retired":false,"InPit":{},"PitOut":false,"Stopped":false,"Status":0,"Sectors":[)",
                      is_in_pit);
  for (std::size_t sector = 0; sector < 3; ++sector) {
    json += (sector > 0 ? "," : "") + sector_json(overall_mini_ms_[sector].size());
  }
  json += fmt::format(R"(],"Speeds":{{"I1":{0},"I2":{0},"FL":{0},"ST":{0}}},"BestLapTime":{{"Value":""}},)",
                      empty_value);
  return json + fmt::format(R"("LastLapTime":{}}})", empty_value);
}

std::int32_t TimingBoard::sent_ms(int car, std::int32_t at_ms) const {
  if (!view_.quirks.has(Quirk::delays)) return at_ms;
  // A delay that drifts from one knot to the next, slowly enough that nothing overtakes what was before it.
  constexpr std::int32_t knot_ms = 8'000;
  const auto drawn = [&](std::int32_t knot) {
    Random random = view_.random(Quirk::delays, car * 100'000 + knot);
    const double share = random.uniform();
    return 40 + 560 * share * share * view_.quirks.rate(Quirk::delays);
  };
  const std::int32_t knot = at_ms / knot_ms;
  const double part = static_cast<double>(at_ms % knot_ms) / knot_ms;
  return at_ms + static_cast<std::int32_t>(rounded(mixed(drawn(knot), drawn(knot + 1), part)));
}

void TimingBoard::plan() {
  std::int32_t sent_last_ms = 0;
  for (const OrderChange& change : view_.orders) {
    if (change.at_ms <= ready_ms) continue;
    // The order is made from what is told of the car that changes it, and what was is not told again.
    const int car = change.by < 0 ? change.order.front() : change.by;
    sent_last_ms = std::max(sent_last_ms, sent_ms(car, change.at_ms));
    agenda_.at(sent_last_ms, order_rank, [this, &change] { set_order(change.order); });
  }
  const auto gaps = gaps_at_crossings();
  for (std::size_t car = 0; car < view_.cars.size(); ++car) plan_car(static_cast<int>(car), gaps[car]);
  for (std::size_t part = 1; part < view_.part_announced_ms.size(); ++part) {
    const std::int32_t at_ms = view_.part_announced_ms[part];
    agenda_.at(at_ms, other_rank, [=, this] { turn_to_part(static_cast<int>(part), at_ms); });
  }
  for (const History::Retirement& retirement : view_.history->retirements) {
    agenda_.at(retirement.session_time_ms, other_rank, [this, &retirement] { retire(retirement); });
  }
  for (const History::LapRuling& ruling : view_.history->lap_rulings) {
    const int car = view_.car_of(ruling.driver_number);
    if (car < 0) continue;
    agenda_.at(ruling.session_time_ms, other_rank, [=, this] {
      const record::Lap* ruled = lap(car, ruling.lap_number);
      if (ruled != nullptr) show_best(car, ruled->session_part.value_or(1) - 1, ruling.session_time_ms);
      show_differences(ruling.session_time_ms);
    });
  }
  if (view_.is_race) {
    agenda_.at(view_.started_ms(), other_rank, [this] {
      document_.set({"Lines", name(order_.front()), "GapToLeader"}, "LAP 1");
      document_.set({"Lines", name(order_.front()), "IntervalToPositionAhead", "Value"}, "LAP 1");
    });
  }
}

// Of each car at each of its crossings, measured when it crosses, however late that is told.
std::vector<std::vector<TimingBoard::Gaps>> TimingBoard::gaps_at_crossings() const {
  std::vector<std::vector<Gaps>> gaps(view_.cars.size());
  if (!view_.is_race) return gaps;
  RaceOrder race(*view_.history, view_.orders.front().order);
  while (race.next()) {
    for (const Passing& passing : race.passed()) {
      gaps[static_cast<std::size_t>(passing.car)].push_back(
          {race.gap_to_leader(passing.car), race.gap_to_ahead(passing.car)});
    }
  }
  return gaps;
}

void TimingBoard::plan_car(int car, const std::vector<Gaps>& gaps) {
  const CarView& seen = view_.cars[static_cast<std::size_t>(car)];
  auto gap = gaps.begin();
  for (const Crossing& crossing : seen.history->crossings) {
    if (crossing.lap_number < 1) continue;
    const Gaps shown = view_.is_race ? *gap++ : Gaps{};
    agenda_.at(sent_ms(car, crossing.session_time_ms), crossing_rank,
               [this, car, &crossing, shown] { pass(car, crossing, shown); });
  }
  for (const PitEdge& edge : seen.pit_edges) {
    if (edge.at_ms <= ready_ms) continue;
    agenda_.at(sent_ms(car, edge.at_ms), edge_rank, [this, car, edge] {
      if (edge.is_entry) enter_pits(car, edge.at_ms);
      else leave_pits(car, edge.at_ms);
    });
  }
  plan_traps(car);
}

// The speed trap is passed between two steps.
void TimingBoard::plan_traps(int car) {
  const CarHistory& history = *view_.cars[static_cast<std::size_t>(car)].history;
  const double trap_m = view_.history->circuit.speed_trap_m;
  for (std::size_t n = 1; n < history.states.size(); ++n) {
    const CarState& before = history.states[n - 1];
    const CarState& after = history.states[n];
    if (after.place != Place::track || before.place != Place::track || after.lap_number < 1) continue;
    if (!(before.distance_m <= trap_m && trap_m < after.distance_m)) continue;
    const record::Lap* lap = this->lap(car, after.lap_number);
    if (lap == nullptr || !lap->speed_straight_kmh) continue;
    const double part = (trap_m - before.distance_m) / (after.distance_m - before.distance_m);
    const std::int32_t before_ms = History::step_ms * (history.first_step + static_cast<std::int32_t>(n) - 1);
    const auto at_ms = before_ms + static_cast<std::int32_t>(rounded(part * History::step_ms));
    agenda_.at(sent_ms(car, at_ms), crossing_rank,
               [this, car, lap] { show_speed(car, 6, lap->speed_straight_kmh); });
  }
}

void TimingBoard::set_order(const std::vector<int>& order) {
  order_ = order;
  for (std::size_t place = 0; place < order.size(); ++place) {
    document_.set({"Lines", name(order[place]), "Line"}, static_cast<int>(place) + 1);
    document_.set({"Lines", name(order[place]), "Position"}, index_text(static_cast<int>(place) + 1));
  }
}

void TimingBoard::enter_pits(int car, std::int32_t at_ms) {
  Line& shown = line(car);
  if (shown.has_flag) return;  // F1 no longer says so of who has finished a race
  shown.is_in_pit = true;
  shown.is_pit_out = false;
  document_.set({"Lines", name(car), "InPit"}, true);
  document_.set({"Lines", name(car), "PitOut"}, false);
  if (at_ms > view_.started_ms()) document_.set({"Lines", name(car), "NumberOfPitStops"}, ++shown.stops);
  show_status(car);
}

void TimingBoard::leave_pits(int car, std::int32_t at_ms) {
  Line& shown = line(car);
  if (shown.has_flag) return;
  shown.is_in_pit = false;
  shown.is_pit_out = shown.is_out_lap = true;
  document_.set({"Lines", name(car), "InPit"}, false);
  document_.set({"Lines", name(car), "PitOut"}, true);
  if (!view_.is_race && at_ms >= view_.started_ms()) {
    // A line in front of the garages is counted as the car leaves them.
    shown.counted = std::max(shown.counted, 1);
    document_.set({"Lines", name(car), "NumberOfLaps"}, shown.counted);
  }
  clear_values(car, 0);
  document_.set({"Lines", name(car), "Speeds", "I1", "Value"}, "");
  document_.set({"Lines", name(car), "Speeds", "ST", "Value"}, "");
  show_status(car);
}

void TimingBoard::turn_to_part(int part, std::int32_t at_ms) {
  const int entries = entries_of_part(static_cast<int>(view_.cars.size()), part);
  part_ = part;
  document_.set({"SessionPart"}, part + 1);
  for (std::size_t place = 0; place < order_.size(); ++place) {
    const int car = order_[place];
    if (static_cast<int>(place) >= entries) {
      line(car).is_knocked_out = true;
      document_.set({"Lines", name(car), "KnockedOut"}, true);
      show_status(car);
      continue;
    }
    document_.set({"Lines", name(car), "BestLapTimes", index_text(part), "Value"}, "");
    clear_values(car, 0);
    document_.set({"Lines", name(car), "Speeds", "I1", "Value"}, "");
    document_.set({"Lines", name(car), "BestLapTime", "Value"}, "");
    if (view_.quirks.has(Quirk::deleted_members))
      document_.remove({"Lines", name(car), "BestLapTime"}, "Lap");
    document_.set({"Lines", name(car), "LastLapTime", "Value"}, "");
  }
  (void)at_ms;
}

void TimingBoard::retire(const History::Retirement& retirement) {
  const int car = view_.car_of(retirement.driver_number);
  if (car < 0) return;
  Line& shown = line(car);
  shown.is_retired = true;
  shown.is_stopped = !retirement.in_pits;
  document_.set({"Lines", name(car), "Retired"}, true);
  if (shown.is_stopped) document_.set({"Lines", name(car), "Stopped"}, true);
  show_status(car);
}

// A field of bits (P14); those whose meaning is known.
void TimingBoard::show_status(int car) {
  const Line& shown = line(car);
  int status = 64;
  if (shown.is_stopped) status |= 4;
  if (shown.is_retired) status |= 8;
  if (shown.is_in_pit) status |= 16;
  if (shown.is_pit_out) status |= 32;
  if (shown.is_knocked_out) status |= 128;
  if (shown.is_out_lap) status |= 512;
  if (shown.has_flag) status |= 1024;
  document_.set({"Lines", name(car), "Status"}, status);
}

void write_timing_data(const FeedView& view, Script& script) { TimingBoard(view, script).write(); }

}  // namespace slipstream::simulate
