// Which session a message belongs to, where a source has more than one (T6).
//
// A recorder's connection outlives sessions: a recording can begin with the state of the session before, go
// from one session into the next, and after a cut get a snapshot that is older than what it has. SessionInfo
// tells: another Key, or where there is none (L21) another Path, or another Name and StartDate. SessionInfo
// of the same session comes again at its start and end and begins nothing.
//
// An engine folds one session. Whoever feeds it asks take() first, and at `next_session` ends the engine and
// begins a new one. Pure; one thread at a time.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "feed/message.h"
#include "feed/source.h"

namespace slipstream::session {

enum class Belongs {
  same_session,
  next_session,  // this message is its first
  left_session,  // a snapshot of a session that is over: to be dropped
};

class SessionSplitter {
 public:
  // Says where `item` belongs, and lets its session_time count from the first message of its session; offsets
  // that F1 wrote itself (a source whose messages have no instant of receipt) stay as they are.
  Belongs take(feed::SourceItem& item);
  // What take() subtracts from the source's times in the session that runs.
  SessionTime base() const { return base_; }

 private:
  struct Identity {
    std::int64_t key = 0;  // 0: not known
    std::string path, name, start_date;
  };
  static std::optional<Identity> identity_of(std::string_view session_info);
  static bool is_another(const Identity& known, const Identity& said);
  void learn(const Identity& said);
  Belongs place(const feed::Message& message);

  Identity current_;
  std::set<std::int64_t> left_keys_;
  bool is_in_left_snapshot_ = false;
  SessionTime base_{};
};

}  // namespace slipstream::session
