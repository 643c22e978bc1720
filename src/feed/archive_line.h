// One line of <Topic>.jsonStream: "00:17:32.294{...}", for `.z` topics "00:17:32.294\"base64\"" (T7, T8).
// Pure.
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace slipstream::feed {

struct ArchiveLine {
  SessionTime session_time{};
  std::string_view raw_payload;  // part of the line it was split from
};

// Errors: malformed, the line does not begin with HH:MM:SS.mmm, exactly twelve characters.
Result<ArchiveLine> split_archive_line(std::string_view line);

}  // namespace slipstream::feed
