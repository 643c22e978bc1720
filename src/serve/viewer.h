// One browser at the hub: what it wants to see and where its cursor is.
// Thread rule: one thread at a time (the hub's lock).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/ids.h"
#include "net/server.h"
#include "serve/live_session.h"
#include "serve/stream.h"

namespace slipstream::serve {

// A cursor that moves by itself.
struct PlayerClock {
  double position_ms = 0;
  double speed = 1;
  bool is_playing = true;
  std::int64_t moved_at_ms = 0;  // clock time

  void move(std::int64_t now_ms, std::int64_t edge_ms) {
    if (is_playing) position_ms += static_cast<double>(now_ms - moved_at_ms) * speed;
    position_ms = std::min(position_ms, static_cast<double>(edge_ms));
    moved_at_ms = now_ms;
  }
  std::int64_t cursor_ms() const { return static_cast<std::int64_t>(position_ms); }
};

struct Viewer {
  std::shared_ptr<net::WebSocketPeer> peer;
  bool has_said_hello = false;
  std::optional<SessionKey> wanted;              // empty: whatever is on
  LiveSession* session = nullptr;                // nullptr: waiting
  std::unique_ptr<Stream> own;                   // nullptr: at the edge, with the others
  PlayerClock clock;                             // of `own`
  bool needs_snapshot = false;                   // of `own`: has sought
  bool is_lagging = false;                       // gets nothing until its queue is empty, then a snapshot
  std::int64_t frame_at_ms = 0, jump_at_ms = 0;  // clock times
  int error_count = 0;
};

// A viewer's own place, kept a while after the connection broke.
struct Orphan {
  std::string stream;
  SessionKey session_key;
  PlayerClock clock;
  std::int64_t left_at_ms = 0;
};

}  // namespace slipstream::serve
