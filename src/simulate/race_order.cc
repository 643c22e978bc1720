#include "simulate/race_order.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace slipstream::simulate {

RaceOrder::RaceOrder(const History& history, std::vector<int> grid)
    : order_(std::move(grid)), passed_ms_(history.cars.size()) {
  const auto& sectors = history.circuit.mini_sector_ends_m;
  for (const auto& sector : sectors) minis_of_lap_ += static_cast<int>(sector.size());
  for (std::size_t car = 0; car < history.cars.size(); ++car) {
    for (const Crossing& crossing : history.cars[car].crossings) {
      if (crossing.lap_number < 1) continue;
      int count = (crossing.lap_number - 1) * minis_of_lap_ + crossing.mini_sector_number;
      for (std::size_t sector = 0; sector + 1 < crossing.sector_number; ++sector)
        count += static_cast<int>(sectors[sector].size());
      passings_.push_back({crossing.session_time_ms, static_cast<int>(car), count, &crossing});
    }
  }
  std::ranges::sort(passings_, {}, [](const Passing& passing) {
    return std::tuple(passing.at_ms, passing.car, passing.count);
  });
}

bool RaceOrder::next() {
  const std::size_t from = next_;
  while (next_ < passings_.size() && passings_[next_].at_ms == passings_[from].at_ms) {
    const Passing& passing = passings_[next_++];
    passed_ms_[static_cast<std::size_t>(passing.car)].resize(static_cast<std::size_t>(passing.count),
                                                             passing.at_ms);
    std::ranges::stable_sort(order_, {}, [this](int car) {
      const auto& passed_ms = passed_ms_[static_cast<std::size_t>(car)];
      return std::pair(-count(car), passed_ms.empty() ? 0 : passed_ms.back());
    });
  }
  passed_ = std::span(passings_).subspan(from, next_ - from);
  return !passed_.empty();
}

std::optional<RoadGap> RaceOrder::gap_to_leader(int car) const {
  if (order_.front() == car) return std::nullopt;
  return gap(car, order_.front());
}

std::optional<RoadGap> RaceOrder::gap_to_ahead(int car) const {
  if (order_.front() == car) return std::nullopt;
  return gap(car, *std::prev(std::ranges::find(order_, car)));
}

RoadGap RaceOrder::gap(int car, int ahead) const {
  const int laps = (count(ahead) - count(car)) / minis_of_lap_;
  if (laps > 0) return {laps, 0};
  const auto& own_ms = passed_ms_[static_cast<std::size_t>(car)];
  return {0, own_ms.back() - passed_ms_[static_cast<std::size_t>(ahead)][own_ms.size() - 1]};
}

}  // namespace slipstream::simulate
