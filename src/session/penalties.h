// What the stewards look at and what becomes of it: noted, investigated, imposed, served, or nothing.
//
// A row is one car's part of one incident; what is said of it later is found by car, place and reason,
// because F1 numbers no incident:
//   * an incident has the same place in all its messages, and the same reason once one is given; noted twice
//   it
//     is two incidents, unless the message calls itself a correction or an update;
//   * a penalty names no place, and now and then another reason than the incident had: then it is that of the
//     one incident of the car that is under investigation now, and not left for after the session.
// `rescinded` is also an incident of which no further action was taken: its
// kind is empty. Pure; one thread at a time.
#pragma once

#include <vector>

#include "record/rows.h"
#include "session/penalty_text.h"

namespace slipstream::session {

class PenaltyLog {
 public:
  // Takes a message of race control; visit(row) is called for each row that is new or has changed.
  template <class Visit>
  void take(const StewardsNote& note, Int message_number, Visit visit) {
    for (const Int car : note.cars) visit(take_car(note, car, message_number));
  }

  const std::vector<record::Penalty>& rows() const { return rows_; }

  // What has to be added to the car's race time (L26): imposed and neither served nor rescinded. A drive
  // through that is not served counts 20 s, a stop and go 30 s (FIA Sporting Regulations 2025, article 54.3).
  Int unserved_ms(Int driver_number) const;
  bool is_disqualified(Int driver_number) const;

 private:
  const record::Penalty& take_car(const StewardsNote& note, Int car, Int message_number);
  // The row that the note goes on with; rows_.size() if it begins one.
  std::size_t find(const StewardsNote& note, Int car) const;
  // The one incident of the car that is under investigation now; rows_.size() if there is none, or several.
  std::size_t find_under_investigation(Int car) const;

  // What a row does not show.
  struct Incident {
    std::string place;
    bool is_deferred = false;
  };
  std::vector<record::Penalty> rows_;
  std::vector<Incident> incidents_;  // of each row
};

}  // namespace slipstream::session
