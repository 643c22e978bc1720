#include "feed/timeline.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/limits.h"
#include "feed/source_item.h"

namespace slipstream::feed {
namespace {

using namespace std::chrono_literals;

// F1's stamps step back by up to two seconds.
constexpr SessionTime zero_window = 5s;
// A snapshot follows its connection within a second or two, if it does.
constexpr SessionTime snapshot_wait_max = 30s;

}  // namespace

Timeline::Timeline(RecordingClock clock) : has_instants_(clock == RecordingClock::instants) {
  if (!has_instants_) zero_ = SessionTime(0);
}

Timeline::Slot& Timeline::next_slot() {
  if (end_ == slots_.size()) slots_.emplace_back();
  Slot& slot = slots_[end_++];
  slot.stamp.reset();
  slot.is_snapshot = false;
  slot.is_skipped = false;
  return slot;
}

bool Timeline::is_overfull() const {
  return end_ - ready_ >= limits::held_messages_max || held_bytes_ >= limits::held_bytes_max;
}

void Timeline::add(Entry& entry, std::int64_t source_offset) {
  if (entry.kind == Entry::Kind::connected) return connect();
  const bool is_snapshot = entry.message.is_snapshot;
  if (!is_snapshot) end_snapshot();
  Slot& slot = next_slot();
  Message& message = message_in(slot.item);
  std::swap(message, entry.message);
  message.source_offset = source_offset;
  slot.is_snapshot = is_snapshot;
  slot.is_skipped = entry.kind == Entry::Kind::skipped;
  if (!has_instants_) slot.stamp = entry.offset;
  else if (message.utc) slot.stamp = message.utc->time_since_epoch();
  held_bytes_ += message.payload.size();
  is_snapshot_last_ = is_snapshot;
  has_snapshot_ = has_snapshot_ || is_snapshot;
  if (slot.stamp) see(*slot.stamp);
  settle();
}

void Timeline::add_broken(BrokenInput broken) {
  held_bytes_ += broken.raw.size();
  next_slot().item = std::move(broken);
  settle();
}

void Timeline::connect() {
  end_snapshot();
  connection_begin_ = end_;
  connection_stamp_.reset();
  has_snapshot_ = false;
}

void Timeline::see(SessionTime stamp) {
  if (!first_stamp_) first_stamp_ = stamp;
  if (!zero_) {
    earliest_stamp_ = std::min(stamp, earliest_stamp_.value_or(stamp));
    if (stamp - *first_stamp_ >= zero_window) zero_ = earliest_stamp_;
  }
  if (!connection_begin_) return;
  if (!connection_stamp_) connection_stamp_ = stamp;
  if (stamp - *connection_stamp_ > snapshot_wait_max) connection_begin_.reset();
}

void Timeline::end_snapshot() {
  if (!connection_begin_ || !has_snapshot_) return;
  const auto begin = slots_.begin() + static_cast<std::ptrdiff_t>(*connection_begin_);
  const auto end = slots_.begin() + static_cast<std::ptrdiff_t>(end_);
  const auto changes = std::stable_partition(begin, end, [](const Slot& slot) { return slot.is_snapshot; });
  // Broken pieces have no stamp and would tear the order; they go in front.
  std::stable_sort(changes, end, [](const Slot& a, const Slot& b) {
    return a.stamp.value_or(SessionTime::min()) < b.stamp.value_or(SessionTime::min());
  });
  connection_begin_.reset();
}

void Timeline::settle() {
  if (is_overfull()) {
    if (!zero_) zero_ = earliest_stamp_;
    connection_begin_.reset();
  } else if (!zero_ || connection_begin_ || is_snapshot_last_) {
    return;
  }
  release();
}

void Timeline::end() {
  end_snapshot();
  if (!zero_) zero_ = earliest_stamp_;
  connection_begin_.reset();
  release();
}

void Timeline::release() {
  put_session_info_first();
  set_times();
  ready_ = end_;
  held_bytes_ = 0;
  is_snapshot_last_ = false;
}

// A snapshot may come as lines of their own, one a topic; where a topic comes again, the next one begins.
void Timeline::put_session_info_first() {
  std::size_t snapshot_begin = ready_;
  for (std::size_t i = ready_; i < end_; ++i) {
    const auto at = [this](std::size_t slot) { return slots_.begin() + static_cast<std::ptrdiff_t>(slot); };
    if (!slots_[i].is_snapshot) {
      snapshot_begin = i + 1;
      continue;
    }
    const std::string& topic = slots_[i].message()->feed_topic;
    const bool comes_again = std::any_of(at(snapshot_begin), at(i), [&topic](const Slot& earlier) {
      return earlier.message()->feed_topic == topic;
    });
    if (comes_again) snapshot_begin = i;
    if (topic == "SessionInfo") std::rotate(at(snapshot_begin), at(i), at(i + 1));
  }
}

void Timeline::set_times() {
  std::optional<SessionTime> next;
  for (std::size_t i = end_; i-- > ready_;) {
    Slot& slot = slots_[i];
    if (slot.stamp) next = slot.stamp;
    else if (slot.is_snapshot) slot.stamp = next;
  }
  for (std::size_t i = ready_; i < end_; ++i) {
    Slot& slot = slots_[i];
    if (slot.stamp && zero_) session_time_ = *slot.stamp - *zero_;
    auto* const message = std::get_if<Message>(&slot.item);
    if (!message) continue;
    message->session_time = session_time_;
    if (has_instants_ && slot.stamp && !message->utc) message->utc = UtcTime(*slot.stamp);
  }
}

bool Timeline::take(SourceItem& item) {
  while (begin_ < ready_) {
    Slot& slot = slots_[begin_++];
    const bool is_skipped = slot.is_skipped;
    if (!is_skipped) std::swap(item, slot.item);
    if (begin_ == end_) {
      if (connection_begin_) connection_begin_ = 0;
      begin_ = ready_ = end_ = 0;
    }
    if (!is_skipped) return true;
  }
  return false;
}

}  // namespace slipstream::feed
