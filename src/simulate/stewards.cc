#include "simulate/stewards.h"

#include <algorithm>
#include <array>

#include "simulate/race_control.h"

namespace slipstream::simulate {
namespace {

using record::Int;

constexpr double beyond_limits_in_race = 0.011, beyond_limits_in_session = 0.05, reinstated = 0.08;
constexpr std::int32_t blue_pause_ms = 40'000;

struct Offence {
  std::string_view reason;
  bool is_of_two;
};
constexpr std::array<Offence, 6> offences = {{
    {"FORCING ANOTHER DRIVER OFF THE TRACK", true},
    {"CAUSING A COLLISION", true},
    {"LEAVING THE TRACK AND GAINING AN ADVANTAGE", true},
    {"MOVING UNDER BRAKING", true},
    {"SPEEDING IN THE PIT LANE", false},
    {"STARTING PROCEDURE INFRINGEMENT", false},
}};

int turn_near(const Circuit& circuit, double s_m) {
  int turn = 1;
  double least = 1e9;
  for (const record::Corner& corner : circuit.corners) {
    const double off = std::min(ahead_m(corner.distance_m, s_m, circuit.length_m),
                                ahead_m(s_m, corner.distance_m, circuit.length_m));
    if (off < least) {
      least = off;
      turn = corner.corner_number;
    }
  }
  return turn;
}

record::Lap* find_lap(World& world, int number, int lap_number) {
  for (auto lap = world.history.laps.rbegin(); lap != world.history.laps.rend(); ++lap) {
    if (lap->driver_number == number && lap->lap_number == lap_number) return &*lap;
  }
  return nullptr;
}

}  // namespace

Stewards::Stewards(const World& world)
    : random_(world.random(Purpose::stewards)),
      strikes_(world.cars.size()),
      blue_ms_(world.cars.size(), -never_ms) {
  if (!world.is_race()) return;
  const double span_ms = world.total_laps * 88'000.0;
  const int count = random_.below(3) + static_cast<int>(span_ms / 1'200'000);
  for (int n = 0; n < count; ++n) {
    case_times_ms_.push_back(world.scheduled_ms() + 240'000 +
                             static_cast<std::int32_t>(random_.uniform() * span_ms));
  }
}

void Stewards::look_at_lap(World& world, const Car& car, int lap_number) {
  const bool is_beyond = random_.chance(world.is_race() ? beyond_limits_in_race : beyond_limits_in_session);
  const double turn_share = random_.uniform(), moment = random_.uniform();
  const std::int32_t wait_ms = random_.between(20'000, 85'000), review_ms = random_.between(90'000, 300'000);
  const bool is_reinstated = random_.chance(reinstated);
  const auto& corners = world.circuit().corners;
  if (!is_beyond || corners.empty()) return;
  const record::Lap* lap = find_lap(world, car.number, lap_number);
  if (lap == nullptr || !lap->lap_time_ms) return;
  Ruling ruling;
  ruling.at_ms = world.now_ms + wait_ms;
  ruling.car = car.index;
  ruling.lap_number = lap_number;
  ruling.turn =
      corners[static_cast<std::size_t>(turn_share * static_cast<double>(corners.size()))].corner_number;
  ruling.offence_ms =
      *lap->session_time_ms - static_cast<std::int32_t>(*lap->lap_time_ms * (0.1 + 0.8 * moment));
  rulings_.push_back(ruling);
  if (!is_reinstated) return;
  ruling.at_ms += review_ms;
  ruling.is_deletion = false;
  rulings_.push_back(ruling);
}

void Stewards::rule(World& world, const Ruling& ruling) {
  const Car& car = world.cars[static_cast<std::size_t>(ruling.car)];
  record::Lap* lap = find_lap(world, car.number, ruling.lap_number);
  if (lap == nullptr) return;
  // With a part of a qualifying its times are settled.
  if (lap->session_part && lap->session_part != world.session_part) return;
  const std::string where =
      "TRACK LIMITS AT TURN " + std::to_string(ruling.turn) + " LAP " + std::to_string(ruling.lap_number);
  std::string text = "CAR " + car_text(world, ruling.car) + " TIME " + lap_time_text(*lap->lap_time_ms);
  lap->is_deleted = ruling.is_deletion;
  lap->deleted_reason = ruling.is_deletion ? std::optional(where) : std::nullopt;
  text += ruling.is_deletion ? " DELETED - " + where + " " + local_time_text(world, ruling.offence_ms)
                             : " REINSTATED - " + where;
  say_other(world, std::move(text), car.number);
  world.history.lap_rulings.push_back({world.now_ms, car.number, ruling.lap_number, ruling.is_deletion});
  if (world.is_race() && ruling.is_deletion) count_strike(world, ruling.car);
}

void Stewards::count_strike(World& world, int car) {
  const int strikes = ++strikes_[static_cast<std::size_t>(car)];
  if (strikes == 3) {
    record::RaceControl row;
    row.category = "Flag";
    row.flag = "BLACK AND WHITE";
    row.scope = "Driver";
    row.driver_number = world.cars[static_cast<std::size_t>(car)].number;
    row.message = "BLACK AND WHITE FLAG FOR CAR " + car_text(world, car) + " - TRACK LIMITS";
    const Int message = say(world, std::move(row));
    record::Penalty& penalty = world.history.penalties[add_row(world, car, "TRACK LIMITS")];
    penalty.kind = "warning";
    penalty.state = "imposed";
    penalty.imposed_message_number = message;
  }
  if (strikes == 4 && world.phase != Phase::finished) {
    Case of;
    of.car = car;
    of.reason = "TRACK LIMITS";
    of.fate = Fate::time_penalty;
    of.stage = Stage::investigated;
    of.next_ms = world.now_ms + 30'000;
    cases_.push_back(std::move(of));
  }
}

std::size_t Stewards::add_row(World& world, int car, const std::string& reason) {
  record::Penalty row;
  row.session_key = world.key();
  row.penalty_number = static_cast<Int>(world.history.penalties.size());
  row.driver_number = world.cars[static_cast<std::size_t>(car)].number;
  row.state = "noted";
  row.reason = reason;
  world.history.penalties.push_back(std::move(row));
  return world.history.penalties.size() - 1;
}

void Stewards::open_case(World& world) {
  const auto& offence = offences[static_cast<std::size_t>(random_.below(static_cast<int>(offences.size())))];
  const double fate = random_.uniform();
  const bool is_ten = random_.chance(0.25);
  const int first = random_.below(static_cast<int>(world.cars.size()));
  Case of;
  of.car = -1;
  for (std::size_t n = 0; n < world.cars.size() && of.car < 0; ++n) {
    const Car& car = world.cars[(static_cast<std::size_t>(first) + n) % world.cars.size()];
    if (!is_racing(car) || car.place != Place::track) continue;
    if (!offence.is_of_two) of.car = car.index;
    for (const Car& other : world.cars) {
      const double gap = ahead_m(car.s_m, other.s_m, world.length_m());
      if (offence.is_of_two && &other != &car && is_racing(other) && is_on_road(other) && gap < 90) {
        of.car = car.index;
        of.other = other.index;
      }
    }
  }
  if (of.car < 0 || is_like_open_case(of, offence.reason)) return;
  const int turn = turn_near(world.circuit(), world.cars[static_cast<std::size_t>(of.car)].s_m);
  of.place = offence.is_of_two                     ? "TURN " + std::to_string(turn)
             : offence.reason.starts_with("SPEED") ? "PIT LANE"
                                                   : "";
  of.reason = std::string(offence.reason);
  of.seconds = is_ten ? 10 : 5;
  of.fate = fate < 0.3    ? Fate::let_go
            : fate < 0.5  ? Fate::let_go_after_look
            : fate < 0.88 ? Fate::time_penalty
            : fate < 0.93 ? Fate::drive_through
                          : Fate::after_session;
  const Int message = say_other(
      world, incident_text(world, of) + " NOTED - " + of.reason,
      of.other < 0 ? std::optional(world.cars[static_cast<std::size_t>(of.car)].number) : std::nullopt);
  for (const int car : {of.car, of.other}) {
    if (car < 0) continue;
    of.rows.push_back(add_row(world, car, of.reason));
    world.history.penalties[of.rows.back()].noted_message_number = message;
  }
  of.next_ms = world.now_ms + random_.between(45'000, 140'000);
  cases_.push_back(std::move(of));
}

// F1 numbers no incident: of two at a time with one reason nobody could tell which is meant.
bool Stewards::is_like_open_case(const Case& of, std::string_view reason) const {
  return std::ranges::any_of(cases_, [&](const Case& open) {
    const auto takes_part = [&](int car) { return car >= 0 && (car == open.car || car == open.other); };
    return open.stage != Stage::done && open.reason == reason && (takes_part(of.car) || takes_part(of.other));
  });
}

std::string Stewards::incident_text(const World& world, const Case& of) const {
  const std::string cars = of.other < 0
                               ? "CAR " + car_text(world, of.car)
                               : "CARS " + car_text(world, of.car) + " AND " + car_text(world, of.other);
  return of.place + (of.place.empty() ? "" : " ") + "INCIDENT INVOLVING " + cars;
}

std::string Stewards::penalty_text(const World& world, const Case& of) const {
  const std::string kind = of.fate == Fate::drive_through
                               ? "DRIVE THROUGH PENALTY"
                               : std::to_string(of.seconds) + " SECOND TIME PENALTY";
  return kind + " FOR CAR " + car_text(world, of.car) + " - " + of.reason;
}

void Stewards::impose(World& world, Case& of) {
  Car& car = world.cars[static_cast<std::size_t>(of.car)];
  if (of.rows.empty()) of.rows.push_back(add_row(world, of.car, of.reason));  // nobody noted it before
  const Int message = say_other(world, "FIA STEWARDS: " + penalty_text(world, of), car.number);
  record::Penalty& row = world.history.penalties[of.rows.front()];
  row.state = "imposed";
  row.imposed_message_number = message;
  of.stage = Stage::imposed;
  of.next_ms = world.now_ms;
  if (of.fate == Fate::drive_through) {
    row.kind = "drive_through";
    car.drives_through = true;
    if (car.place == Place::track && !car.finish_ms) car.wants_pit = true;
    return;
  }
  row.kind = "time";
  row.seconds = of.seconds;
  car.penalty_s += of.seconds;
  of.is_rescinded = random_.chance(0.06);
  if (of.is_rescinded) of.next_ms = world.now_ms + 150'000;
}

void Stewards::advance(World& world, Case& of) {
  Car& car = world.cars[static_cast<std::size_t>(of.car)];
  const auto note = [&](std::string_view what, const char* state, auto member) {
    const Int message = say_other(
        world, "FIA STEWARDS: " + incident_text(world, of) + " " + std::string(what) + " - " + of.reason,
        of.other < 0 ? std::optional(car.number) : std::nullopt);
    for (const std::size_t row : of.rows) {
      world.history.penalties[row].state = state;
      world.history.penalties[row].*member = message;
    }
  };
  if (of.stage == Stage::noted && of.fate == Fate::let_go) {
    note("REVIEWED NO FURTHER INVESTIGATION", "rescinded", &record::Penalty::rescinded_message_number);
    of.stage = Stage::done;
  } else if (of.stage == Stage::noted && of.fate == Fate::after_session) {
    const std::string session = world.options().kind == Kind::sprint ? "SPRINT" : "RACE";
    note("WILL BE INVESTIGATED AFTER THE " + session, "investigated",
         &record::Penalty::investigated_message_number);
    of.stage = Stage::done;
  } else if (of.stage == Stage::noted) {
    note("UNDER INVESTIGATION", "investigated", &record::Penalty::investigated_message_number);
    of.stage = Stage::investigated;
    of.next_ms = world.now_ms + random_.between(60'000, 200'000);
  } else if (of.stage == Stage::investigated && of.rows.empty() && car.retired_ms) {
    of.stage = Stage::done;
  } else if (of.stage == Stage::investigated && (of.fate == Fate::let_go_after_look || car.retired_ms)) {
    note("NO FURTHER ACTION", "rescinded", &record::Penalty::rescinded_message_number);
    of.stage = Stage::done;
  } else if (of.stage == Stage::investigated) {
    impose(world, of);
  } else if (of.stage == Stage::imposed) {
    record::Penalty& row = world.history.penalties[of.rows.front()];
    const bool is_served = of.fate == Fate::drive_through ? !car.drives_through : car.penalty_s < of.seconds;
    if (is_served) {
      row.served_message_number =
          say_other(world, "FIA STEWARDS: PENALTY SERVED - " + penalty_text(world, of), car.number);
      row.state = "served";
      of.stage = Stage::done;
    } else if (of.is_rescinded) {
      row.rescinded_message_number =
          say_other(world, "FIA STEWARDS: PENALTY RESCINDED - " + penalty_text(world, of), car.number);
      row.state = "rescinded";
      car.penalty_s -= of.seconds;
      of.stage = Stage::done;
    } else {
      of.next_ms = world.now_ms + 20'000;
    }
  }
}

void Stewards::wave_blue_flags(World& world) {
  for (const Car& car : world.cars) {
    if (car.duel.target < 0 || !car.duel.is_certain) continue;
    Car& slower = world.cars[static_cast<std::size_t>(car.duel.target)];
    std::int32_t& last = blue_ms_[static_cast<std::size_t>(slower.index)];
    if (world.now_ms < last + blue_pause_ms || !is_racing(slower)) continue;
    last = world.now_ms;
    if (!random_.chance(0.3)) continue;
    record::RaceControl row;
    row.category = "Flag";
    row.flag = "BLUE";
    row.scope = "Driver";
    row.driver_number = slower.number;
    row.message = "WAVED BLUE FLAG FOR CAR " + car_text(world, slower.index) + " TIMED AT " +
                  local_time_text(world, world.now_ms);
    say(world, std::move(row));
  }
}

void Stewards::sit(World& world) {
  for (std::int32_t& at : case_times_ms_) {
    if (world.now_ms < at || world.phase != Phase::green) continue;
    at = never_ms;
    open_case(world);
  }
  for (std::size_t n = 0; n < rulings_.size();) {
    if (world.now_ms < rulings_[n].at_ms) {
      ++n;
      continue;
    }
    const Ruling ruling = rulings_[n];
    rulings_.erase(rulings_.begin() + static_cast<std::ptrdiff_t>(n));
    rule(world, ruling);
  }
  for (std::size_t n = 0; n < cases_.size(); ++n) {
    if (cases_[n].stage != Stage::done && world.now_ms >= cases_[n].next_ms) advance(world, cases_[n]);
  }
  if (world.is_race()) wave_blue_flags(world);
}

}  // namespace slipstream::simulate
