// A car's log, written as a story. For tests of the lap rules only.
#pragma once

#include <vector>

#include "session/laps.h"

namespace slipstream::session {

// A car's log, message by message.
class Car {
  using Kind = CarEvent::Kind;

 public:
  explicit Car(Int driver_number = 4) { log_.driver_number = driver_number; }

  Car& at(Int session_time_ms) {
    now_ms_ = session_time_ms;
    ++message_;
    is_snapshot_ = false;
    return *this;
  }
  // The whole state, as it comes when a recording begins or goes on after an interruption.
  Car& snapshot_at(Int session_time_ms) {
    at(session_time_ms);
    is_snapshot_ = true;
    return *this;
  }
  Car& gap(Int ms) { return push(Kind::gap, 0, ms); }
  Car& leads() { return push(Kind::gap, 0, CarEvent::leads); }
  Car& stops(bool is_stopped = true) { return push(Kind::stopped, 0, is_stopped ? 1 : 0); }
  Car& leaves_pits() { return push(Kind::in_pit, 0, 0); }
  Car& enters_pits() { return push(Kind::in_pit, 0, 1); }
  Car& sector(int number, Int ms) { return push(Kind::sector_time, number - 1, ms); }
  Car& lap_time(Int ms) { return push(Kind::lap_time, 0, ms); }
  Car& line(Int laps) { return push(Kind::lap_count, 0, laps); }
  Car& best(Int ms) { return push(Kind::best_lap, 0, ms); }
  Car& speed(int trap, Int kmh) { return push(Kind::speed, trap, kmh); }
  Car& stint(Int index, const char* compound, Int start_laps) {
    log_.stints.push_back({now_ms_, index, compound, true, start_laps, {}, is_snapshot_});
    return *this;
  }
  Car& stint_laps(Int index, Int total_laps) {
    log_.stints.push_back({now_ms_, index, {}, {}, {}, total_laps, is_snapshot_});
    return *this;
  }
  // A lap of 80 s whose sectors and time come as the car drives.
  Car& drives_lap(Int laps_then) {
    const Int start = now_ms_;
    at(start + 30'000).sector(1, 30'000);
    at(start + 55'000).sector(2, 25'000);
    at(start + 80'000).sector(3, 25'000).lap_time(80'000).line(laps_then);
    return *this;
  }

  const CarLog& log() const { return log_; }
  std::vector<LapDraft> drafts(const SessionLog& session = {}) const { return draft_laps(log_, session); }
  std::vector<record::Lap> laps(const SessionLog& session = {}) const {
    return build_laps(draft_laps(log_, session), log_, session, {});
  }

 private:
  Car& push(Kind kind, int index, Int value) {
    log_.add({now_ms_, message_, kind, static_cast<std::int8_t>(index), value, is_snapshot_});
    return *this;
  }

  CarLog log_;
  Int now_ms_ = 0, message_ = 0;
  bool is_snapshot_ = false;
};

}  // namespace slipstream::session
