// One numbered sequence of frames: what all viewers at the edge share, or what one viewer gets who has a
// clock of their own.
//
// A stream holds the sections that its readers have by now; step() brings them to the next cursor and gives
// the frame that says so: a delta, or a snapshot where a delta cannot say it. The last frames of a stream are
// kept, so that a reader who was away for a moment goes on behind the number they have. Thread rule: one
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "serve/keyframes.h"
#include "serve/sections.h"

namespace slipstream::serve {

using Frame = std::shared_ptr<const std::string>;

class Stream {
 public:
  static constexpr std::size_t frames_kept = 200;  // of the edge: ten seconds

  explicit Stream(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::int64_t number() const { return number_; }  // of the last frame; 0 before the first
  bool has_begun() const { return number_ > 0; }
  std::int64_t cursor_ms() const { return sections_.cursor_ms; }

  // The next frame, brought to context.cursor_ms.
  Frame step(const SessionLog& log, Keyframes& keyframes, const FrameContext& context);
  // As step(), but always a snapshot: after a seek.
  Frame jump(const SessionLog& log, Keyframes& keyframes, const FrameContext& context);

  // What the readers have by now, as a snapshot with the number of the last frame; made once per frame.
  // The stream must have begun.
  Frame snapshot();

  // The frames behind `number`; nothing if they are not kept any more or `number` was never reached.
  std::optional<std::vector<Frame>> frames_behind(std::int64_t number) const;

  // Whether the next frame would say anything: the place is another, or records have come that are known
  // there. False while a viewer has paused and nothing else changes.
  bool would_change(const SessionLog& log, const FrameContext& context) const;

 private:
  Frame keep(Frame frame, Sections sections);

  std::string name_;
  std::int64_t number_ = 0;
  Fold fold_;
  Sections sections_;
  FrameContext context_;
  Frame snapshot_;
  std::deque<Frame> kept_;  // the last one has number_
};

}  // namespace slipstream::serve
