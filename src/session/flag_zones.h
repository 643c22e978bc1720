// Where yellow and red flags are out: a state machine over race control's messages and the track status.
//
// A flag stands in its zone (a marshals' sector, or the whole track) until another flag replaces it or a
// clear takes it back. A clear can be missing (D11), so a flag also ends
//   * where the track status says that the whole track is clear: F1 sends that up to some seconds before the
//     messages that clear the sectors, so those are waited for;
//   * after a timeout, a yellow flag only: race control repeats what still holds.
// Times are session times, so what comes out depends on the messages alone. Pure; one thread at a time.
#pragma once

#include <map>
#include <vector>

#include "session/logs.h"

namespace slipstream::session {

class FlagZones {
 public:
  // A race control message of category Flag. Returns the zones that began or ended by it, or before it.
  std::vector<record::FlagZone> take(const record::RaceControl& message, Int at_ms);
  // TrackStatus 1.
  void take_track_clear(Int at_ms);
  // Ends what has ended by itself before `at_ms`.
  std::vector<record::FlagZone> expire(Int at_ms);

 private:
  struct Open {
    record::FlagZone row;
    optional<Int> track_clear_ms;  // the track status has said so
  };
  using Changed = std::vector<record::FlagZone>;
  void close(Int zone, Int at_ms, Changed& changed);
  void close_all(Int at_ms, Changed& changed);
  void open(const record::RaceControl& message, Int zone, Int at_ms, Changed& changed);

  std::map<Int, Open> open_;
};

}  // namespace slipstream::session
