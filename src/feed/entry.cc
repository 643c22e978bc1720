#include "feed/entry.h"

#include <algorithm>
#include <utility>

namespace slipstream::feed {
namespace {

// No line of a recorder's log is longer.
constexpr std::size_t log_line_bytes_max = 512;

bool is_topic_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
}

bool looks_like_piece(std::string_view line) {
  if (line.size() > log_line_bytes_max) return true;
  if (line.find_first_of("{}") != std::string_view::npos) return true;
  const char front = line.front();
  const char back = line.back();
  if (front == '[' || front == '"' || front == '\'' || back == ']') return true;
  return std::any_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < ' ' && c != '\t'; });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}  // namespace

bool is_topic_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_topic_char);
}

Entry& Entries::add(Entry::Kind kind) {
  if (size_ == entries_.size()) entries_.emplace_back();
  Entry& entry = entries_[size_++];
  entry.kind = kind;
  entry.message.feed_topic.clear();
  entry.message.payload.clear();
  entry.message.utc.reset();
  entry.message.is_snapshot = false;
  entry.offset.reset();
  entry.reason.clear();
  entry.raw = {};
  return entry;
}

void Entries::move_last_to(std::size_t i) {
  std::rotate(entries_.begin() + static_cast<std::ptrdiff_t>(i),
              entries_.begin() + static_cast<std::ptrdiff_t>(size_) - 1,
              entries_.begin() + static_cast<std::ptrdiff_t>(size_));
}

void Entries::add_broken(std::string_view feed_topic, std::string_view raw, std::string reason) {
  Entry& entry = add(Entry::Kind::broken);
  if (is_topic_name(feed_topic)) entry.message.feed_topic = feed_topic;
  entry.raw = raw;
  entry.reason = std::move(reason);
}

void add_foreign(std::string_view line, Entries& out) {
  const std::string_view text = trimmed(line);
  if (text.empty() || !looks_like_piece(text)) return;
  out.add_broken({}, line, "not a message of this recording");
}

void EntryBuilder::add(std::string_view feed_topic, std::string_view raw_payload, std::optional<UtcTime> utc,
                       bool is_snapshot, Entries& out) {
  if (!is_topic_name(feed_topic)) return out.add_broken({}, raw_payload, "no topic in front");
  const bool is_skipped = !filter_.takes(feed_topic);
  Entry& entry = out.add(is_skipped ? Entry::Kind::skipped : Entry::Kind::message);
  Message& message = entry.message;
  message.feed_topic = feed_topic;
  message.utc = utc;
  message.is_snapshot = is_snapshot;
  if (is_skipped) return;
  const auto decoded =
      decode_payload(trimmed(raw_payload), is_packed_topic(feed_topic), unpacker_, message.payload);
  if (decoded) return;
  out.drop_last();
  out.add_broken(feed_topic, raw_payload, decoded.error().message);
}

void EntryBuilder::add_message(std::string_view feed_topic, std::string_view raw_payload,
                               std::optional<UtcTime> utc, Entries& out) {
  add(feed_topic, raw_payload, utc, false, out);
}

bool EntryBuilder::add_snapshot(JsonCursor& json, std::optional<UtcTime> utc, Entries& out) {
  const std::size_t begin = out.size();
  std::string_view feed_topic, raw_payload;
  json.take('{');
  while (!json.has_failed() && json.next_member(feed_topic) && json.take_value(raw_payload)) {
    // What F1 has nothing of is null in some recordings.
    if (raw_payload == "null") continue;
    add(feed_topic, raw_payload, utc, true, out);
    if (feed_topic == "SessionInfo") out.move_last_to(begin);
  }
  if (!json.has_failed()) return true;
  out.add_broken({}, {}, "snapshot: " + json.error().message);
  return false;
}

}  // namespace slipstream::feed
