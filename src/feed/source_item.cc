#include "feed/source_item.h"

#include <fmt/core.h>

#include <utility>

#include "core/limits.h"

namespace slipstream::feed {

BrokenInput broken_input(const Line& line, std::string reason) {
  return {.source_offset = line.offset,
          .feed_topic = {},
          .session_time = {},
          .reason = std::move(reason),
          .raw = std::string(line.text.substr(0, limits::rejected_raw_bytes_max))};
}

std::string too_long_reason() {
  return fmt::format("line has more than {} bytes", limits::message_bytes_max);
}

Message& message_in(SourceItem& item) {
  auto* const message = std::get_if<Message>(&item);
  return message != nullptr ? *message : item.emplace<Message>();
}

std::string source_name(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto whole = std::filesystem::absolute(path, ignored).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

}  // namespace slipstream::feed
