#include "session/race_control_text.h"

#include <array>
#include <charconv>

#include "feed/parse.h"

namespace slipstream::session {
namespace {

// "TRACK LIMITS AT TURN 12 LAP 3 15:03:34", for a lap that ended in the pits with " (PIT)" behind it, cut
// into the reason and the local time of the offence.
struct Offence {
  std::string_view reason;
  optional<Int> local_time_s;
};

Offence offence_of(std::string_view text) {
  if (text.ends_with(" (PIT)")) text.remove_suffix(6);
  const std::size_t space = text.rfind(' ');
  if (space == std::string_view::npos) return {text, {}};
  const auto time = feed::parse_clock(text.substr(space + 1));
  if (!time) return {text, {}};
  return {text.substr(0, space), static_cast<Int>(time->count() / 1000)};
}

// "... LAP 3 15:03:34" or "... LAP 9 15:16:30 (PIT)" -> 3, 9: the last number behind "LAP ".
optional<Int> lap_number_of(std::string_view text) {
  constexpr std::string_view lap = "LAP ";
  const std::size_t at = text.rfind(lap);
  if (at == std::string_view::npos) return std::nullopt;
  Int number = 0;
  const char* const begin = text.data() + at + lap.size();
  const auto end = std::from_chars(begin, text.data() + text.size(), number).ptr;
  return end == begin ? std::nullopt : optional(number);
}

struct ModeText {
  std::string_view text, mode;
  bool is_on;
};
constexpr std::array mode_texts = {
    ModeText{"LOW GRIP CONDITIONS", "low_grip", true},
    ModeText{"NORMAL GRIP CONDITIONS", "low_grip", false},
};

struct ModeName {
  std::string_view text, mode;
};
constexpr std::array mode_names = {
    ModeName{"DRS", "drs"},
    ModeName{"OVERTAKE", "overtake"},
    ModeName{"OVERTAKE MODE", "overtake"},
    ModeName{"STRAIGHT MODE", "straight_mode"},
    ModeName{"STRAIGHT LINE MODE", "straight_mode"},
};

}  // namespace

optional<Int> car_of(std::string_view message) {
  constexpr std::string_view car = "CAR ";
  optional<Int> found;
  for (std::size_t at = message.find(car); at != std::string_view::npos; at = message.find(car, at + 1)) {
    const bool is_word = at == 0 || message[at - 1] == ' ';
    Int number = 0;
    const char* digits = message.data() + at + car.size();
    const char* end = std::from_chars(digits, message.data() + message.size(), number).ptr;
    if (!is_word || end == digits) continue;
    if (found && *found != number) return std::nullopt;
    found = number;
  }
  return found;
}

optional<LapDeletion> deletion_of(std::string_view message, Int session_time_ms) {
  constexpr std::string_view deleted = " DELETED - ", time_word = " TIME ";
  if (!message.starts_with("CAR ")) return std::nullopt;
  const auto car = car_of(message);
  if (!car) return std::nullopt;
  LapDeletion deletion;
  deletion.driver_number = *car;
  deletion.session_time_ms = session_time_ms;
  deletion.lap_number = lap_number_of(message);
  if (const std::size_t at = message.find(time_word); at != std::string_view::npos) {
    const std::string_view rest = message.substr(at + time_word.size());
    const auto time = feed::parse_lap_time(rest.substr(0, rest.find(' ')));
    if (!time) return std::nullopt;
    deletion.lap_time_ms = static_cast<Int>(time->count());
  } else if (message.find(") LAP ") == std::string_view::npos || !deletion.lap_number) {
    return std::nullopt;
  }
  if (const std::size_t at = message.find(deleted); at != std::string_view::npos) {
    const Offence offence = offence_of(message.substr(at + deleted.size()));
    deletion.reason = std::string(offence.reason);
    deletion.local_time_s = offence.local_time_s;
  } else if (message.find("REINSTATED") != std::string_view::npos) {
    deletion.is_reinstated = true;
  } else {
    return std::nullopt;
  }
  return deletion;
}

optional<ModeChange> mode_change_of(std::string_view message) {
  for (const ModeText& known : mode_texts) {
    if (message == known.text) return ModeChange{known.mode, known.is_on};
  }
  const std::size_t space = message.rfind(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view name = message.substr(0, space), state = message.substr(space + 1);
  if (state != "ENABLED" && state != "DISABLED") return std::nullopt;
  for (const ModeName& known : mode_names) {
    if (name == known.text) return ModeChange{known.mode, state == "ENABLED"};
  }
  return std::nullopt;
}

}  // namespace slipstream::session
