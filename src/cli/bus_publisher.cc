#include "cli/bus_publisher.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

#include "core/limits.h"
#include "record/codec.h"
#include "record/telemetry.h"

namespace slipstream::cli {
namespace {

// What waits at most before it is put out: large enough that a write call costs nothing beside the encoding.
constexpr std::size_t waiting_bytes_max = 1u << 20;
constexpr std::size_t scan_bytes = 4u << 20;

template <class Row>
constexpr bool is_of_a_car = record::Table<Row>::bus_topic != record::topic_session;
std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Result<void> BusPublisher::make_topics() {
  const std::array names = {record::topic_session, record::topic_laps, record::topic_timing,
                            record::topic_telemetry};
  for (std::size_t i = 0; i < names.size(); ++i) {
    topics_[i].name = names[i];
    topics_[i].partition_count = limits::partitions_default;
    for (const bus::TopicInfo& info : bus_.topics()) {
      if (info.name == names[i]) topics_[i].partition_count = info.partition_count;
    }
    SLIP_TRY(bus_.ensure_topic(names[i], topics_[i].partition_count));
    topics_[i].held.assign(static_cast<std::size_t>(topics_[i].partition_count), 0);
  }
  return {};
}

// Counts, once the build is known, what an earlier run has published of it.
Result<void> BusPublisher::count_held() {
  has_counted_ = true;
  for (Topic& topic : topics_) {
    for (std::int32_t partition = 0; partition < topic.partition_count; ++partition) {
      const auto held = count_held(topic, partition);
      if (!held) return tl::make_unexpected(held.error());
      topic.held[static_cast<std::size_t>(partition)] = *held;
    }
  }
  return {};
}

Result<std::int64_t> BusPublisher::count_held(const Topic& topic, std::int32_t partition) {
  const auto range = bus_.offsets(topic.name, Partition(partition));
  if (!range) return tl::make_unexpected(range.error());
  const std::string session_key = std::to_string(engine_.session_key().value);
  std::int64_t held = 0;
  for (Offset next = range->begin; next < range->end;) {
    const auto fetched = bus_.fetch(topic.name, Partition(partition), next, scan_bytes);
    if (!fetched && fetched.error().code == Errc::conflict)
      break;  // read and dropped: none of an earlier run
    if (!fetched) return tl::make_unexpected(fetched.error());
    if (fetched->records.empty()) break;
    for (const bus::InRecord& record : fetched->records) {
      const bool is_ours = record.header(record::header_session_key) == session_key &&
                           record.header(record::header_build) == engine_.build();
      held += is_ours ? 1 : 0;
      next = Offset(record.offset.value + 1);
    }
  }
  return held;
}

BusPublisher::Topic& BusPublisher::topic_of(std::string_view name) {
  const auto found = std::ranges::find(topics_, name, &Topic::name);
  SLIP_CHECK(found != topics_.end());
  return *found;
}

// Records caused by one message share their headers.
std::size_t BusPublisher::headers_for(Topic& topic, record::Int at_ms) const {
  if (topic.headers_at_ms != at_ms) {
    const auto zero = engine_.zero_date().value_or(UtcTime{});
    const auto event_time = (zero + SessionTime(at_ms)).time_since_epoch().count();
    topic.headers_at_ms = at_ms;
    topic.headers.push_back(
        {{std::string(record::header_schema), fmt::format("{}/1", topic.name)},
         {std::string(record::header_event_time), std::to_string(event_time)},
         {std::string(record::header_session_time), std::to_string(at_ms)},
         {std::string(record::header_session_key), std::to_string(engine_.session_key().value)},
         {std::string(record::header_build), engine_.build()}});
  }
  return topic.headers.size() - 1;
}

template <class Row>
void BusPublisher::take(session::Published<Row>& published) {
  Topic& topic = topic_of(record::Table<Row>::bus_topic);
  record::RecordMeta meta{engine_.build(), published.envelope, {}, {}};
  Waiting waiting;
  if constexpr (is_of_a_car<Row>) {
    waiting.key = engine_.driver_key(published.row.driver_number);
    meta.driver_key = waiting.key;
  } else {
    waiting.key = std::to_string(engine_.session_key().value);
  }
  if constexpr (std::is_same_v<Row, record::Telemetry>) {
    if (last_sample_) {
      const auto step = published.row.sample_date - *last_sample_;
      meta.date_delta_ms = static_cast<record::Int>(std::max<std::int64_t>(step.count(), 0));
    }
    last_sample_ = std::max(published.row.sample_date, last_sample_.value_or(published.row.sample_date));
  }
  auto& held =
      topic.held[static_cast<std::size_t>(bus::partition_of(waiting.key, topic.partition_count).value)];
  if (held > 0) {
    --held;
    ++counts_.skipped;
    return;
  }
  waiting.headers_index = headers_for(topic, published.at_ms);
  waiting.value_begin = topic.values.size();
  record::encode(published.row, meta, topic.values);
  waiting.value_end = topic.values.size();
  topic.waiting.push_back(std::move(waiting));
}

Result<void> BusPublisher::publish(session::Output& output) {
  if (output.empty()) return {};
  if (!has_counted_) SLIP_TRY(count_held());
  output.for_each_table([this]<class Row>(std::vector<session::Published<Row>>& list) {
    if constexpr (!record::is_sample<Row>) {
      for (auto& published : list) take(published);
    }
  });
  output.clear();
  for (Topic& topic : topics_) {
    if (topic.values.size() >= waiting_bytes_max) SLIP_TRY(flush(topic));
  }
  return {};
}

Result<void> BusPublisher::flush() {
  for (Topic& topic : topics_) SLIP_TRY(flush(topic));
  return {};
}

Result<void> BusPublisher::flush(Topic& topic) {
  if (topic.waiting.empty()) return {};
  std::vector<bus::OutRecord> records;
  records.reserve(topic.waiting.size());
  const std::int64_t timestamp_ms = now_ms();
  const std::string_view values = topic.values;
  for (const Waiting& waiting : topic.waiting) {
    records.push_back({waiting.key,
                       values.substr(waiting.value_begin, waiting.value_end - waiting.value_begin),
                       timestamp_ms, topic.headers[waiting.headers_index]});
  }
  SLIP_TRY(bus_.append(topic.name, records));
  counts_.published += static_cast<std::int64_t>(records.size());
  topic.values.clear();
  topic.waiting.clear();
  topic.headers.clear();
  topic.headers_at_ms.reset();
  return {};
}

}  // namespace slipstream::cli
