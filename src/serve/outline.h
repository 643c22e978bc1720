// The track's outline from the cars' own positions: no circuit is known beforehand.
//
// Every timed lap that neither began nor ended in the pits is a candidate: the positions of its car between
// the lap's start and end have to close to a ring and to be dense enough. Laps whose positions are complete
// win over laps with holes, then quick ones over slow ones (a quick lap keeps to the racing line); an outline
// is replaced only by a clearly better one, so that the map does not twitch. The ring is smoothed
// (centripetal Catmull-Rom) and resampled to even steps, beginning at the line. x and y are passed on as F1
// sends them, y up; nothing is mirrored or turned here. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "record/rows.h"
#include "serve/session_log.h"

namespace slipstream::serve {

struct PointDm {
  double x_dm = 0, y_dm = 0;
};

struct Outline {
  std::vector<PointDm> points;  // a ring without the first point again, at most outline_points_max
  PointDm start;                // where the car crossed the line
  std::int32_t driver_number = 0, lap_number = 0, lap_time_ms = 0;
  std::int32_t completeness = 0;  // tenths of the samples that the lap should have
  double length_m = 0;
  std::int64_t known_ms = 0;  // when the lap was known: before that a viewer may not learn whose it is
};

inline constexpr std::size_t outline_points_max = 600;

// Nothing if the lap gives no outline. The log must be settled.
std::optional<Outline> outline_of_lap(const SessionLog& log, const record::Lap& lap);

// The outline as JSON, as in docs/live-protocol.md; `names_lap` false leaves driver and lap out.
std::string encode_outline(const Outline& outline, bool names_lap);

// Looks at a log's laps as they come and keeps the best outline.
class OutlineFinder {
 public:
  // Looks at the laps known up to `edge_ms` that it has not seen. True: the outline is another one now.
  bool look(const SessionLog& log, std::int64_t edge_ms);

  const std::optional<Outline>& best() const { return best_; }
  // The JSON for a viewer at `cursor_ms`; nullptr while there is no outline.
  std::shared_ptr<const std::string> json(std::int64_t cursor_ms) const;

 private:
  std::optional<Outline> best_;
  std::shared_ptr<const std::string> json_named_, json_unnamed_;
  std::size_t next_row_ = 0;
  std::size_t disorders_seen_ = 0;
};

}  // namespace slipstream::serve
