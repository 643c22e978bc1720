#include "session/penalty_text.h"

#include <charconv>

namespace slipstream::session {
namespace {

using Step = StewardsNote::Step;

constexpr std::string_view incident_word = "INCIDENT INVOLVING CAR";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " -";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text = trimmed(text.substr(prefix.size()));
  return true;
}

bool has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

optional<Int> leading_number(std::string_view text) {
  Int number = 0;
  const char* const end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  return end == text.data() ? std::nullopt : optional(number);
}

// "18 (STR) AND 16 (LEC) NOTED - IMPEDING" -> 18, 16: numbers with a driver's code behind them. `text` is cut
// to what stands behind the last.
std::vector<Int> take_cars(std::string_view& text) {
  std::vector<Int> cars;
  while (true) {
    const std::size_t digit = text.find_first_of("0123456789");
    const std::size_t open = text.find(" (");
    const std::size_t close = text.find(')');
    if (digit == std::string_view::npos || open == std::string_view::npos || close == std::string_view::npos)
      break;
    const auto number = leading_number(text.substr(digit));
    const bool is_car = digit < open && open < close && close - open < 8 && *number > 0 && *number <= 999 &&
                        open - digit == std::to_string(*number).size();
    if (!is_car) break;
    cars.push_back(*number);
    text.remove_prefix(close + 1);
    if (!text.starts_with(',') && !text.starts_with(" AND")) break;
  }
  return cars;
}

struct StepText {
  std::string_view text;
  Step step;
};
constexpr StepText step_texts[] = {
    {"NO FURTHER ACTION", Step::dropped},
    {"NO FURTHER INVESTIGATION", Step::dropped},
    {"UNDER INVESTIGATION", Step::investigated},
    {"WILL BE INVESTIGATED", Step::investigated},
    {"NOTED", Step::noted},
};

optional<StewardsNote> incident_of(std::string_view text) {
  const std::size_t at = text.find(incident_word);
  StewardsNote note;
  note.place = std::string(trimmed(text.substr(0, at)));
  std::string_view rest = text.substr(at + incident_word.size());
  note.cars = take_cars(rest);
  if (note.cars.empty()) return std::nullopt;
  for (const StepText& known : step_texts) {
    const std::size_t found = rest.find(known.text);
    if (found == std::string_view::npos) continue;
    note.step = known.step;
    note.is_deferred = known.text == "WILL BE INVESTIGATED";
    rest.remove_prefix(found + known.text.size());
    // "WILL BE INVESTIGATED AFTER THE SPRINT - CAUSING A COLLISION"
    const std::size_t dash = rest.find('-');
    if (dash != std::string_view::npos) note.reason = std::string(trimmed(rest.substr(dash)));
    return note;
  }
  return std::nullopt;
}

struct KindText {
  std::string_view text, kind;
};
constexpr KindText kind_texts[] = {
    {"SECOND TIME PENALTY", "time"},
    {"DRIVE THROUGH", "drive_through"},
    {"DRIVE-THROUGH", "drive_through"},
    {"STOP AND GO", "stop_and_go"},
    {"STOP/GO", "stop_and_go"},
    {"STOP-AND-GO", "stop_and_go"},
    {"GRID", "grid"},
    {"REPRIMAND", "reprimand"},
    {"BLACK AND WHITE FLAG", "warning"},
    {"BLACK FLAG", "disqualified"},
    {"DISQUALIFI", "disqualified"},
    {"WARNING", "warning"},
    {"FINE", "fine"},
};

// "5 SECOND TIME PENALTY FOR CAR 12 (ANT) - TRACK LIMITS", "CAR 1 (VER) DISQUALIFIED - UNDERWEIGHT"
optional<StewardsNote> penalty_of(std::string_view text) {
  const std::size_t at = text.find("CAR ");
  if (at == std::string_view::npos) return std::nullopt;
  StewardsNote note;
  note.step = Step::imposed;
  std::string_view rest = text.substr(at);
  note.cars = take_cars(rest);
  const bool is_behind = at == 0;  // what it is stands behind the car
  const std::string_view what = is_behind ? rest.substr(0, rest.find(" - ")) : text.substr(0, at);
  if (note.cars.empty() || (!is_behind && !what.ends_with("FOR "))) return std::nullopt;
  for (const KindText& known : kind_texts) {
    if (!has(what, known.text)) continue;
    note.kind = std::string(known.kind);
    break;
  }
  if (!note.kind || (is_behind && note.kind != "disqualified")) return std::nullopt;
  if (note.kind == "time" || note.kind == "stop_and_go") note.seconds = leading_number(what);
  note.reason = std::string(trimmed(is_behind ? rest.substr(what.size()) : rest));
  return note;
}

}  // namespace

optional<StewardsNote> stewards_note_of(std::string_view message) {
  std::string_view text = trimmed(message);
  bool is_correction = drop_prefix(text, "CORRECTION:");
  drop_prefix(text, "FIA STEWARDS:");
  is_correction = drop_prefix(text, "UPDATE:") || drop_prefix(text, "CORRECTION:") || is_correction;
  optional<Step> step;
  if (drop_prefix(text, "PENALTY SERVED")) step = Step::served;
  else if (drop_prefix(text, "PENALTY RESCINDED") || drop_prefix(text, "RESCINDED")) step = Step::rescinded;
  auto note = has(text, incident_word) ? incident_of(text) : penalty_of(text);
  if (note && step) note->step = *step;
  if (note) note->is_correction = is_correction;
  return note;
}

}  // namespace slipstream::session
