#include "serve/hub.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

#include "core/limits.h"

namespace slipstream::serve {
namespace {

// "Newer" for lists and for viewers who name no session: by scheduled start, sessions without one last.
bool is_newer(const LiveSession& a, const LiveSession& b) {
  const auto start = [](const LiveSession& session) {
    return session.row() ? session.row()->start_date : std::nullopt;
  };
  return start(a) != start(b) ? start(a) > start(b) : a.key() > b.key();
}

}  // namespace

SteadyClock system_steady_clock() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  };
}

Hub::Hub(SteadyClock clock, std::uint64_t stream_seed) : clock_(std::move(clock)), random_(stream_seed) {}

// Random, so that a browser that comes back to another process is not taken for one who was here before.
std::string Hub::next_stream_name() {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string name;
  for (int i = 0; i < 10; ++i) name += digits[random_() % digits.size()];
  return name;
}

LiveSession& Hub::session(SessionKey session_key) {
  std::unique_ptr<LiveSession>& session = sessions_[session_key];
  if (!session) {
    session = std::make_unique<LiveSession>(session_key, next_stream_name());
    session->set_delay(delay_ms_);
  }
  return *session;
}

// The session that a viewer sees now; nullptr: there is none yet.
LiveSession* Hub::session_on(const std::optional<SessionKey>& wanted) {
  if (is_waited_for()) return nullptr;
  LiveSession* best = nullptr;
  for (const auto& [key, session] : sessions_) {
    if (wanted && key != *wanted) continue;
    if (is_catching_up_ && session->mode() == Mode::archive) continue;
    if (session->edge_ms() < 0) continue;
    const bool is_on = session->mode() != Mode::archive;
    const std::int64_t rank = is_on ? session->published_rank : 0;
    const std::int64_t best_rank = best && best->mode() != Mode::archive ? best->published_rank : 0;
    const bool wins = best == nullptr || (rank != best_rank ? rank > best_rank : is_newer(*session, *best));
    if (wins) best = session.get();
  }
  return best;
}

void Hub::add(const record::DecodedRecord& record, std::int64_t session_time_ms) {
  const std::scoped_lock lock(mutex_);
  ++counters_.records;
  if (std::holds_alternative<record::Rejected>(record.row)) ++counters_.records_rejected;
  session(record::session_key_of(record.row)).add(record, session_time_ms);
}

void Hub::set_edge(SessionKey session_key, std::int64_t session_time_ms, Mode mode, double speed) {
  const std::scoped_lock lock(mutex_);
  LiveSession& live = session(session_key);
  const bool begins = live.mode() == Mode::archive && mode != Mode::archive;
  if (begins) live.published_rank = ++published_count_;
  live.set_edge(session_time_ms, mode, speed);
}

void Hub::set_length(SessionKey session_key, std::int64_t length_ms) {
  const std::scoped_lock lock(mutex_);
  session(session_key).set_length(length_ms);
}

void Hub::set_delay(std::int64_t delay_ms) {
  const std::scoped_lock lock(mutex_);
  delay_ms_ = delay_ms;
}

void Hub::set_catching_up(bool is_catching_up) {
  const std::scoped_lock lock(mutex_);
  is_catching_up_ = is_catching_up;
  if (!is_catching_up && !is_behind_ && rounds_to_read_ > 0) --rounds_to_read_;
}

// The round that is under way may have begun before the last record, the one after it has not.
void Hub::set_behind(bool is_behind) {
  const std::scoped_lock lock(mutex_);
  if (is_behind_ && !is_behind) rounds_to_read_ = 2;
  is_behind_ = is_behind;
}

Frame Hub::waiting() const {
  return std::make_shared<const std::string>(encode_waiting("waiting", is_catching_up_ || is_waited_for()));
}

Result<std::string> Hub::lap_telemetry(SessionKey session_key, std::int32_t driver_number,
                                       std::string_view lap, std::optional<std::int64_t> cursor_ms) {
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(session_key);
  if (found == sessions_.end())
    return fail(Errc::not_found, fmt::format("there is no session {}", session_key.value));
  LiveSession& session = *found->second;
  session.refresh();
  const std::int64_t at_ms = std::min(cursor_ms.value_or(session.edge_ms()), session.edge_ms());
  Fold fold;
  session.keyframes().advance(fold, at_ms);
  const auto samples = lap_samples(session.log(), fold.view, driver_number, lap, at_ms);
  if (!samples) return tl::make_unexpected(samples.error());
  return encode(*samples);
}

void Hub::open(std::shared_ptr<net::WebSocketPeer> peer) {
  const std::scoped_lock lock(mutex_);
  Viewer viewer;
  const std::uint64_t id = peer->id();
  viewer.peer = std::move(peer);
  viewers_.insert_or_assign(id, std::move(viewer));
}

void Hub::close(net::WebSocketPeer& peer) {
  const std::scoped_lock lock(mutex_);
  now_ms_ = clock_();
  const auto found = viewers_.find(peer.id());
  if (found == viewers_.end()) return;
  const Viewer& viewer = found->second;
  if (viewer.own) {
    if (orphans_.size() >= orphans_max) orphans_.erase(orphans_.begin());
    orphans_.push_back({viewer.own->name(), viewer.session->key(), viewer.clock, now_ms_});
  }
  viewers_.erase(found);
}

void Hub::receive(net::WebSocketPeer& peer, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  now_ms_ = clock_();
  const auto found = viewers_.find(peer.id());
  if (found == viewers_.end()) return;
  Viewer& viewer = found->second;
  const Result<ViewerMessage> message = parse_viewer_message(text);
  if (!message) {
    refuse(viewer, message.error().message);
    return;
  }
  if (!viewer.has_said_hello && !std::holds_alternative<Hello>(*message)) {
    refuse(viewer, "the first message has to be hello");
    return;
  }
  if (viewer.session) viewer.session->refresh();
  std::visit([&](const auto& said) { on(viewer, said); }, *message);
}

void Hub::refuse(Viewer& viewer, std::string_view message) {
  ++counters_.errors_sent;
  viewer.peer->send(std::make_shared<const std::string>(encode_error(message)));
  if (++viewer.error_count >= viewer_errors_max) viewer.peer->close();
}

void Hub::tick() {
  const std::scoped_lock lock(mutex_);
  now_ms_ = clock_();
  std::erase_if(orphans_,
                [this](const Orphan& orphan) { return now_ms_ - orphan.left_at_ms > orphan_kept_ms; });
  for (const auto& [key, session] : sessions_) {
    session->refresh();
    step_edge(*session);
  }
  for (auto& [id, viewer] : viewers_) {
    if (!viewer.has_said_hello) continue;
    // Who is at the edge of whatever is on goes along when another session begins.
    LiveSession* on_now = viewer.own ? viewer.session : session_on(viewer.wanted);
    if (on_now != nullptr && on_now != viewer.session) {
      attach(viewer, *on_now);
    } else if (viewer.own) {
      step_own(viewer);
    } else if (viewer.session && viewer.is_lagging) {
      resend(viewer);
    } else if (!viewer.session && now_ms_ - viewer.frame_at_ms >= heartbeat_step_ms) {
      send(viewer, waiting(), false);
    }
  }
}

HubCounters Hub::counters() const {
  const std::scoped_lock lock(mutex_);
  HubCounters counters = counters_;
  counters.viewers = viewers_.size();
  counters.viewers_at_edge =
      static_cast<std::uint64_t>(std::count_if(viewers_.begin(), viewers_.end(), [](const auto& entry) {
        return entry.second.session && !entry.second.own;
      }));
  return counters;
}

std::vector<SessionSummary> Hub::sessions() const {
  const std::scoped_lock lock(mutex_);
  std::vector<const LiveSession*> sorted;
  sorted.reserve(sessions_.size());
  for (const auto& [key, session] : sessions_) sorted.push_back(session.get());
  std::sort(sorted.begin(), sorted.end(),
            [](const LiveSession* a, const LiveSession* b) { return is_newer(*a, *b); });
  std::vector<SessionSummary> summaries;
  for (const LiveSession* session : sorted) {
    SessionSummary summary{.session_key = session->key(),
                           .row = std::nullopt,
                           .mode = session->mode(),
                           .edge_ms = session->edge_ms(),
                           .newest_ms = session->log().newest_ms(),
                           .row_count = session->log().rows().size(),
                           .sample_count = session->log().samples().size()};
    if (session->row()) summary.row = *session->row();
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace slipstream::serve
