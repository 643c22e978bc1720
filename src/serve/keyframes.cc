#include "serve/keyframes.h"

#include <algorithm>
#include <limits>

namespace slipstream::serve {
namespace {

std::int64_t next_known_ms(const SessionLog& log, const Fold& fold) {
  std::int64_t next = std::numeric_limits<std::int64_t>::max();
  if (fold.next_row < log.rows().size()) next = log.rows()[fold.next_row].known_ms;
  if (fold.next_sample < log.samples().size()) {
    next = std::min<std::int64_t>(next, log.samples()[fold.next_sample].known_ms);
  }
  return next;
}

}  // namespace

bool Fold::is_behind(const SessionLog& log, std::int64_t at_ms) const {
  return disorders_seen != log.disorders().size() || next_known_ms(log, *this) <= at_ms;
}

// A fold is stale if a late entry was put in before its place. It is checked once for each disorder.
bool Keyframes::is_stale(Fold& fold) const {
  const auto disorders = log_.disorders().subspan(fold.disorders_seen);
  fold.disorders_seen = log_.disorders().size();
  return std::any_of(disorders.begin(), disorders.end(), [&](const SessionLog::Disorder& place) {
    return place.row_index < fold.next_row || place.sample_index < fold.next_sample;
  });
}

void Keyframes::forget_stale() {
  if (disorders_seen_ == log_.disorders().size()) return;
  disorders_seen_ = log_.disorders().size();
  for (auto keyframe = keyframes_.begin(); keyframe != keyframes_.end();) {
    keyframe = is_stale(keyframe->second) ? keyframes_.erase(keyframe) : std::next(keyframe);
  }
}

void Keyframes::fold_to(Fold& fold, std::int64_t cursor_ms) const {
  const auto rows = log_.rows();
  while (fold.next_row < rows.size() && rows[fold.next_row].known_ms <= cursor_ms) {
    apply(fold.view, rows[fold.next_row++]);
  }
  const auto samples = log_.samples();
  while (fold.next_sample < samples.size() && samples[fold.next_sample].known_ms <= cursor_ms) {
    apply(fold.view, samples[fold.next_sample++]);
  }
  fold.cursor_ms = cursor_ms;
}

void Keyframes::advance(Fold& fold, std::int64_t cursor_ms) {
  forget_stale();
  if (is_stale(fold) || fold.cursor_ms > cursor_ms) fold = Fold{{}, -1, 0, 0, log_.disorders().size()};
  const auto after = keyframes_.upper_bound(cursor_ms);
  if (after != keyframes_.begin() && std::prev(after)->first > fold.cursor_ms)
    fold = std::prev(after)->second;
  // A keyframe for every minute on the way in which something happened.
  for (;;) {
    const std::int64_t next_ms = next_known_ms(log_, fold);
    if (next_ms > cursor_ms) break;
    const std::int64_t minute_ms = (next_ms / step_ms + 1) * step_ms;
    if (minute_ms > cursor_ms) break;
    fold_to(fold, minute_ms);
    keyframes_.try_emplace(minute_ms, fold);
  }
  fold_to(fold, cursor_ms);
}

}  // namespace slipstream::serve
