#include "serve/stream.h"

#include <cstdlib>
#include <utility>

namespace slipstream::serve {

Frame Stream::keep(Frame frame, Sections sections) {
  ++number_;
  sections_ = std::move(sections);
  snapshot_.reset();
  kept_.push_back(frame);
  if (kept_.size() > frames_kept) kept_.pop_front();
  return frame;
}

Frame Stream::step(const SessionLog& log, Keyframes& keyframes, const FrameContext& context) {
  if (!has_begun()) return jump(log, keyframes, context);
  keyframes.advance(fold_, context.cursor_ms);
  Sections next = make_sections(log, fold_.view, context);
  context_ = context;
  const FrameName name{name_, number_ + 1};
  std::optional<std::string> delta = encode_delta(name, sections_, next);
  std::string text = delta ? std::move(*delta) : encode_snapshot(name, next);
  return keep(std::make_shared<const std::string>(std::move(text)), std::move(next));
}

Frame Stream::jump(const SessionLog& log, Keyframes& keyframes, const FrameContext& context) {
  keyframes.advance(fold_, context.cursor_ms);
  Sections next = make_sections(log, fold_.view, context);
  context_ = context;
  // Frames from before the jump are of no use to a reader who comes back: they lead to another place.
  kept_.clear();
  auto frame = std::make_shared<const std::string>(encode_snapshot({name_, number_ + 1}, next));
  keep(frame, std::move(next));
  snapshot_ = frame;
  return frame;
}

Frame Stream::snapshot() {
  SLIP_CHECK(has_begun());
  if (!snapshot_) {
    snapshot_ = std::make_shared<const std::string>(encode_snapshot({name_, number_}, sections_));
  }
  return snapshot_;
}

std::optional<std::vector<Frame>> Stream::frames_behind(std::int64_t number) const {
  const std::int64_t behind = number_ - number;
  if (number < 1 || behind < 0 || behind > static_cast<std::int64_t>(kept_.size())) return std::nullopt;
  return std::vector<Frame>(kept_.end() - behind, kept_.end());
}

bool Stream::would_change(const SessionLog& log, const FrameContext& context) const {
  // A paused viewer does not need to see the edge run away ten times a second.
  constexpr std::int64_t edge_step_ms = 1000;
  const Player& was = context_.player;
  const Player& is = context.player;
  return !has_begun() || fold_.is_behind(log, context.cursor_ms) || context.cursor_ms != context_.cursor_ms ||
         context.outline != context_.outline || was.mode != is.mode || was.is_playing != is.is_playing ||
         was.speed != is.speed || was.is_at_edge != is.is_at_edge ||
         std::abs(is.edge_ms - was.edge_ms) >= edge_step_ms;
}

}  // namespace slipstream::serve
