#include "simulate/race_control.h"

#include <algorithm>
#include <cstdio>

namespace slipstream::simulate {
namespace {

using record::Int;

int leading_lap(const World& world) {
  int lap = 1;
  for (const Car& car : world.cars) lap = std::max<int>(lap, car.lap_number);
  return std::min(lap, world.total_laps);
}

record::FlagZone* open_zone(World& world, int zone) {
  for (record::FlagZone& row : world.history.flag_zones) {
    if (row.zone == zone && !row.to_session_time_ms) return &row;
  }
  return nullptr;
}

void open_flag_zone(World& world, int zone, std::string flag, std::string scope) {
  if (auto* before = open_zone(world, zone)) before->to_session_time_ms = world.now_ms;
  record::FlagZone row;
  row.session_key = world.key();
  row.zone = zone;
  row.from_session_time_ms = world.now_ms;
  row.flag = std::move(flag);
  row.scope = std::move(scope);
  world.history.flag_zones.push_back(std::move(row));
}

std::string two_digits(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

Int say(World& world, record::RaceControl row) {
  auto& rows = world.history.race_control;
  row.session_key = world.key();
  row.message_number = static_cast<Int>(rows.size());
  row.session_time_ms = world.now_ms;
  row.message_date = std::chrono::floor<std::chrono::seconds>(world.date(world.now_ms));
  if (world.is_race()) row.lap_number = leading_lap(world);
  if (world.session_part > 0) row.session_part = world.session_part;
  rows.push_back(std::move(row));
  return rows.back().message_number;
}

Int say_other(World& world, std::string message, std::optional<int> driver_number) {
  record::RaceControl row;
  row.category = "Other";
  row.message = std::move(message);
  row.driver_number = driver_number;
  return say(world, std::move(row));
}

void say_flag(World& world, std::string flag, std::string message) {
  record::RaceControl row;
  row.category = "Flag";
  row.flag = std::move(flag);
  row.scope = "Track";
  row.message = std::move(message);
  say(world, std::move(row));
}

void say_safety_car(World& world, std::string mode, std::string status, std::string message) {
  record::RaceControl row;
  row.category = "SafetyCar";
  row.mode = std::move(mode);
  row.status = std::move(status);
  row.message = std::move(message);
  say(world, std::move(row));
}

void show_yellow(World& world, int marshal_sector, bool is_double) {
  const std::string flag = is_double ? "DOUBLE YELLOW" : "YELLOW";
  const auto* open = open_zone(world, marshal_sector);
  if (open != nullptr && open->flag == flag) return;
  record::RaceControl row;
  row.category = "Flag";
  row.flag = flag;
  row.scope = "Sector";
  row.sector_number = marshal_sector;
  row.message = flag + " IN TRACK SECTOR " + std::to_string(marshal_sector);
  say(world, std::move(row));
  open_flag_zone(world, marshal_sector, flag, "sector");
  if (std::ranges::find(world.yellow_sectors, marshal_sector) == world.yellow_sectors.end()) {
    world.yellow_sectors.push_back(marshal_sector);
  }
  if (world.phase == Phase::green || world.phase == Phase::waiting) set_track_status(world, '2');
}

void clear_yellow(World& world, int marshal_sector) {
  auto* open = open_zone(world, marshal_sector);
  if (open == nullptr) return;
  open->to_session_time_ms = world.now_ms;
  std::erase(world.yellow_sectors, marshal_sector);
  record::RaceControl row;
  row.category = "Flag";
  row.flag = "CLEAR";
  row.scope = "Sector";
  row.sector_number = marshal_sector;
  row.message = "CLEAR IN TRACK SECTOR " + std::to_string(marshal_sector);
  say(world, std::move(row));
  const bool is_only_yellow =
      world.phase == Phase::green || world.phase == Phase::waiting || world.phase == Phase::finished;
  if (world.yellow_sectors.empty() && is_only_yellow) set_track_status(world, '1');
}

void show_red(World& world) {
  say_flag(world, "RED", "RED FLAG");
  open_flag_zone(world, 0, "RED", "track");
  set_track_status(world, '5');
}

void clear_track(World& world) {
  for (record::FlagZone& row : world.history.flag_zones) {
    if (!row.to_session_time_ms) row.to_session_time_ms = world.now_ms;
  }
  world.yellow_sectors.clear();
  say_flag(world, "CLEAR", "TRACK CLEAR");
}

void set_track_status(World& world, char status) {
  auto& rows = world.history.track_status;
  const std::string text(1, status);
  if (!rows.empty() && rows.back().status == text) return;
  record::TrackStatus row;
  row.session_key = world.key();
  row.message_number = static_cast<Int>(rows.size());
  row.session_time_ms = world.now_ms;
  row.status = text;
  switch (status) {
    case '1': row.message = "AllClear"; break;
    case '2': row.message = "Yellow"; break;
    case '4': row.message = "SCDeployed"; break;
    case '5': row.message = "Red"; break;
    case '6': row.message = "VSCDeployed"; break;
    default: row.message = "VSCEnding";
  }
  rows.push_back(std::move(row));
}

void set_session_status(World& world, std::string status) {
  record::SessionStatus row;
  row.session_key = world.key();
  row.message_number = static_cast<Int>(world.history.session_status.size());
  row.session_time_ms = world.now_ms;
  row.status = status;
  world.history.session_status.push_back(std::move(row));
  world.history.session.session_status = std::move(status);
}

void set_clock(World& world, std::int32_t remaining_ms, bool is_extrapolating) {
  record::SessionClock row;
  row.session_key = world.key();
  row.message_number = static_cast<Int>(world.history.clock.size());
  row.session_time_ms = world.now_ms;
  row.clock_date = world.date(world.now_ms);
  row.remaining_ms = remaining_ms;
  row.is_extrapolating = is_extrapolating;
  world.history.clock.push_back(std::move(row));
}

void set_mode(World& world, const std::string& mode, bool is_on) {
  auto& rows = world.history.track_modes;
  const auto open = std::ranges::find_if(
      rows, [&](const record::TrackMode& row) { return row.mode == mode && !row.to_session_time_ms; });
  if (is_on == (open != rows.end())) return;
  if (!is_on) {
    open->to_session_time_ms = world.now_ms;
    return;
  }
  record::TrackMode row;
  row.session_key = world.key();
  row.mode = mode;
  row.from_session_time_ms = world.now_ms;
  rows.push_back(std::move(row));
}

void set_overtaking_aid(World& world, bool is_enabled) {
  if (world.is_drs_enabled == is_enabled) return;
  world.is_drs_enabled = is_enabled;
  const bool has_drs = world.options().year < 2026;
  const std::string state = is_enabled ? "ENABLED" : "DISABLED";
  record::RaceControl row;
  row.category = has_drs ? "Drs" : "Other";
  if (has_drs) row.status = state;
  row.message = (has_drs ? "DRS " : "OVERTAKE ") + state;
  say(world, std::move(row));
  set_mode(world, has_drs ? "drs" : "overtake", is_enabled);
}

int marshal_sector_at(const Circuit& circuit, double distance_m) {
  const auto& starts = circuit.marshal_sector_starts_m;
  return static_cast<int>(std::ranges::upper_bound(starts, distance_m) - starts.begin());
}

bool is_under_yellow(const World& world, double distance_m) {
  if (world.yellow_sectors.empty()) return false;
  const int sector = marshal_sector_at(world.circuit(), distance_m);
  return std::ranges::find(world.yellow_sectors, sector) != world.yellow_sectors.end();
}

std::string car_text(const World& world, int car) {
  const record::Driver& driver = world.history.drivers[static_cast<std::size_t>(car)];
  return std::to_string(driver.driver_number) + " (" + *driver.driver_code + ")";
}

std::string local_time_text(const World& world, std::int32_t at_ms) {
  const auto local = world.date(at_ms) + std::chrono::seconds(*world.history.session.gmt_offset_s);
  const auto second = std::chrono::floor<std::chrono::seconds>(local).time_since_epoch().count();
  const std::int64_t of_day = ((second % 86400) + 86400) % 86400;
  return two_digits(of_day / 3600) + ":" + two_digits(of_day / 60 % 60) + ":" + two_digits(of_day % 60);
}

std::string lap_time_text(std::int32_t time_ms) {
  const std::int32_t rest = time_ms % 1000;
  const std::string ms = (rest < 100 ? "0" : "") + two_digits(rest);
  return std::to_string(time_ms / 60'000) + ":" + two_digits(time_ms / 1000 % 60) + "." + ms;
}

}  // namespace slipstream::simulate
