#include "feed/ns_line.h"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace slipstream::feed {
namespace {

// 2001 to 2262: what a line has in front that is no such time is not one of these.
constexpr std::size_t stamp_digits_min = 18;
constexpr std::size_t stamp_digits_max = 19;

struct NsLine {
  std::string_view topic, raw_payload;
  UtcTime utc;
};

std::optional<NsLine> split(std::string_view line) {
  const std::size_t stamp_end = line.find(':');
  if (stamp_end == std::string_view::npos || stamp_end < stamp_digits_min || stamp_end > stamp_digits_max)
    return std::nullopt;
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + stamp_end, ns);
  if (error != std::errc() || end != line.data() + stamp_end || ns < 0) return std::nullopt;
  const std::size_t topic_end = line.find(':', stamp_end + 1);
  if (topic_end == std::string_view::npos) return std::nullopt;
  return NsLine{.topic = line.substr(stamp_end + 1, topic_end - stamp_end - 1),
                .raw_payload = line.substr(topic_end + 1),
                .utc = UtcTime(std::chrono::milliseconds(ns / 1'000'000))};
}

}  // namespace

bool looks_like_ns(std::string_view line) {
  const auto parts = split(line);
  return parts && is_topic_name(parts->topic) && JsonCursor(parts->raw_payload).peek() != '\0';
}

void NsDecoder::decode(std::string_view line, Entries& out) {
  const auto parts = split(line);
  if (!parts) return add_foreign(line, out);
  if (parts->topic != "init") return build_.add_message(parts->topic, parts->raw_payload, parts->utc, out);
  JsonCursor json(parts->raw_payload);
  build_.add_snapshot(json, parts->utc, out);
}

}  // namespace slipstream::feed
