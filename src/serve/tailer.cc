#include "serve/tailer.h"

#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace slipstream::serve {
namespace {

// Without this, an append that failed half way would be read with the next one only.
constexpr std::chrono::milliseconds wait_max{20};
// Small pieces, so that partitions come along evenly: what is far apart on the log has to be sorted in.
constexpr std::size_t fetch_bytes_max = 128 << 10;
// Reasons name offsets and values; a log full of garbage must not fill memory or the terminal.
constexpr std::size_t reasons_logged_max = 100;

std::optional<std::int64_t> session_time_of(const bus::InRecord& record) {
  const std::string_view text = record.header(record::header_session_time);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(value) : std::nullopt;
}

}  // namespace

std::size_t LogReader::read_round() {
  for (const bus::TopicInfo& topic : bus_.topics()) {
    for (std::size_t i = 0; i < tailed_topics.size(); ++i) {
      if (topic.name == tailed_topics[i]) next_[i].resize(static_cast<std::size_t>(topic.partition_count));
    }
  }
  std::size_t count = 0;
  for (std::size_t topic = 0; topic < tailed_topics.size(); ++topic) {
    for (std::size_t partition = 0; partition < next_[topic].size(); ++partition) {
      count += read_partition(topic, static_cast<std::int32_t>(partition));
    }
  }
  return count;
}

std::size_t LogReader::read_partition(std::size_t topic_index, std::int32_t partition) {
  Offset& next = next_[topic_index][static_cast<std::size_t>(partition)];
  const std::string_view topic = tailed_topics[topic_index];
  const auto fetched = bus_.fetch(topic, Partition(partition), next, fetch_bytes_max);
  if (!fetched) {
    recover(topic, partition, fetched.error(), next);
    return 0;
  }
  for (const bus::InRecord& record : fetched->records) {
    take(topic_index, record);
    next = Offset(record.offset.value + 1);
  }
  bus_.done_before(topic, Partition(partition), next);
  const std::scoped_lock lock(counters_mutex_);
  counters_.records[topic_index] += fetched->records.size();
  return fetched->records.size();
}

// The log was trimmed or made anew under us: go on with what there is, and say so.
void LogReader::recover(std::string_view topic, std::int32_t partition, const Error& error, Offset& next) {
  if (is_first(std::string(topic) + error.message)) {
    spdlog::warn("serve: cannot read the log topic={} partition={} offset={} reason=\"{}\"", topic, partition,
                 next.value, error.message);
  }
  if (error.code != Errc::conflict) return;
  if (const auto range = bus_.offsets(topic, Partition(partition))) next = range->begin;
}

void LogReader::take(std::size_t topic_index, const bus::InRecord& record) {
  const std::string_view topic = tailed_topics[topic_index];
  const auto session_time_ms = session_time_of(record);
  if (!session_time_ms) {
    set_aside(topic, record, "header session_time is missing or no number");
    return;
  }
  const auto decoded = decoder_.decode(topic, record.value);
  if (!decoded) {
    set_aside(topic, record, decoded.error().message);
    return;
  }
  hub_.add(*decoded, *session_time_ms);
}

void LogReader::set_aside(std::string_view topic, const bus::InRecord& record, const std::string& reason) {
  {
    const std::scoped_lock lock(counters_mutex_);
    ++counters_.undecodable;
  }
  if (!is_first(reason)) return;
  spdlog::warn("serve: record left out topic={} offset={} reason=\"{}\"", topic, record.offset.value, reason);
}

bool LogReader::is_first(const std::string& reason) {
  return reasons_logged_.size() < reasons_logged_max && reasons_logged_.insert(reason).second;
}

TailerCounters LogReader::counters() const {
  const std::scoped_lock lock(counters_mutex_);
  return counters_;
}

Tailer::Tailer(bus::Bus& bus, Hub& hub, std::function<void()> on_records) : reader_(bus, hub) {
  hub.set_catching_up(true);
  thread_ = std::jthread([this, &bus, &hub, on_records = std::move(on_records)](const std::stop_token& stop) {
    std::uint64_t appended = 0;
    while (!stop.stop_requested()) {
      if (reader_.read_round() > 0) {
        if (on_records) on_records();
        continue;
      }
      hub.set_catching_up(false);
      appended = bus.wait_for_append(appended, wait_max, stop);
    }
  });
}

}  // namespace slipstream::serve
