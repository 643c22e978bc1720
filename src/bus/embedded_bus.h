// The bus in a folder of segment files. Layout and rules: docs/bus-format.md.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bus/bus.h"
#include "bus/file_io.h"
#include "bus/partition_log.h"
#include "core/wake.h"

namespace slipstream::bus {

class EmbeddedBus final : public Bus {
 public:
  static Result<std::unique_ptr<Bus>> open(const std::string& folder);

  EmbeddedBus(std::string folder, File lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::string identity() const override { return identity_; }
  Result<void> ensure_topic(std::string_view topic, std::int32_t partition_count) override;
  std::vector<TopicInfo> topics() const override;
  Result<void> append(std::string_view topic, std::span<const OutRecord> records) override;
  Result<void> flush() override;
  Result<FetchResult> fetch(std::string_view topic, Partition partition, Offset offset,
                            std::size_t bytes_max) override;
  Result<OffsetRange> offsets(std::string_view topic, Partition partition) const override;
  std::uint64_t wait_for_append(std::uint64_t seen, std::chrono::milliseconds at_most,
                                const std::stop_token& stop) const override {
    return appended_.wait(seen, at_most, stop);
  }
  Result<void> store_offset(std::string_view reader, std::string_view topic, Partition partition,
                            Offset next) override;
  Result<std::optional<Offset>> stored_offset(std::string_view reader, std::string_view topic,
                                              Partition partition) const override;

 private:
  using Topic = std::vector<std::unique_ptr<PartitionLog>>;
  using PartitionName = std::pair<std::string, std::int32_t>;             // topic, partition
  using StoredName = std::tuple<std::string, std::string, std::int32_t>;  // reader, topic, partition

  Result<void> load();
  Result<void> load_meta();
  Result<void> load_topics(const std::map<PartitionName, FlushedPoint>& flushed, LastCrash crash);
  Result<std::map<PartitionName, FlushedPoint>> load_flushed() const;
  Result<void> load_stored();
  Result<void> save_flushed();
  Result<void> save_stored();
  std::string topic_folder(std::string_view topic) const;
  Result<Topic*> find_topic(std::string_view topic) const;
  Result<PartitionLog*> find_log(std::string_view topic, Partition partition) const;

  const std::string folder_;
  const File lock_;
  std::string identity_;
  mutable std::shared_mutex topics_mutex_;
  std::map<std::string, std::unique_ptr<Topic>, std::less<>>
      topics_;  // a topic is never taken away or changed
  Wake appended_;
  std::mutex flush_mutex_;
  mutable std::mutex stored_mutex_;
  std::map<StoredName, Offset> stored_;
};

}  // namespace slipstream::bus
