// What a browser says over /ws/live (docs/live-protocol.md, "Messages from the browser").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/ids.h"
#include "core/result.h"

namespace slipstream::serve {

struct Hello {
  struct Resume {
    std::string stream;
    std::int64_t number = 0;
  };
  std::optional<SessionKey> session_key;
  std::optional<Resume> resume;
};
struct Seek {
  std::int64_t session_time_ms = 0;
};
struct Play {};
struct Pause {};
struct SetSpeed {
  double speed = 1;  // speed_min to speed_max
};
struct GoLive {};

inline constexpr double speed_min = 0.25;
inline constexpr double speed_max = 60;

using ViewerMessage = std::variant<Hello, Seek, Play, Pause, SetSpeed, GoLive>;

// Errors: malformed, with the sentence that the browser gets. Pure; safe from any thread.
Result<ViewerMessage> parse_viewer_message(std::string_view text);

}  // namespace slipstream::serve
