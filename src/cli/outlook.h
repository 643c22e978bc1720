// What is known of a recorded session before it is replayed: one quick pass over its messages.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::cli {

struct Outlook {
  SessionTime length{};                // session time of the last message
  std::optional<SessionTime> started;  // when the session was started first
};

// Errors: those of feed::open_source.
Result<Outlook> look_ahead(const std::string& source);

}  // namespace slipstream::cli
