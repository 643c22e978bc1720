#include "session/overtakes.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"

namespace slipstream::session {
namespace {

constexpr std::size_t pending_max = 1000;

// The passed car drove its lap to no end, or ended it in the pits and did not come out again.
std::string kind_of(Int overtaken_lap_number, const std::string& kind_on_road, const RaceCar& overtaken) {
  const Int laps_then = overtaken_lap_number - 1;
  const bool is_its_last = overtaken.laps_completed <= laps_then + (overtaken.is_in_pit ? 1 : 0);
  return overtaken.is_retired && is_its_last ? "retirement" : kind_on_road;
}

}  // namespace

bool OvertakeLog::is_ahead(Int driver_number, Int other_number) const {
  const auto driver = places_.find(driver_number), other = places_.find(other_number);
  return driver != places_.end() && other != places_.end() &&
         driver->second.position < other->second.position;
}

// A pair that changes to and fro has one open pass at most.
void OvertakeLog::note_pass(Int driver_number, Int other_number, Int at_ms) {
  std::erase_if(pending_, [&](const Pass& pass) {
    return (pass.driver_number == driver_number && pass.overtaken_number == other_number) ||
           (pass.driver_number == other_number && pass.overtaken_number == driver_number);
  });
  const Place place = places_.at(driver_number);
  if (pending_.size() < pending_max)
    pending_.push_back({at_ms, driver_number, other_number, place.position, place.lap_number});
}

void OvertakeLog::take_start() {
  start_lap_number_ = 1;
  for (const auto& [number, place] : places_)
    start_lap_number_ = std::max(start_lap_number_, place.lap_number);
}

void OvertakeLog::take_position(Int driver_number, Int position, Int lap_number) {
  places_[driver_number] = {position, lap_number};
  changed_.push_back(driver_number);
}

// Two cars may have the same position for a moment, because F1 sends the halves of a swap one after the
// other: then the order is as it was.
void OvertakeLog::end_message(Int at_ms, bool is_racing) {
  for (const Int number : changed_) {
    for (const auto& [other, place] : places_) {
      if (other == number || place.position == places_.at(number).position) continue;
      const auto [first, second] = std::minmax(number, other);
      const bool is_ahead_now = is_ahead(first, second);
      const auto [pair, is_first_seen] =
          pairs_.try_emplace({first, second}, PairOrder{is_ahead_now, is_ahead_now});
      PairOrder& order = pair->second;
      if (is_first_seen || order.is_first_ahead == is_ahead_now) continue;
      order.is_first_ahead = is_ahead_now;
      if (is_racing) note_pass(is_ahead_now ? first : second, is_ahead_now ? second : first, at_ms);
      else order.is_first_ahead_settled = is_ahead_now;
    }
  }
  changed_.clear();
}

bool OvertakeLog::is_new(const Pass& pass) {
  if (!is_ahead(pass.driver_number, pass.overtaken_number)) return false;
  const auto [first, second] = std::minmax(pass.driver_number, pass.overtaken_number);
  PairOrder& order = pairs_[{first, second}];
  const bool is_first_ahead = pass.driver_number == first;
  return std::exchange(order.is_first_ahead_settled, is_first_ahead) != is_first_ahead;
}

record::Overtake OvertakeLog::settle(const Pass& pass, const RaceCar& driver, const RaceCar& overtaken) {
  Settled settled;
  record::Overtake& row = settled.row;
  row.overtake_number = static_cast<Int>(settled_.size());
  row.session_time_ms = pass.at_ms;
  row.driver_number = pass.driver_number;
  row.overtaken_driver_number = pass.overtaken_number;
  row.lap_number = pass.lap_number;
  row.position = pass.position;
  const bool is_start = pass.lap_number <= start_lap_number_;
  if (overtaken.is_in_pit || overtaken.is_out_lap || driver.is_in_pit) settled.kind_on_road = "pit";
  else settled.kind_on_road = is_start ? "restart" : "on_track";
  const bool has_ended_lap = overtaken.last_line_ms && *overtaken.last_line_ms > pass.at_ms;
  settled.overtaken_lap_number = overtaken.laps_completed + (has_ended_lap ? 0 : 1);
  row.kind = kind_of(settled.overtaken_lap_number, settled.kind_on_road, overtaken);
  settled_.push_back(std::move(settled));
  return settled_.back().row;
}

void OvertakeLog::judge_anew(const RaceCar& overtaken, std::vector<record::Overtake>& changed) {
  for (Settled& settled : settled_) {
    if (settled.row.overtaken_driver_number != overtaken.driver_number) continue;
    std::string kind = kind_of(settled.overtaken_lap_number, settled.kind_on_road, overtaken);
    if (kind == settled.row.kind) continue;
    settled.row.kind = std::move(kind);
    changed.push_back(settled.row);
  }
}

}  // namespace slipstream::session
