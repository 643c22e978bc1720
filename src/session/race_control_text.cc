#include "session/race_control_text.h"

#include <array>
#include <charconv>

#include "feed/parse.h"

namespace slipstream::session {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// " 15:03:34" at the front of `text`.
bool begins_with_time(std::string_view text) {
  constexpr std::string_view shape = " 00:00:00";
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  return true;
}

// "TRACK LIMITS AT TURN 12 LAP 3 15:03:34" -> without the local time, and "(PIT)" behind it.
std::string without_local_time(std::string_view reason) {
  constexpr std::size_t time_size = 9;
  for (std::size_t at = 0; at + time_size <= reason.size(); ++at) {
    if (!begins_with_time(reason.substr(at))) continue;
    return std::string(reason.substr(0, at));
  }
  return std::string(reason);
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
    deletion.reason = without_local_time(message.substr(at + deleted.size()));
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
