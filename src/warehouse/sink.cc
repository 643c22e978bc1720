#include "warehouse/sink.h"

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "warehouse/log_check.h"

namespace slipstream::warehouse {
namespace {

constexpr std::array<std::string_view, 4> sink_topics{record::topic_laps, record::topic_telemetry,
                                                      record::topic_timing, record::topic_session};

// Raw text of rejects that one load may hold in memory.
constexpr std::size_t pending_raw_bytes_max = 8u << 20;

constexpr std::chrono::milliseconds retry_wait_max{5000};

bool is_sink_topic(std::string_view name) {
  return std::ranges::find(sink_topics, name) != sink_topics.end();
}

// Waits for `time` or the stop, whichever comes first.
void wait(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

Sink::Sink(bus::Bus& bus, Warehouse& warehouse, SinkOptions options)
    : bus_(bus), warehouse_(warehouse), options_(std::move(options)) {}

Result<SinkCounts> Sink::run_once() {
  auto counts = drain();
  if (!counts) {
    // Back to what the warehouse says; what was pending is read again.
    positions_.clear();
    batches_.clear();
    rejected_.clear();
    pending_rows_ = 0;
    pending_raw_bytes_ = 0;
    pending_records_ = 0;
  }
  return counts;
}

SinkProgress Sink::progress() const {
  const std::scoped_lock lock(progress_mutex_);
  SinkProgress progress = progress_;
  if (options_.clock && oldest_pending_ms_) {
    const std::int64_t waiting_ms = std::max<std::int64_t>(0, options_.clock() - *oldest_pending_ms_);
    progress.lag_ms = std::max(progress.lag_ms.value_or(0), waiting_ms);
  }
  return progress;
}

// A load that fails leaves the record waiting: it is read again.
void Sink::note_read(std::int64_t published_ms) {
  const std::scoped_lock lock(progress_mutex_);
  oldest_pending_ms_ = std::min(published_ms, oldest_pending_ms_.value_or(published_ms));
}

void Sink::note_committed(const LoadCounts& rows) {
  const std::scoped_lock lock(progress_mutex_);
  progress_.records += std::exchange(pending_records_, 0);
  progress_.rows += rows.added - rows.withdrawn;
  if (options_.clock && oldest_pending_ms_) {
    progress_.lag_ms = std::max<std::int64_t>(0, options_.clock() - *oldest_pending_ms_);
  }
  oldest_pending_ms_.reset();
}

Result<SinkCounts> Sink::run(const std::stop_token& stop) {
  SinkCounts total;
  std::chrono::milliseconds retry_wait = options_.flush_interval;
  for (bool is_last = false; !is_last;) {
    is_last = stop.stop_requested();  // asked first, so that what was published before the stop is loaded
    const auto counts = run_once();
    if (counts) {
      total.records += counts->records;
      total.rejected += counts->rejected;
      total.loads += counts->loads;
      total.rows += counts->rows;
      retry_wait = options_.flush_interval;
      if (!is_last) wait(stop, options_.flush_interval);
      continue;
    }
    if (is_last || counts.error().code != Errc::unavailable) return tl::make_unexpected(counts.error());
    spdlog::warn("sink: waiting retry_ms={} error=\"{}\"", retry_wait.count(), counts.error().message);
    wait(stop, retry_wait);
    retry_wait = std::min(retry_wait * 2, retry_wait_max);
  }
  return total;
}

Result<SinkCounts> Sink::drain() {
  SLIP_TRY(find_positions());
  SinkCounts counts;
  std::vector<TopicPartition> places;
  places.reserve(positions_.size());
  for (const auto& [place, position] : positions_) places.push_back(place);
  for (const TopicPartition& place : places) SLIP_TRY(drain_partition(place, counts));
  SLIP_TRY(load_pending(counts));
  return counts;
}

Result<void> Sink::find_positions() {
  const bool is_first = positions_.empty();
  std::vector<StoredOffset> stored;
  if (is_first) {
    auto offsets = warehouse_.stored_offsets();
    if (!offsets) return tl::make_unexpected(std::move(offsets.error()));
    stored = std::move(*offsets);
  }
  const std::vector<bus::TopicInfo> topics = bus_.topics();
  if (is_first) SLIP_TRY(check_log(bus_.identity(), topics, stored));
  for (const bus::TopicInfo& topic : topics) {
    if (!is_sink_topic(topic.name)) continue;
    for (std::int32_t partition = 0; partition < topic.partition_count; ++partition) {
      const TopicPartition place(topic.name, partition);
      if (positions_.contains(place)) continue;
      const auto position = position_of(place, stored);
      if (!position) {
        positions_.clear();
        return tl::make_unexpected(position.error());
      }
      positions_.emplace(place, *position);
    }
  }
  return {};
}

Result<Sink::Position> Sink::position_of(const TopicPartition& at, const std::vector<StoredOffset>& stored) {
  const auto range = bus_.offsets(at.first, Partition(at.second));
  if (!range) return tl::make_unexpected(range.error());
  const auto found = std::ranges::find_if(stored, [&](const StoredOffset& offset) {
    return offset.topic == at.first && offset.partition.value == at.second;
  });
  if (found == stored.end()) return Position{range->begin, false};
  SLIP_TRY(check_range(*found, *range));
  return Position{found->next, true};
}

Result<void> Sink::drain_partition(const TopicPartition& at, SinkCounts& counts) {
  Position& position = positions_.at(at);
  while (true) {
    const auto fetched = bus_.fetch(at.first, Partition(at.second), position.next, options_.fetch_bytes_max);
    if (!fetched && fetched.error().code == Errc::conflict) {
      return tl::make_unexpected(
          log_mismatch({{}, at.first, Partition(at.second), position.next}, fetched.error().message));
    }
    if (!fetched) return tl::make_unexpected(fetched.error());
    if (fetched->records.empty()) return {};
    // In a partition the first is the oldest.
    bool is_oldest = true;
    for (const bus::InRecord& record : fetched->records) {
      if (std::exchange(is_oldest, false)) note_read(record.timestamp_ms);
      take(at, record);
      position = {Offset(record.offset.value + 1), false};
      ++counts.records;
      ++pending_records_;
      if (!is_full()) continue;
      SLIP_TRY(load_pending(counts));
      is_oldest = true;
    }
  }
}

void Sink::take(const TopicPartition& at, const bus::InRecord& record) {
  auto decoded = decoder_.decode(at.first, record.value);
  if (!decoded) return reject(at, record, std::move(decoded.error().message));
  const record::Origin origin{at.second, record.offset.value, record.timestamp_ms};
  const auto append = [&](const record::AnyRow& any_row, record::Envelope envelope) {
    std::visit(
        [&]<class Row>(const Row& row) {
          const record::TableSpec& table = record::table_of<Row>();
          const BatchKey key(table.name, row.session_key, decoded->build);
          const auto [batch, is_new] =
              batches_.try_emplace(key, table, row.session_key, decoded->build, std::string(at.first));
          batch->second.append(row, envelope, origin);
        },
        any_row);
    ++pending_rows_;
  };
  append(decoded->row, decoded->envelope);
  if (decoded->sample) append(*decoded->sample, {});
}

void Sink::reject(const TopicPartition& at, const bus::InRecord& record, std::string reason) {
  const std::string_view raw = record.value.substr(0, limits::rejected_raw_bytes_max);
  rejected_.push_back({at.first, Partition(at.second), record.offset, std::move(reason), std::string(raw)});
  ++pending_rows_;
  pending_raw_bytes_ += raw.size();
}

bool Sink::is_full() const {
  return pending_rows_ >= options_.batch_rows_max || pending_raw_bytes_ >= pending_raw_bytes_max;
}

Result<void> Sink::load_pending(SinkCounts& counts) {
  std::vector<StoredOffset> offsets;
  const std::string identity = bus_.identity();
  for (const auto& [place, position] : positions_) {
    if (!position.is_stored)
      offsets.push_back({identity, place.first, Partition(place.second), position.next});
  }
  if (offsets.empty()) return {};
  std::vector<record::RowBatch> batches;
  batches.reserve(batches_.size());
  for (auto& [key, batch] : batches_) batches.push_back(std::move(batch));
  batches_.clear();
  // What a crash of the machine takes from the log must not be counted as read: its offsets are given to new
  // records.
  SLIP_TRY(bus_.flush());
  const auto loaded = warehouse_.load(batches, offsets, rejected_);
  if (!loaded) return tl::make_unexpected(loaded.error());
  note_committed(*loaded);
  counts.rows += *loaded;
  counts.rejected += static_cast<std::int64_t>(rejected_.size());
  ++counts.loads;
  rejected_.clear();
  pending_rows_ = 0;
  pending_raw_bytes_ = 0;
  for (auto& [place, position] : positions_) position.is_stored = true;
  return {};
}

}  // namespace slipstream::warehouse
