#include "cli/outlook.h"

#include <algorithm>

#include "feed/source.h"

namespace slipstream::cli {

Result<Outlook> look_ahead(const std::string& path) {
  auto source = feed::open_source(path);
  if (!source) return tl::make_unexpected(source.error());
  Outlook outlook;
  feed::SourceItem item;
  while (true) {
    const auto has_item = (*source)->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) return outlook;
    const auto* message = std::get_if<feed::Message>(&item);
    if (!message) continue;
    outlook.length = std::max(outlook.length, message->session_time);
    const bool tells_status = message->feed_topic == "SessionStatus" || message->feed_topic == "SessionData";
    if (!outlook.started && tells_status && message->payload.find("\"Started\"") != std::string::npos &&
        message->payload.find("\"Inactive\"") == std::string::npos) {
      outlook.started = message->session_time;
    }
  }
}

}  // namespace slipstream::cli
