// A history as the writers of the feed look at it: by car, with edges and orders found once. Included by
// simulate/ only. Values that point into the history, which must outlive them; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "simulate/history.h"
#include "simulate/quirks.h"
#include "simulate/random.h"
#include "simulate/script.h"

namespace slipstream::simulate {

struct PitEdge {
  std::int32_t at_ms = 0;
  bool is_entry = false;
};

struct CarView {
  const record::Driver* driver = nullptr;
  const CarHistory* history = nullptr;
  std::string name;                        // its number, as lines are named
  std::map<int, const record::Lap*> laps;  // by number
  std::vector<PitEdge> pit_edges;          // the car begins in the pits
  bool begins_in_pits = true;
};

// From `at_ms` on the cars stand in this order on the screen (indices of cars).
struct OrderChange {
  std::int32_t at_ms = 0;
  std::vector<int> order;
  int by = -1;  // the car that passed a mini-sector then; -1: not of a race
};

struct FeedView {
  const History* history = nullptr;
  Quirks quirks;
  bool is_race = false;        // or a sprint
  bool is_qualifying = false;  // or that of a sprint
  UtcTime zero;
  std::vector<CarView> cars;
  std::vector<OrderChange> orders;              // the first at 0
  std::vector<std::int32_t> part_announced_ms;  // when the screen turns to each part; not of races

  int car_of(std::int32_t driver_number) const;  // -1: none
  UtcTime date(std::int32_t session_time_ms) const {
    return zero + std::chrono::milliseconds(session_time_ms);
  }
  std::uint64_t seed() const { return history->options.seed; }
  std::int32_t started_ms() const;
  // The draws of a quirk (or of any other use of the script's, from 32 on) for one thing that it may befall.
  Random random(int purpose, int number) const;
  Random random(Quirk quirk, int number) const { return random(static_cast<int>(quirk), number); }
  // The part of a timed session that holds then, from 0.
  int part_at(std::int32_t at_ms) const;
};

FeedView make_view(const History& history, const Quirks& quirks);

// How many cars take part in a part of a qualifying, from 0 (NoEntries).
int entries_of_part(int cars, int part);

// In races by the last mini-sector passed, in other sessions by the best laps (running_order.cc).
std::vector<OrderChange> running_order(const FeedView& view);

}  // namespace slipstream::simulate
