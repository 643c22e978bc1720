// Who passed whom, and how: changes of the order, told apart.
//
// F1's positions flicker while cars are side by side, and a car that is passed in the pits is passed by five
// others at once. A pass counts when the order still stands ten seconds later; from one pass of a pair to the
// next the other car has been ahead. What the order of one moment means depends on what the passed car does:
// in the pits or just out of them `pit`, out of the race `retirement`, in the lap of a start or restart
// `restart`, else `on_track`.
//
// That a car has retired F1 says late: a minute after those that crashed were passed, up to three after one
// that limped to the pits (four races of 2025). So the passes of the lap that a car did not drive to its end
// are told apart anew when it stops, and once more if it drives on (P11). Pure; one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "record/rows.h"

namespace slipstream::session {

using record::Int;
using std::optional;

// What is known of a car when its position changes.
struct RaceCar {
  Int driver_number = 0;
  Int laps_completed = 0;
  optional<Int> last_line_ms;  // when it completed the last of them
  bool is_in_pit = false, is_out_lap = false, is_retired = false;
};

class OvertakeLog {
 public:
  // How long a pass has to stand.
  static constexpr Int stands_ms = 10'000;

  // A car's position by the timing screen. What one message says of several cars belongs together.
  // `lap_number`: the one it drives.
  void take_position(Int driver_number, Int position, Int lap_number);
  // The message has ended. `is_racing`: the race has started and is not suspended.
  void end_message(Int at_ms, bool is_racing);
  // The race has started, or started again.
  void take_start();
  // The car has stopped or retired, or drives on.
  void take_retirement(Int driver_number) { judged_anew_.insert(driver_number); }

  // True if settle() has something to look at.
  bool is_due(Int now_ms) const { return !judged_anew_.empty() || has_stood(now_ms); }
  // The passes that stand by `now_ms`, numbered on from 0, and known ones that are of another kind now.
  // car(number) gives a RaceCar.
  template <class CarOf>
  std::vector<record::Overtake> settle(Int now_ms, CarOf car) {
    std::vector<record::Overtake> changed;
    for (const Int number : std::exchange(judged_anew_, {})) judge_anew(car(number), changed);
    while (has_stood(now_ms)) {
      const Pass pass = pending_.front();
      pending_.erase(pending_.begin());
      if (is_new(pass)) changed.push_back(settle(pass, car(pass.driver_number), car(pass.overtaken_number)));
    }
    return changed;
  }

 private:
  struct Pass {
    Int at_ms, driver_number, overtaken_number, position, lap_number;
  };
  // A pass that stands. The lap is the passed car's; the kind what it was if that car drives on.
  struct Settled {
    record::Overtake row;
    Int overtaken_lap_number = 0;
    std::string kind_on_road;
  };
  // Of two cars, the lower number first: is that one ahead?
  struct PairOrder {
    bool is_first_ahead = false;          // by the positions that were sent last
    bool is_first_ahead_settled = false;  // once every pass that stands is taken into account
  };
  bool has_stood(Int now_ms) const {
    return !pending_.empty() && now_ms - stands_ms > pending_.front().at_ms;
  }
  bool is_ahead(Int driver_number, Int other_number) const;
  void note_pass(Int driver_number, Int other_number, Int at_ms);
  // True, and from now on settled, if the order still stands and was the other way round before.
  bool is_new(const Pass& pass);
  record::Overtake settle(const Pass& pass, const RaceCar& driver, const RaceCar& overtaken);
  void judge_anew(const RaceCar& overtaken, std::vector<record::Overtake>& changed);

  struct Place {
    Int position, lap_number;
  };
  std::map<Int, Place> places_;  // by car number
  std::map<std::pair<Int, Int>, PairOrder> pairs_;
  std::vector<Int> changed_;      // cars, by the message that is being read
  std::vector<Pass> pending_;     // by time
  Int start_lap_number_ = 1;      // the leader's when the race started last
  std::vector<Settled> settled_;  // by overtake_number
  std::set<Int> judged_anew_;     // cars that have stopped or driven on since
};

}  // namespace slipstream::session
