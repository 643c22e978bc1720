// The recorded sessions that benchmarks run on: found by SLIPSTREAM_DATA, else beside the repository.
//
// Errors are those of the source; a benchmark hands them to SkipWithError. One thread at a time.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "feed/source.h"

namespace slipstream::bench {

inline constexpr const char* mexico_qualifying =
    "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying";
inline constexpr const char* miami_sprint = "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint";
inline constexpr const char* italy_race = "recordings/2025_italy_race.fastf1.txt.gz";

inline std::string data_path(const std::string& name) {
  const char* const folder = std::getenv("SLIPSTREAM_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + '/' + name;
}

struct ReadSession {
  feed::SourceInfo info;
  std::vector<feed::Message> messages;  // with simdjson's padding behind each payload
};

inline Result<ReadSession> read_session(const std::string& name) {
  auto source = feed::open_source(data_path(name));
  if (!source) return tl::make_unexpected(source.error());
  ReadSession session{(*source)->info(), {}};
  for (;;) {
    feed::SourceItem item;
    const auto has_item = (*source)->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) return session;
    if (auto* message = std::get_if<feed::Message>(&item)) session.messages.push_back(std::move(*message));
  }
}

}  // namespace slipstream::bench
