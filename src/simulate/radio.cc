#include "simulate/radio.h"

namespace slipstream::simulate {
namespace {

// Digits of "15:03:02" without the colons.
std::string digits(std::string text) {
  std::erase(text, ':');
  return text;
}

std::string stamp(const World& world, std::int32_t at_ms) {
  const auto local = world.date(at_ms) + std::chrono::seconds(*world.history.session.gmt_offset_s);
  std::string text = format_utc(std::chrono::floor<std::chrono::seconds>(local));  // 2026-03-08T15:03:02.000Z
  std::string day = text.substr(0, 10);
  std::erase(day, '-');
  return day + "_" + digits(text.substr(11, 8));
}

}  // namespace

void book_team_radio(World& world) {
  Random random = world.random(Purpose::radio);
  auto& rows = world.history.team_radio;
  std::int32_t at = world.scheduled_ms();
  while ((at += random.between(60'000, 420'000)) < world.history.end_ms) {
    const auto n = static_cast<std::size_t>(random.below(static_cast<int>(world.cars.size())));
    const std::int32_t lag_ms = random.between(8'000, 40'000);
    const Car& car = world.cars[n];
    if (car.retired_ms && at > *car.retired_ms) continue;
    record::TeamRadio row;
    row.session_key = world.key();
    row.message_number = static_cast<record::Int>(rows.size());
    row.session_time_ms = at;
    row.message_date = world.date(at - 1'000);
    row.driver_number = car.number;
    row.path = "TeamRadio/" + *world.history.drivers[n].reference + "_" + std::to_string(car.number) + "_" +
               stamp(world, at - lag_ms) + ".mp3";
    rows.push_back(std::move(row));
  }
}

}  // namespace slipstream::simulate
