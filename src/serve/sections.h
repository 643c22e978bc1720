// The view as the browser gets it: named sections of JSON, and the frames that carry them
// (docs/live-protocol.md).
//
// A Sections holds the text of every section at one cursor. A delta is what differs between two of them, so a
// browser that applied all deltas has exactly what a snapshot at the same cursor says; nothing is tracked
// along the way that could be forgotten. Pure; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/rows.h"
#include "serve/session_log.h"
#include "serve/view.h"

namespace slipstream::serve {

enum class Mode { live, replay, archive };
std::string_view to_string(Mode mode);

struct Player {
  Mode mode = Mode::archive;
  bool is_playing = false;
  double speed = 1;
  bool is_at_edge = false;
  std::int64_t edge_ms = 0;
  std::int64_t delay_ms = 0;  // that the edge itself is kept behind what has happened
};

// What a frame says besides the view.
struct FrameContext {
  std::int64_t cursor_ms = 0;
  Player player;
  std::int64_t from_ms = 0, to_ms = 0;  // of the timeline
  std::shared_ptr<const std::string> outline;
};

// Sections that are sent whole, in the order of the snapshot.
enum class Whole {
  player,
  session,
  session_status,
  session_part,
  track_status,
  clock,
  lap_count,
  weather,
  timeline,
  battle,
  count
};

// Sections whose entries have a number and are sent one by one.
enum class Numbered { drivers, rows, cars, results, stints, pit_stops, penalties, count };

struct Sections {
  // Ascending. The number is the driver's; of penalties their own.
  using Entries = std::vector<std::pair<std::int32_t, std::string>>;

  std::int64_t cursor_ms = 0;
  std::array<std::string, static_cast<std::size_t>(Whole::count)> whole;
  std::shared_ptr<const std::string> outline;  // nullptr: there is none
  std::array<Entries, static_cast<std::size_t>(Numbered::count)> numbered;
  Entries& operator[](Numbered section) { return numbered[static_cast<std::size_t>(section)]; }
  std::vector<const record::RaceControl*> race_control;  // in the log
  std::vector<const record::TeamRadio*> team_radio;
};

Sections make_sections(const SessionLog& log, const View& view, const FrameContext& context);

// Which frame of which stream.
struct FrameName {
  std::string_view stream;
  std::int64_t number = 0;
};

std::string encode_snapshot(const FrameName& name, const Sections& sections);

// Nothing if a delta cannot say it (a message was corrected or withdrawn, a row is gone, the cursor went
// back): then a snapshot has to be sent.
std::optional<std::string> encode_delta(const FrameName& name, const Sections& before, const Sections& after);

std::string encode_waiting(std::string_view stream, bool is_catching_up);
std::string encode_error(std::string_view message);

}  // namespace slipstream::serve
