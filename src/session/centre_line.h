// The centre of the track as the cars drive it, from many laps of many cars.
//
// The cars' clocks are good to some tenths of a second, which is 20 m along the track, but their positions to
// a metre or two across it. So time only says which part of the track a position is near; then each is put to
// the nearest place of the line so far, and the line is fitted anew through all of them. Where the lines
// across the track are is the median of where the cars were at the instants that timing gives. Pure.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "record/rows.h"
#include "session/path.h"

namespace slipstream::session {

struct TimedPlace {
  double time_ms = 0;  // session time
  Place place;
};

// Sector and mini-sector, both from 1.
using MiniSector = std::pair<record::Int, record::Int>;

// The timing screen showed that a car had come to the end of a mini-sector.
struct MiniSectorMark {
  record::Int session_time_ms = 0;
  MiniSector mini_sector;
};

struct DrivenLap {
  std::vector<TimedPlace> places;  // by time, from a little before the start to a little behind the end
  double start_ms = 0, end_ms = 0;
  std::array<std::optional<double>, 2> sector_end_ms;  // of the first two sectors
  std::vector<MiniSectorMark> marks;
};

struct CentreLine {
  Path path;  // a ring, from the start/finish line on
  std::array<std::optional<double>, 2> sector_end_m;
  std::map<MiniSector, double> mini_sector_end_m;  // where the screen shows it; at least three laps tell
  std::size_t lap_count = 0;                       // that it was made from
};

// Nothing if no lap is whole: positions at least every 1.5 s, and both ends known.
std::optional<CentreLine> centre_line_of(std::span<const DrivenLap> laps);

// Where on the path each place is, going on from the one before; the first is looked for from `from_m` to
// `to_m`. Nothing for places that are more than `aside_max_m` away. On a ring the distances go on over its
// end.
std::vector<std::optional<double>> follow(const Path& path, std::span<const TimedPlace> places, double from_m,
                                          double to_m, double aside_max_m);

// The distance at an instant, from the places before and behind; nothing if either is unknown or more
// than 1.5 s away.
std::optional<double> distance_at(std::span<const TimedPlace> places,
                                  std::span<const std::optional<double>> distances, double time_ms);

// Precondition: values is not empty.
double median(std::vector<double> values);

}  // namespace slipstream::session
