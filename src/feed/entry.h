// What a decoder makes of one line or frame: no entry, one or many; and what decoders share. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "feed/json_cursor.h"
#include "feed/message.h"
#include "feed/payload.h"
#include "feed/topic_filter.h"

namespace slipstream::feed {

struct Entry {
  enum class Kind {
    message,    // all of `message` but session_time and source_offset, which are the reader's to set
    skipped,    // a message of a topic that is not asked for: only feed_topic, utc, is_snapshot, offset
    broken,     // a piece that cannot be read: `reason` and `raw`, the topic where it is known
    connected,  // a connection begins: a snapshot is to come, and what comes before it belongs behind it
  };

  Kind kind = Kind::message;
  Message message;
  std::optional<SessionTime> offset;  // as the recording has it, where it has offsets instead of instants
  std::string reason;
  std::string_view raw;  // part of what was decoded
};

// A list that keeps the buffers of the entries that were in it. Thread rule: one thread at a time.
class Entries {
 public:
  // The new last entry: empty, whatever it was before.
  Entry& add(Entry::Kind kind);
  void add_broken(std::string_view feed_topic, std::string_view raw, std::string reason);
  void drop_last() { --size_; }
  void move_last_to(std::size_t i);
  void clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  Entry& operator[](std::size_t i) { return entries_[i]; }

 private:
  std::vector<Entry> entries_;
  std::size_t size_ = 0;
};

// Decodes lines of one format.
class LineDecoder {
 public:
  virtual ~LineDecoder() = default;
  // Appends what `line` says. A line that is no message of the format appends nothing; if it looks like a
  // piece of a message, it is a broken entry.
  virtual void decode(std::string_view line, Entries& out) = 0;
};

// A line that a recorder's log left between the messages, or a piece of a message that was cut: the latter
// becomes a broken entry, so that it is not lost in silence.
void add_foreign(std::string_view line, Entries& out);

// Letters, digits, "." and "_".
bool is_topic_name(std::string_view text);

// Messages from their parts, for every format that has JSON payloads.
class EntryBuilder {
 public:
  explicit EntryBuilder(TopicFilter filter) : filter_(std::move(filter)) {}

  // `raw_payload` is JSON: a document, or for `.z` topics a string with base64.
  void add_message(std::string_view feed_topic, std::string_view raw_payload, std::optional<UtcTime> utc,
                   Entries& out);
  // Every topic of a snapshot, {"Heartbeat": {...}, "CarData.z": "...", ...}, which is the next value of
  // `json` (T5); SessionInfo comes first. Of a snapshot that is cut off those in front of the cut, then a
  // broken entry; false then.
  bool add_snapshot(JsonCursor& json, std::optional<UtcTime> utc, Entries& out);

 private:
  void add(std::string_view feed_topic, std::string_view raw_payload, std::optional<UtcTime> utc,
           bool is_snapshot, Entries& out);

  TopicFilter filter_;
  Unpacker unpacker_;
};

}  // namespace slipstream::feed
