#include "feed/source_item.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "core/limits.h"

namespace slipstream::feed {
namespace {

constexpr std::size_t named_in_errors_max = 5;

}  // namespace

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

Error several_in(const std::filesystem::path& folder, std::string_view what, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const std::size_t count = names.size();
  names.resize(std::min(count, named_in_errors_max));
  const std::string more = count > names.size() ? fmt::format(" and {} more", count - names.size()) : "";
  return {Errc::malformed, fmt::format("{}: {} {} are in here, name one of them: {}{}", folder.string(),
                                       count, what, fmt::join(names, ", "), more)};
}

std::string source_name(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto whole = std::filesystem::absolute(path, ignored).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

}  // namespace slipstream::feed
