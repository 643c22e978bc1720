// Puts a recording's entries into the order and onto the clock that messages have.
//
// Clock: session_time counts from the recording's first message, by its stamp. F1's stamps step back now and
// then, by up to two seconds; so that zero is the same whichever of them was written first, it is the
// earliest stamp of the first five seconds. Later stamps may step back all the same, and session_time with
// them: the order of a recording is the order that the patches were sent in. Snapshots: a snapshot has no
// stamp and takes the time of the next message, or where none comes, of the one before. In it SessionInfo
// comes first, so that whoever folds it knows whose state it is (T6). Changes that a connection sends before
// its snapshot come behind it, by their stamps (T4): the snapshot may lack them, and to have them twice does
// no harm. What waits for a stamp or a snapshot is bounded by limits::held_messages_max and held_bytes_max;
// beyond them it goes out as it stands. Pure. Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/time.h"
#include "feed/entry.h"
#include "feed/source.h"

namespace slipstream::feed {

// What the times of a recording are: instants, or offsets from a zero of their own.
enum class RecordingClock { instants, offsets };

class Timeline {
 public:
  explicit Timeline(RecordingClock clock);

  // Takes the entry's contents; `broken` is what to report of a broken one.
  void add(Entry& entry, std::int64_t source_offset);
  void add_broken(BrokenInput broken);
  // Nothing more comes: what waits can go out.
  void end();

  // The next item that is due, with the buffers of what was in `item` kept for later ones; false: add more.
  bool take(SourceItem& item);

 private:
  struct Slot {
    SourceItem item;
    std::optional<SessionTime> stamp;  // since 1970, or since the recording's own zero
    bool is_snapshot = false;
    bool is_skipped = false;

    const Message* message() const { return std::get_if<Message>(&item); }
  };

  Slot& next_slot();
  bool is_overfull() const;
  void connect();
  void see(SessionTime stamp);
  // A snapshot is complete: what its connection sent before goes behind it.
  void end_snapshot();
  void settle();
  void release();
  void put_session_info_first();
  void set_times();

  std::vector<Slot> slots_;  // [begin_, ready_) goes out, [ready_, end_) waits
  std::size_t begin_ = 0;
  std::size_t ready_ = 0;
  std::size_t end_ = 0;
  std::size_t held_bytes_ = 0;

  bool has_instants_;
  std::optional<SessionTime> zero_;
  std::optional<SessionTime> first_stamp_, earliest_stamp_;
  SessionTime session_time_{};     // of the last message that went out
  bool is_snapshot_last_ = false;  // and waits for the time of the message behind it
  bool has_snapshot_ = false;      // of the connection that began last
  // The slot where a connection began whose snapshot has not come yet, and its first stamp.
  std::optional<std::size_t> connection_begin_;
  std::optional<SessionTime> connection_stamp_;
};

}  // namespace slipstream::feed
