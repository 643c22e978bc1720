#include "simulate/session_zero.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "feed/source.h"

namespace slipstream::simulate {
namespace {

// A session whose messages have no instants and no clock begins here.
constexpr UtcTime zero_unknown{std::chrono::sys_days(std::chrono::year(2025) / 1 / 1)};
// What topics tell of the instant of session time 0, by the name of the stamp in them. The ones in front know
// it better; each knows a lower bound, so that its latest one counts. The engine does the same with an
// archive.
struct ZeroTopic {
  std::string_view feed_topic, name;
  int rank;
};
constexpr ZeroTopic zero_topics[] = {{"CarData.z", "\"Utc\":\"", 2},
                                     {"Position.z", "\"Timestamp\":\"", 2},
                                     {"ExtrapolatedClock", "\"Utc\":\"", 1},
                                     {"Heartbeat", "\"Utc\":\"", 0}};

// The latest zero that one message's stamps tell.
std::optional<UtcTime> zero_in(const feed::Message& message, std::string_view name) {
  std::optional<UtcTime> latest;
  std::string_view rest = message.payload;
  for (auto at = rest.find(name); at != std::string_view::npos; at = rest.find(name)) {
    rest.remove_prefix(at + name.size());
    const auto date = parse_utc(rest.substr(0, rest.find('"')));
    if (!date) continue;
    const UtcTime zero = *date - message.session_time;
    latest = std::max(latest.value_or(zero), zero);
  }
  return latest;
}

}  // namespace

Result<UtcTime> find_zero(const std::string& path) {
  feed::SourceOptions options;
  for (const ZeroTopic& topic : zero_topics) options.topics.emplace_back(topic.feed_topic);
  auto source = feed::open_source(path, options);
  if (!source) return tl::make_unexpected(source.error());
  std::optional<UtcTime> best;
  int best_rank = -1;
  feed::SourceItem item;
  while (true) {
    const auto has_item = (*source)->next(item);
    if (!has_item) return tl::make_unexpected(has_item.error());
    if (!*has_item) return best.value_or(zero_unknown);
    const auto* const message = std::get_if<feed::Message>(&item);
    if (message == nullptr) continue;
    if (message->utc) return *message->utc - message->session_time;
    const auto* const topic =
        std::find_if(std::begin(zero_topics), std::end(zero_topics),
                     [&](const auto& one) { return one.feed_topic == message->feed_topic; });
    if (topic == std::end(zero_topics) || topic->rank < best_rank) continue;
    const auto zero = zero_in(*message, topic->name);
    if (!zero) continue;
    best = topic->rank > best_rank ? *zero : std::max(*best, *zero);
    best_rank = topic->rank;
  }
}

}  // namespace slipstream::simulate
