// The track's outline: the rows of circuit_points as a ring that a page can draw.
//
// The engine draws the circuit again as more laps come (docs/circuits.md), so rows are revised and withdrawn,
// and a later build replaces an earlier one's. The ring is shown whenever what has come is whole: numbered
// without a gap, and closed at the length of the lap; until then the one before stays. x and y are passed on
// as F1 sends them, y up; nothing is mirrored or turned here. A circuit tells nothing of the session, so it
// may be from laps behind a viewer's cursor. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "record/codec.h"

namespace slipstream::serve {

inline constexpr std::size_t outline_points_max = 600;

class Outline {
 public:
  // False: the record is of another table.
  bool take(const record::DecodedRecord& record);
  // Brings json() up to date.
  void refresh();
  // As in docs/live-protocol.md; nullptr while there is no whole ring.
  const std::shared_ptr<const std::string>& json() const { return json_; }

 private:
  struct Point {
    std::int32_t revision = 0;
    bool is_withdrawn = false;
    record::CircuitPoint row;
  };
  bool is_of_newest_build(const record::DecodedRecord& record);
  void take_point(const record::CircuitPoint& row, record::Envelope envelope);
  bool is_whole() const;

  std::string build_;
  std::map<record::Int, Point> points_;  // by number
  std::int32_t length_revision_ = -1;
  std::optional<double> length_m_;
  bool has_changed_ = false;
  std::shared_ptr<const std::string> json_;
};

}  // namespace slipstream::serve
