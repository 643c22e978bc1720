// The bus in memory: the same frames as in the embedded log's files, without the files.
#include <fmt/format.h>
#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>

#include "bus/bus.h"
#include "bus/rules.h"
#include "bus/segment.h"
#include "core/wake.h"

namespace slipstream::bus {
namespace {

// What one append brought to one partition. Never changes once it is there, so that readers share it.
struct Chunk {
  std::int64_t base_offset = 0;
  std::string frames;
};

struct MemoryPartition {
  std::deque<std::shared_ptr<const Chunk>> chunks;
  std::int64_t end_offset = 0;

  std::int64_t begin_offset() const { return chunks.empty() ? end_offset : chunks.front()->base_offset; }
  std::int64_t end_of_first_chunk() const { return chunks.size() > 1 ? chunks[1]->base_offset : end_offset; }
};

using MemoryTopic = std::vector<MemoryPartition>;

class MemoryBus final : public Bus {
 public:
  explicit MemoryBus(Keep keep) : identity_(random_identity()), keep_(keep) {}

  std::string identity() const override { return identity_; }

  Result<void> ensure_topic(std::string_view topic, std::int32_t partition_count) override {
    SLIP_TRY(check_name("topic", topic));
    SLIP_TRY(check_partition_count(topic, partition_count));
    const std::scoped_lock lock(mutex_);
    const auto [at, is_new] =
        topics_.try_emplace(std::string(topic), static_cast<std::size_t>(partition_count));
    const auto has = static_cast<std::int32_t>(at->second.size());
    if (has != partition_count) return partition_count_differs(topic, has, partition_count);
    return {};
  }

  std::vector<TopicInfo> topics() const override {
    const std::scoped_lock lock(mutex_);
    std::vector<TopicInfo> out;
    out.reserve(topics_.size());
    for (const auto& [name, topic] : topics_) out.push_back({name, static_cast<std::int32_t>(topic.size())});
    return out;
  }

  Result<void> append(std::string_view topic, std::span<const OutRecord> records) override {
    const std::scoped_lock lock(mutex_);
    const auto at = topics_.find(topic);
    if (at == topics_.end()) return no_such_topic(topic);
    SLIP_TRY(check_sizes(topic, records));
    const Grouped grouped(records, static_cast<std::int32_t>(at->second.size()));
    for (std::size_t p = 0; p < at->second.size(); ++p) append_to(at->second[p], grouped.of(p));
    appended_.announce();
    return {};
  }
  std::uint64_t wait_for_append(std::uint64_t seen, std::chrono::milliseconds at_most,
                                const std::stop_token& stop) const override {
    return appended_.wait(seen, at_most, stop);
  }

  Result<void> flush() override { return {}; }

  Result<FetchResult> fetch(std::string_view topic, Partition partition, Offset offset,
                            std::size_t bytes_max) override {
    const auto range = offsets(topic, partition);
    if (!range) return tl::make_unexpected(range.error());
    if (offset < range->begin || offset > range->end) {
      return outside(fmt::format("topic {} partition {}", topic, partition.value), offset, *range);
    }
    return read(chunks_from(topic, partition, offset.value, bytes_max), offset.value, bytes_max);
  }

  Result<OffsetRange> offsets(std::string_view topic, Partition partition) const override {
    const std::scoped_lock lock(mutex_);
    const auto at = topics_.find(topic);
    if (at == topics_.end()) return no_such_topic(topic);
    const auto number = static_cast<std::size_t>(partition.value);
    if (number >= at->second.size()) return no_such_partition(topic, partition);
    const MemoryPartition& partition_of_topic = at->second[number];
    return OffsetRange{Offset(partition_of_topic.begin_offset()), Offset(partition_of_topic.end_offset)};
  }

  void done_before(std::string_view topic, Partition partition, Offset offset) override {
    if (keep_ == Keep::everything || !offsets(topic, partition)) return;
    const std::scoped_lock lock(mutex_);
    MemoryPartition& done = topics_.find(topic)->second[static_cast<std::size_t>(partition.value)];
    while (!done.chunks.empty() && done.end_of_first_chunk() <= offset.value) done.chunks.pop_front();
  }

  Result<void> store_offset(std::string_view reader, std::string_view topic, Partition partition,
                            Offset next) override {
    SLIP_TRY(check_name("reader", reader));
    SLIP_TRY(check_stored_offset(reader, next));
    SLIP_TRY(offsets(topic, partition));
    const std::scoped_lock lock(mutex_);
    stored_[{std::string(reader), std::string(topic), partition}] = next;
    return {};
  }

  Result<std::optional<Offset>> stored_offset(std::string_view reader, std::string_view topic,
                                              Partition partition) const override {
    SLIP_TRY(offsets(topic, partition));
    const std::scoped_lock lock(mutex_);
    const auto at = stored_.find({std::string(reader), std::string(topic), partition});
    if (at == stored_.end()) return std::optional<Offset>();
    return std::optional(at->second);
  }

 private:
  using Chunks = std::vector<std::shared_ptr<const Chunk>>;

  static void append_to(MemoryPartition& partition, std::span<const OutRecord* const> records) {
    if (records.empty()) return;
    auto chunk = std::make_shared<Chunk>();
    chunk->base_offset = partition.end_offset;
    std::size_t size = 0;
    for (const OutRecord* record : records) size += frame_size(*record);
    chunk->frames.reserve(size);
    for (const OutRecord* record : records) encode_frame(chunk->frames, *record, partition.end_offset++);
    partition.chunks.push_back(std::move(chunk));
  }

  // The chunk with `offset` and those after it, until they surely hold `bytes_max` behind `offset`.
  Chunks chunks_from(std::string_view topic, Partition partition, std::int64_t offset,
                     std::size_t bytes_max) const {
    const std::scoped_lock lock(mutex_);
    const auto& all = topics_.find(topic)->second[static_cast<std::size_t>(partition.value)].chunks;
    const auto base = [](const std::shared_ptr<const Chunk>& chunk) { return chunk->base_offset; };
    auto at = std::ranges::upper_bound(all, offset, {}, base);
    Chunks out;
    if (at == all.begin()) return out;
    out.push_back(*std::prev(at));
    for (std::size_t size = 0; at != all.end() && size <= bytes_max; ++at) {
      size += (*at)->frames.size();
      out.push_back(*at);
    }
    return out;
  }

  static FetchResult read(Chunks chunks, std::int64_t offset, std::size_t bytes_max) {
    FetchResult result;
    std::size_t taken = 0;
    bool is_full = false;
    for (auto chunk = chunks.begin(); chunk != chunks.end() && !is_full; ++chunk) {
      std::string_view bytes = (*chunk)->frames;
      for (std::int64_t next = (*chunk)->base_offset; !bytes.empty(); ++next) {
        const FrameRead frame = read_frame(bytes, next, BodyCheck::none);
        SLIP_CHECK(frame.state == FrameState::whole);
        bytes.remove_prefix(frame.size);
        if (next < offset) continue;
        is_full = !result.records.empty() && taken + frame.size > bytes_max;
        if (is_full) break;
        taken += frame.size;
        auto& record = result.records.emplace_back();
        SLIP_CHECK(decode_body(frame.body, record));
        record.offset = Offset(next);
      }
    }
    result.storage = std::make_shared<const Chunks>(std::move(chunks));
    return result;
  }

  const std::string identity_;
  const Keep keep_;
  Wake appended_;
  mutable std::mutex mutex_;
  std::map<std::string, MemoryTopic, std::less<>> topics_;  // topics and partitions are never taken away
  std::map<std::tuple<std::string, std::string, Partition>, Offset> stored_;
};

}  // namespace

std::unique_ptr<Bus> make_memory_bus(Keep keep) { return std::make_unique<MemoryBus>(keep); }

}  // namespace slipstream::bus
