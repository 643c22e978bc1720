// The order of a race as its timing sees it: who passed more mini-sectors is ahead, of equals who passed the
// last one first. Included by simulate/ only. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "simulate/history.h"

namespace slipstream::simulate {

struct Passing {
  std::int32_t at_ms = 0;
  int car = 0;
  int count = 0;  // mini-sectors passed since the start
  const Crossing* crossing = nullptr;
};

// How far a car is behind another where it passed last: so many laps, else milliseconds.
struct RoadGap {
  int laps = 0;
  std::int32_t ms = 0;
};

class RaceOrder {
 public:
  // `grid`: the cars' indices in their order at the start. The history outlives it.
  RaceOrder(const History& history, std::vector<int> grid);

  // Goes on to the next millisecond in which a car passes the end of a mini-sector; false: there is none.
  bool next();
  std::span<const Passing> passed() const { return passed_; }  // in this millisecond
  const std::vector<int>& order() const { return order_; }
  // To the first car and to the car ahead; nothing: it leads.
  std::optional<RoadGap> gap_to_leader(int car) const;
  std::optional<RoadGap> gap_to_ahead(int car) const;

 private:
  int count(int car) const { return static_cast<int>(passed_ms_[static_cast<std::size_t>(car)].size()); }
  RoadGap gap(int car, int ahead) const;

  int minis_of_lap_ = 0;
  std::vector<Passing> passings_;
  std::span<const Passing> passed_;
  std::size_t next_ = 0;
  std::vector<int> order_;
  std::vector<std::vector<std::int32_t>> passed_ms_;  // of each car each mini-sector since the start
};

}  // namespace slipstream::simulate
