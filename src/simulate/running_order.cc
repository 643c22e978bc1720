// How the cars stand on the screen, and when that changes.
#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "simulate/best_laps.h"
#include "simulate/race_order.h"

namespace slipstream::simulate {
namespace {

void keep(std::vector<OrderChange>& orders, std::int32_t at_ms, const std::vector<int>& order, int by = -1) {
  if (!orders.empty() && orders.back().order == order) return;
  if (!orders.empty() && orders.back().at_ms == at_ms) orders.back().order = order;
  else orders.push_back({at_ms, order, by});
}

// Who starts from the pit lane stands behind the grid.
std::vector<int> grid_order(const FeedView& view) {
  std::vector<int> order(view.cars.size());
  std::iota(order.begin(), order.end(), 0);
  std::vector<int> place(view.cars.size(), 1000);
  for (const record::SessionResult& result : view.history->results) {
    const int car = view.car_of(result.driver_number);
    if (car >= 0 && result.grid_position.value_or(0) > 0)
      place[static_cast<std::size_t>(car)] = *result.grid_position;
  }
  std::ranges::stable_sort(order, {}, [&](int car) { return place[static_cast<std::size_t>(car)]; });
  return order;
}

std::vector<OrderChange> race_order(const FeedView& view) {
  std::vector<OrderChange> orders;
  RaceOrder race(*view.history, grid_order(view));
  keep(orders, 0, race.order());
  while (race.next()) keep(orders, race.passed().front().at_ms, race.order(), race.passed().back().car);
  return orders;
}

std::vector<OrderChange> timed_order(const FeedView& view) {
  std::vector<std::int32_t> moments = view.part_announced_ms;
  for (const CarView& car : view.cars) {
    for (const auto& [number, lap] : car.laps) {
      if (lap->lap_time_ms) moments.push_back(*lap->session_time_ms);
    }
  }
  for (const History::LapRuling& ruling : view.history->lap_rulings)
    moments.push_back(ruling.session_time_ms);
  std::ranges::sort(moments);
  std::vector<OrderChange> orders;
  std::vector<int> order(view.cars.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {},
                           [&](int car) { return view.cars[static_cast<std::size_t>(car)].driver->line; });
  keep(orders, 0, order);
  int part = 0;
  std::ptrdiff_t entries = std::ssize(order);
  for (const std::int32_t at_ms : moments) {
    const int part_now = view.part_at(at_ms);
    if (part_now != part) {
      part = part_now;
      entries = entries_of_part(static_cast<int>(view.cars.size()), part);
    }
    std::vector<std::tuple<bool, std::int32_t, std::int32_t>> rank(view.cars.size());
    for (std::size_t car = 0; car < view.cars.size(); ++car) {
      const auto best = best_lap(view, static_cast<int>(car), part, at_ms);
      rank[car] = {!best, best ? best->time_ms : 0, best ? best->set_ms : 0};
    }
    std::stable_sort(order.begin(), order.begin() + entries, [&](int a, int b) {
      return rank[static_cast<std::size_t>(a)] < rank[static_cast<std::size_t>(b)];
    });
    keep(orders, at_ms, order);
  }
  return orders;
}

}  // namespace

std::vector<OrderChange> running_order(const FeedView& view) {
  return view.is_race ? race_order(view) : timed_order(view);
}

}  // namespace slipstream::simulate
