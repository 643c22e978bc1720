// DriverList: who drives, in the order of the screen.
#include <array>

#include "core/json_writer.h"
#include "simulate/feed_log.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t list_ms = 4'875, ready_ms = 9'262;

std::string driver_json(const record::Driver& driver, int line) {
  std::string json;
  JsonWriter out(json);
  out.begin_object().field("RacingNumber", std::to_string(driver.driver_number));
  out.field("BroadcastName", driver.broadcast_name.value_or(""))
      .field("FullName", driver.full_name.value_or(""));
  out.field("Tla", driver.driver_code.value_or("")).field("Line", line);
  out.field("TeamName", driver.team_name.value_or("")).field("TeamColour", driver.team_colour.value_or(""));
  out.field("FirstName", driver.given_name.value_or("")).field("LastName", driver.family_name.value_or(""));
  out.field("Reference", driver.reference.value_or(""));
  if (driver.headshot_url) out.field("HeadshotUrl", *driver.headshot_url);
  if (driver.country_code) out.field("CountryCode", *driver.country_code);
  out.end_object();
  return json;
}

// Of series that share the weekend; they appear in no other topic.
constexpr std::array<std::string_view, 4> support_names = {"Albin MOSEGAARD", "Teodor VRANIC", "Isak DELORME",
                                                           "Nuno CASTANHO"};

std::string support_json(int number, std::string_view full_name, int line) {
  std::string json;
  JsonWriter out(json);
  out.begin_object().field("RacingNumber", std::to_string(number)).field("FullName", full_name);
  out.field("Line", line).end_object();
  return json;
}

}  // namespace

void write_driver_list(const FeedView& view, Script& script) {
  TopicLog log(script, "DriverList");
  const auto& first = view.orders.front().order;
  for (std::size_t place = 0; place < first.size(); ++place) {
    const CarView& car = view.cars[static_cast<std::size_t>(first[place])];
    log.document.put({car.name}, driver_json(*car.driver, static_cast<int>(place) + 1));
  }
  if (view.quirks.has(Quirk::support_series)) {
    int line = static_cast<int>(first.size());
    for (std::size_t n = 0; n < support_names.size(); ++n) {
      const int number = 101 + 3 * static_cast<int>(n);
      log.document.put({index_text(number)}, support_json(number, support_names[n], ++line));
    }
  }
  log.send(list_ms);
  for (const OrderChange& change : view.orders) {
    if (change.at_ms <= ready_ms) continue;
    for (std::size_t place = 0; place < change.order.size(); ++place) {
      log.document.set({view.cars[static_cast<std::size_t>(change.order[place])].name, "Line"},
                       static_cast<int>(place) + 1);
    }
    log.send(change.at_ms);
  }
}

}  // namespace slipstream::simulate
