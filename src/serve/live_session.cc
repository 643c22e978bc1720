#include "serve/live_session.h"

#include <algorithm>
#include <tuple>

namespace slipstream::serve {

LiveSession::LiveSession(SessionKey key, std::string stream_name)
    : log_(key), keyframes_(log_), shared_(std::move(stream_name)) {}

bool LiveSession::add(const record::DecodedRecord& record, std::int64_t session_time_ms) {
  if (const auto* status = std::get_if<record::SessionStatus>(&record.row)) {
    if (status->status == "Started")
      started_ms_ = std::min(started_ms_.value_or(session_time_ms), session_time_ms);
  }
  if (const auto* row = std::get_if<record::Session>(&record.row)) {
    const std::int32_t revision = record.envelope.revision;
    if (!row_ || std::tie(row_build_, row_revision_) <= std::tie(record.build, revision)) {
      row_ = *row;
      row_build_ = record.build;
      row_revision_ = revision;
    }
  }
  return outline_.take(record) || log_.add(record, session_time_ms);
}

void LiveSession::refresh() {
  log_.settle();
  outline_.refresh();
}

void LiveSession::set_edge(std::int64_t session_time_ms, Mode mode, double speed) {
  edge_ms_ = session_time_ms;
  mode_ = mode;
  speed_ = speed;
}

std::int64_t LiveSession::edge_ms() const { return mode_ == Mode::archive ? log_.end_ms() : edge_ms_; }

std::int64_t LiveSession::begin_ms() const { return std::min(log_.begin_ms(), edge_ms()); }

std::int64_t LiveSession::start_ms() const {
  return std::clamp(started_ms_.value_or(begin_ms()), begin_ms(), edge_ms());
}

FrameContext LiveSession::context(std::int64_t cursor_ms, const Player& player) const {
  FrameContext context{.cursor_ms = cursor_ms,
                       .player = player,
                       .from_ms = begin_ms(),
                       .to_ms = std::max(length_ms_, edge_ms()),
                       .outline = outline_.json()};
  context.player.delay_ms = mode_ == Mode::live ? delay_ms_ : 0;
  return context;
}

FrameContext LiveSession::edge_context() const {
  const bool is_running = mode_ != Mode::archive;
  const Player player{.mode = mode_,
                      .is_playing = is_running,
                      .speed = is_running ? speed_ : 1,
                      .is_at_edge = true,
                      .edge_ms = edge_ms()};
  return context(edge_ms(), player);
}

}  // namespace slipstream::serve
