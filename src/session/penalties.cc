#include "session/penalties.h"

#include "core/limits.h"

namespace slipstream::session {
namespace {

using Step = StewardsNote::Step;

const char* state_of(Step step) {
  switch (step) {
    case Step::noted: return "noted";
    case Step::investigated: return "investigated";
    case Step::imposed: return "imposed";
    case Step::served: return "served";
    case Step::dropped:
    case Step::rescinded: break;
  }
  return "rescinded";
}

optional<Int> record::Penalty::*number_of(Step step) {
  switch (step) {
    case Step::noted: return &record::Penalty::noted_message_number;
    case Step::investigated: return &record::Penalty::investigated_message_number;
    case Step::imposed: return &record::Penalty::imposed_message_number;
    case Step::served: return &record::Penalty::served_message_number;
    case Step::dropped:
    case Step::rescinded: break;
  }
  return &record::Penalty::rescinded_message_number;
}

bool agrees(const std::string& known, const std::string& said) {
  return known.empty() || said.empty() || known == said;
}

bool is_of_penalty(Step step) { return step == Step::served || step == Step::rescinded; }

// May the note be the next thing that is said of a row in that state?
bool follows(const record::Penalty& row, const StewardsNote& note) {
  const bool is_open = row.state == "noted" || row.state == "investigated";
  switch (note.step) {
    case Step::noted: return note.is_correction && is_open;
    case Step::investigated:
    case Step::dropped:
    case Step::imposed: return is_open;
    case Step::served:
    case Step::rescinded: break;
  }
  return row.state == "imposed";
}

bool is_unserved(const record::Penalty& row) { return row.state == "imposed"; }

}  // namespace

std::size_t PenaltyLog::find(const StewardsNote& note, Int car) const {
  const bool names_place = note.step != Step::imposed && !is_of_penalty(note.step);
  std::size_t found = rows_.size();
  for (std::size_t i = rows_.size(); i-- > 0;) {
    const record::Penalty& row = rows_[i];
    if (row.driver_number != car || !follows(row, note)) continue;
    if (note.is_correction) return i;
    if (is_of_penalty(note.step) && (row.kind != note.kind || row.seconds != note.seconds)) continue;
    if (names_place && incidents_[i].place != note.place) continue;
    const std::string reason = row.reason.value_or("");
    if (reason == note.reason) return i;
    if (found == rows_.size() && agrees(reason, note.reason)) found = i;
  }
  // Track limits are counted by deleted laps: such a penalty is no incident's that was noted for something
  // else.
  const bool is_counted = note.reason == "TRACK LIMITS";
  if (found == rows_.size() && note.step == Step::imposed && !is_counted)
    return find_under_investigation(car);
  return found;
}

std::size_t PenaltyLog::find_under_investigation(Int car) const {
  std::size_t found = rows_.size();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const bool is_it = rows_[i].driver_number == car && rows_[i].state == "investigated";
    if (!is_it || incidents_[i].is_deferred) continue;
    if (found < rows_.size()) return rows_.size();
    found = i;
  }
  return found;
}

const record::Penalty& PenaltyLog::take_car(const StewardsNote& note, Int car, Int message_number) {
  const std::size_t at = find(note, car);
  if (at == rows_.size()) {
    record::Penalty row;
    row.penalty_number = static_cast<Int>(rows_.size());
    row.driver_number = car;
    rows_.push_back(std::move(row));
    incidents_.push_back({note.place});
  }
  record::Penalty& row = rows_[at];
  if (note.is_correction) incidents_[at].place = note.place;
  incidents_[at].is_deferred = note.is_deferred;
  row.state = state_of(note.step);
  if (note.kind) row.kind = note.kind;
  if (note.seconds) row.seconds = note.seconds;
  if (!note.reason.empty()) row.reason = note.reason;
  auto& number = row.*number_of(note.step);
  if (!number) number = message_number;
  return row;
}

Int PenaltyLog::unserved_ms(Int driver_number) const {
  constexpr Int drive_through_ms = 20'000, stop_and_go_ms = 30'000;
  Int sum_ms = 0;
  for (const record::Penalty& row : rows_) {
    if (row.driver_number != driver_number || !is_unserved(row)) continue;
    if (row.kind == "time") sum_ms += row.seconds.value_or(0) * 1000;
    else if (row.kind == "drive_through") sum_ms += drive_through_ms;
    else if (row.kind == "stop_and_go") sum_ms += stop_and_go_ms;
  }
  return sum_ms;
}

bool PenaltyLog::is_disqualified(Int driver_number) const {
  for (const record::Penalty& row : rows_) {
    if (row.driver_number == driver_number && row.kind == "disqualified" && is_unserved(row)) return true;
  }
  return false;
}

}  // namespace slipstream::session
