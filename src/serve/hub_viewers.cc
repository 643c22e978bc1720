// The hub's viewers: what their messages do, and which frames they get.
#include <algorithm>

#include "core/limits.h"
#include "serve/hub.h"

namespace slipstream::serve {

void Hub::send(Viewer& viewer, const Frame& frame, bool is_snapshot) {
  // Half the queue is left for the frames that are already on their way when a browser stalls.
  const bool is_full = viewer.peer->queued_frames() > limits::websocket_queue_frames_max / 2;
  if (is_full || !viewer.peer->send(frame)) {
    viewer.is_lagging = true;
    ++counters_.frames_dropped;
    return;
  }
  viewer.frame_at_ms = now_ms_;
  ++counters_.frames_sent;
  if (is_snapshot) ++counters_.snapshots_sent;
}

void Hub::send_to_edge(LiveSession& session, const Frame& frame) {
  for (auto& [id, viewer] : viewers_) {
    if (viewer.session != &session || viewer.own) continue;
    if (viewer.is_lagging) {
      ++counters_.frames_dropped;
    } else {
      send(viewer, frame, false);
    }
  }
}

// The next shared frame, if somebody is there and it is time. A step without change is made once a second.
void Hub::step_edge(LiveSession& session) {
  const bool has_viewers = std::any_of(viewers_.begin(), viewers_.end(), [&](const auto& entry) {
    return entry.second.session == &session && !entry.second.own;
  });
  const std::int64_t early_ms = session.shared_next_ms - now_ms_;
  const bool is_due = early_ms <= (frames_at_once - 1) * frame_step_ms;
  if (!has_viewers || !session.shared().has_begun() || !is_due) return;
  const FrameContext context = session.edge_context();
  const std::int64_t since_ms = now_ms_ - session.shared_step_ms;
  if (!session.shared().would_change(session.log(), context) && since_ms < heartbeat_step_ms) return;
  session.shared_step_ms = now_ms_;
  session.shared_next_ms = std::max(session.shared_next_ms, now_ms_) + frame_step_ms;
  send_to_edge(session, session.shared().step(session.log(), session.keyframes(), context));
}

FrameContext Hub::own_context(const Viewer& viewer) const {
  const LiveSession& session = *viewer.session;
  const std::int64_t edge_ms = session.edge_ms();
  const std::int64_t cursor_ms = viewer.clock.cursor_ms();
  const Player player{.mode = session.mode(),
                      .is_playing = viewer.clock.is_playing && cursor_ms < edge_ms,
                      .speed = viewer.clock.speed,
                      .is_at_edge = cursor_ms >= edge_ms,
                      .edge_ms = edge_ms};
  return session.context(cursor_ms, player);
}

void Hub::step_own(Viewer& viewer) {
  LiveSession& session = *viewer.session;
  viewer.clock.move(now_ms_, session.edge_ms());
  const bool has_caught_up = viewer.clock.is_playing && viewer.clock.cursor_ms() >= session.edge_ms();
  if (has_caught_up && session.mode() != Mode::archive) {
    join_edge(viewer);
    return;
  }
  if (viewer.is_lagging) {
    if (viewer.peer->queued_frames() > 0) return;
    viewer.is_lagging = false;
    viewer.needs_snapshot = true;
  }
  const FrameContext context = own_context(viewer);
  if (viewer.needs_snapshot) {
    if (now_ms_ - viewer.jump_at_ms < jump_step_ms) return;
    viewer.needs_snapshot = false;
    viewer.jump_at_ms = now_ms_;
    send(viewer, viewer.own->jump(session.log(), session.keyframes(), context), true);
    return;
  }
  const std::int64_t since_ms = now_ms_ - viewer.frame_at_ms;
  if (since_ms < own_step_ms) return;
  if (!viewer.own->would_change(session.log(), context) && since_ms < heartbeat_step_ms) return;
  send(viewer, viewer.own->step(session.log(), session.keyframes(), context), false);
}

// Gives a viewer again what is theirs by now: after frames were dropped or missed.
void Hub::resend(Viewer& viewer) {
  if (viewer.peer->queued_frames() > 0 && viewer.is_lagging) return;
  viewer.is_lagging = false;
  if (viewer.own) {
    viewer.needs_snapshot = true;
    viewer.jump_at_ms = now_ms_ - jump_step_ms;
    step_own(viewer);
  } else {
    send(viewer, viewer.session->shared().snapshot(), true);
  }
}

void Hub::join_edge(Viewer& viewer) {
  LiveSession& session = *viewer.session;
  // Nobody was there for a while: the stream goes on from now before it is shown. The first one begins it.
  const bool is_old = now_ms_ - session.shared_step_ms >= frame_step_ms;
  if (!session.shared().has_begun() || is_old) {
    session.shared_step_ms = now_ms_;
    viewer.session = nullptr;  // does not get the step, but the snapshot after it
    send_to_edge(session, session.shared().step(session.log(), session.keyframes(), session.edge_context()));
    viewer.session = &session;
  }
  viewer.own.reset();
  viewer.is_lagging = viewer.peer->queued_frames() > limits::websocket_queue_frames_max / 2;
  resend(viewer);
}

void Hub::open_at(Viewer& viewer, const PlayerClock& clock) {
  viewer.own = std::make_unique<Stream>(next_stream_name());
  viewer.clock = clock;
  viewer.clock.moved_at_ms = now_ms_;
  resend(viewer);
}

// From the edge to a stream of their own, at the place that they saw last.
void Hub::leave_edge(Viewer& viewer) {
  if (viewer.own) return;
  const LiveSession& session = *viewer.session;
  viewer.own = std::make_unique<Stream>(next_stream_name());
  viewer.clock = {.position_ms = static_cast<double>(viewer.session->shared().cursor_ms()),
                  .speed = session.mode() == Mode::archive ? 1 : session.speed(),
                  .is_playing = true,
                  .moved_at_ms = now_ms_};
  viewer.needs_snapshot = true;
  viewer.jump_at_ms = now_ms_ - jump_step_ms;
}

// A finished session opens at its start, one that is on at its edge.
void Hub::attach(Viewer& viewer, LiveSession& session) {
  session.refresh();
  viewer.session = &session;
  viewer.own.reset();
  if (session.mode() != Mode::archive) {
    join_edge(viewer);
  } else {
    open_at(viewer, {.position_ms = static_cast<double>(session.start_ms())});
  }
}

bool Hub::try_resume(Viewer& viewer, const Hello::Resume& resume) {
  const auto orphan = std::find_if(orphans_.begin(), orphans_.end(),
                                   [&](const Orphan& kept) { return kept.stream == resume.stream; });
  if (orphan != orphans_.end()) {
    viewer.session = &session(orphan->session_key);
    viewer.session->refresh();
    const PlayerClock clock = orphan->clock;
    orphans_.erase(orphan);
    open_at(viewer, clock);
    return true;
  }
  for (const auto& [key, session] : sessions_) {
    if (session->shared().name() != resume.stream || session->mode() == Mode::archive) continue;
    const auto frames = session->shared().frames_behind(resume.number);
    // What does not fit into the queue at once is better told by one snapshot.
    if (!frames || frames->size() > limits::websocket_queue_frames_max / 2) return false;
    viewer.session = session.get();
    viewer.own.reset();
    viewer.is_lagging = false;
    for (const Frame& frame : *frames) {
      if (!viewer.is_lagging) send(viewer, frame, false);
    }
    return true;
  }
  return false;
}

void Hub::on(Viewer& viewer, const Hello& hello) {
  viewer.has_said_hello = true;
  viewer.wanted = hello.session_key;
  LiveSession* on_now = session_on(viewer.wanted);
  if (viewer.session && (!viewer.wanted || viewer.session == on_now)) {
    // Missed a number: the same stream goes on.
    const bool is_own = viewer.own != nullptr;
    if (is_own || !hello.resume || !try_resume(viewer, *hello.resume)) resend(viewer);
    return;
  }
  if (hello.resume && try_resume(viewer, *hello.resume)) return;
  if (on_now != nullptr) {
    attach(viewer, *on_now);
    return;
  }
  if (viewer.wanted && !is_catching_up_ && !is_waited_for()) {
    refuse(viewer, "session " + std::to_string(viewer.wanted->value) + " is not on the log");
  }
  viewer.session = nullptr;
  viewer.own.reset();
  send(viewer, waiting(), false);
}

void Hub::on(Viewer& viewer, const Seek& seek) {
  if (!viewer.session) return;
  LiveSession& session = *viewer.session;
  const std::int64_t edge_ms = session.edge_ms();
  if (seek.session_time_ms >= edge_ms && session.mode() != Mode::archive) {
    join_edge(viewer);
    return;
  }
  leave_edge(viewer);
  viewer.clock.position_ms =
      static_cast<double>(std::clamp(seek.session_time_ms, session.begin_ms(), edge_ms));
  viewer.clock.moved_at_ms = now_ms_;
  viewer.needs_snapshot = true;
  step_own(viewer);
}

void Hub::on(Viewer& viewer, const Play&) {
  if (!viewer.session || !viewer.own) return;
  viewer.clock.move(now_ms_, viewer.session->edge_ms());
  viewer.clock.is_playing = true;
  step_own(viewer);
}

void Hub::on(Viewer& viewer, const Pause&) {
  if (!viewer.session) return;
  leave_edge(viewer);
  viewer.clock.move(now_ms_, viewer.session->edge_ms());
  viewer.clock.is_playing = false;
  step_own(viewer);
}

void Hub::on(Viewer& viewer, const SetSpeed& speed) {
  if (!viewer.session) return;
  leave_edge(viewer);
  viewer.clock.move(now_ms_, viewer.session->edge_ms());
  viewer.clock.speed = speed.speed;
  step_own(viewer);
}

void Hub::on(Viewer& viewer, const GoLive&) {
  if (viewer.session) join_edge(viewer);
}

}  // namespace slipstream::serve
