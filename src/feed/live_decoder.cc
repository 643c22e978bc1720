#include "feed/live_decoder.h"

#include <utility>

#include "core/limits.h"
#include "feed/source_item.h"

namespace slipstream::feed {

LiveDecoder::LiveDecoder() : decoder_(TopicFilter()), timeline_(RecordingClock::instants) {
  // As the format has it (recording_format.cc): a connection begins with the file.
  timeline_.add(entries_.add(Entry::Kind::connected), 0);
}

void LiveDecoder::push(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = bytes.find(signalrcore_message_end);
    const auto piece = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos) {
      partial_.append(piece);
      return;
    }
    if (partial_.empty()) {
      decode(piece, true);
    } else {
      const std::string whole = std::exchange(partial_, {}).append(piece);
      decode(whole, true);
    }
  }
}

void LiveDecoder::end() {
  const std::string rest = std::exchange(partial_, {});
  if (!rest.empty()) decode(rest, false);
  timeline_.end();
}

void LiveDecoder::decode(std::string_view piece, bool is_terminated) {
  Line line{.text = piece, .offset = offset_};
  line.is_terminated = is_terminated;
  offset_ += static_cast<std::int64_t>(piece.size()) + (is_terminated ? 1 : 0);
  if (piece.size() > limits::message_bytes_max) {
    return timeline_.add_broken(broken_input(line, too_long_reason()));
  }
  entries_.clear();
  decoder_.decode(piece, entries_);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.kind != Entry::Kind::broken) {
      timeline_.add(entry, line.offset);
      continue;
    }
    Line part = line;
    if (!entry.raw.empty()) part.text = entry.raw;
    BrokenInput broken = broken_input(part, std::move(entry.reason));
    if (!entry.message.feed_topic.empty()) broken.feed_topic = entry.message.feed_topic;
    broken.session_time = entry.offset;
    timeline_.add_broken(std::move(broken));
  }
}

}  // namespace slipstream::feed
