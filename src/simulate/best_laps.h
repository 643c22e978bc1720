// Whose laps are the best, as the deletions known at a time leave it. Included by simulate/ only. Pure.
#pragma once

#include <optional>

#include "simulate/feed_view.h"

namespace slipstream::simulate {

struct BestLap {
  std::int32_t time_ms = 0, set_ms = 0;
  int lap_number = 0;
};

// A lap whose time F1 shows: it does not time the first of a race.
bool is_shown(const FeedView& view, const record::Lap& lap);
// Of the part of the session, from 0; races have one.
std::optional<BestLap> best_lap(const FeedView& view, int car, int part, std::int32_t at_ms);

}  // namespace slipstream::simulate
