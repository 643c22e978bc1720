// Brings sessions to viewers: takes records in, gives frames out (docs/live-protocol.md).
//
// The hub owns each session's log with its keyframes and knows the edge, how far a session has come. Viewers
// at the edge share one stream, encoded once per frame; one who seeks, pauses or changes the speed gets a
// stream and a clock of their own. Frames are views at the cursor, folds of the records with known_ms <=
// cursor: what lies behind the cursor never leaves the server. Time comes from the clock that is handed in;
// tick() does what is due. Nothing here sleeps or starts a thread.
//
// Thread rule: any thread may call any function; peers must not call back into the hub from send() or
// close().
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "net/server.h"
#include "record/codec.h"
#include "serve/lap_samples.h"
#include "serve/live_session.h"
#include "serve/viewer.h"
#include "serve/viewer_message.h"

namespace slipstream::serve {

// Milliseconds of a clock that never goes back; where it begins is of no matter.
using SteadyClock = std::function<std::int64_t()>;
SteadyClock system_steady_clock();

struct SessionSummary {
  SessionKey session_key;
  std::optional<record::Session> row;  // empty before the session's row was published
  Mode mode = Mode::archive;
  std::int64_t edge_ms = 0;
  std::int64_t newest_ms = 0;  // session time of the newest record that was read
  std::size_t row_count = 0, sample_count = 0;
};

struct HubCounters {
  std::uint64_t records = 0, records_rejected = 0;  // rejected: input that the engine set aside
  std::uint64_t viewers = 0, viewers_at_edge = 0;
  std::uint64_t frames_sent = 0, frames_dropped = 0, snapshots_sent = 0, errors_sent = 0;
};

class Hub {
 public:
  // Frames of the edge: twenty a second, and a few at once behind a silence, so that what comes seldom is
  // shown when it comes. Of a viewer with a clock of their own: ten.
  static constexpr std::int64_t frame_step_ms = 50;
  static constexpr int frames_at_once = 5;
  static constexpr std::int64_t own_step_ms = 100;
  static constexpr std::int64_t heartbeat_step_ms = 1000;  // at least one, so that silence means trouble
  static constexpr std::int64_t jump_step_ms = 50;         // between two snapshots of a viewer who drags
  static constexpr std::int64_t orphan_kept_ms = 60'000;
  static constexpr std::size_t orphans_max = 256;
  static constexpr int viewer_errors_max = 10;

  explicit Hub(SteadyClock clock, std::uint64_t stream_seed = std::random_device{}());

  // A record, caused by the feed message of this session time.
  void add(const record::DecodedRecord& record, std::int64_t session_time_ms);

  // How far the session has come, said by whoever publishes it. Mode archive: all there is is on the log, the
  // edge is its end. A session of which nobody says anything is an archive. Of one whose edge is negative
  // nothing may be seen yet: it is not there.
  void set_edge(SessionKey session_key, std::int64_t session_time_ms, Mode mode, double speed);
  // The session's whole length as far as it is known, for the timeline.
  void set_length(SessionKey session_key, std::int64_t length_ms);
  // How far whoever says the edges of live sessions keeps them behind what has happened: viewers are told.
  // Before the first session.
  void set_delay(std::int64_t delay_ms);
  // While the log is read for the first time viewers wait, except for sessions that are being published. Who
  // reads it says `false` after every round that found nothing more.
  void set_catching_up(bool is_catching_up);
  // While a replay that begins later publishes what comes before that, all viewers wait, and after it until
  // that is read: an edge far ahead of its records would show nothing, and links to places before it would
  // open at the edge.
  void set_behind(bool is_behind);

  void open(std::shared_ptr<net::WebSocketPeer> peer);
  void receive(net::WebSocketPeer& peer, std::string_view text);
  void close(net::WebSocketPeer& peer);

  // Sends what is due; to be called every 20 ms or so, and when records came.
  void tick();

  // The answer to a page that compares laps: lap_samples() of the session, as JSON, at `cursor_ms` or,
  // without it, at the edge. Errors: those of lap_samples(); not_found, there is no such session.
  Result<std::string> lap_telemetry(SessionKey session_key, std::int32_t driver_number, std::string_view lap,
                                    std::optional<std::int64_t> cursor_ms);

  HubCounters counters() const;
  std::vector<SessionSummary> sessions() const;  // newest first

 private:
  LiveSession& session(SessionKey session_key);
  bool is_waited_for() const { return is_behind_ || rounds_to_read_ > 0; }
  Frame waiting() const;
  LiveSession* session_on(const std::optional<SessionKey>& wanted);

  void on(Viewer& viewer, const Hello& hello);
  void on(Viewer& viewer, const Seek& seek);
  void on(Viewer& viewer, const Play& play);
  void on(Viewer& viewer, const Pause& pause);
  void on(Viewer& viewer, const SetSpeed& speed);
  void on(Viewer& viewer, const GoLive& live);
  void refuse(Viewer& viewer, std::string_view message);

  bool try_resume(Viewer& viewer, const Hello::Resume& resume);
  void attach(Viewer& viewer, LiveSession& session);
  void join_edge(Viewer& viewer);
  void leave_edge(Viewer& viewer);
  void open_at(Viewer& viewer, const PlayerClock& clock);
  void resend(Viewer& viewer);

  void step_edge(LiveSession& session);
  void step_own(Viewer& viewer);
  FrameContext own_context(const Viewer& viewer) const;
  void send_to_edge(LiveSession& session, const Frame& frame);
  void send(Viewer& viewer, const Frame& frame, bool is_snapshot);

  std::string next_stream_name();

  mutable std::mutex mutex_;
  SteadyClock clock_;
  std::int64_t now_ms_ = 0;  // of the call that holds the lock
  std::mt19937_64 random_;
  std::map<SessionKey, std::unique_ptr<LiveSession>> sessions_;
  std::map<std::uint64_t, Viewer> viewers_;  // by peer id
  std::vector<Orphan> orphans_;
  bool is_catching_up_ = false, is_behind_ = false;
  std::int64_t delay_ms_ = 0;
  int rounds_to_read_ = 0;  // until all is read that was published when set_behind(false) was said
  std::int64_t published_count_ = 0;
  HubCounters counters_;
};

}  // namespace slipstream::serve
