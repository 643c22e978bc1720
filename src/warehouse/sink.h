// The sink: records off the bus into the warehouse, each once.
//
// Reads f1_laps, f1_tele, f1_timing and f1_session from the offsets that the warehouse holds, decodes the
// values, and loads rows together with the offsets they came from in one transaction, so that a crash
// anywhere repeats or loses nothing; the log is flushed to the disk before each. A record that cannot be
// decoded goes to staging.stg_rejected_records; the rest goes on. Stored offsets that do not fit the log stop
// the sink: conflict, "topic was recreated or trimmed: ...". Thread rule: one thread at a time, progress()
// from any; bus and warehouse may be used by others meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <vector>

#include "bus/bus.h"
#include "core/limits.h"
#include "core/result.h"
#include "record/codec.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {

struct SinkOptions {
  std::size_t batch_rows_max = limits::sink_batch_rows_max;  // rows of one transaction
  std::size_t fetch_bytes_max = 4u << 20;
  std::chrono::milliseconds flush_interval{250};  // run(): how long new records may wait
  // Milliseconds since 1970 UTC, the clock that records are published by; without one there is no lag.
  std::function<std::int64_t()> clock = {};
};

struct SinkCounts {
  std::int64_t records = 0;   // read from the bus
  std::int64_t rejected = 0;  // of these could not be decoded
  std::int64_t loads = 0;     // transactions
  LoadCounts rows;
};

// How far a sink has come.
struct SinkProgress {
  std::int64_t records = 0;  // committed
  std::int64_t rows = 0;     // that the staging tables have more than before
  // How long the oldest record of the newest transaction had been published when that was committed; longer
  // while an older one is read and waits.
  std::optional<std::int64_t> lag_ms;
};

class Sink {
 public:
  // Both must outlive the sink.
  Sink(bus::Bus& bus, Warehouse& warehouse, SinkOptions options = {});

  // Loads everything that is on the bus now. On error nothing is lost: the next call goes on from what is
  // stored. Errors: conflict, the log is not the one that the warehouse was loaded from; those of load(),
  // fetch() and flush().
  Result<SinkCounts> run_once();

  // run_once() every flush interval until stopped, then once more. While bus or warehouse are unavailable it
  // waits and tries again; any other error ends it.
  Result<SinkCounts> run(const std::stop_token& stop);

  SinkProgress progress() const;

 private:
  using TopicPartition = std::pair<std::string, std::int32_t>;
  struct Position {
    Offset next;
    bool is_stored = false;  // the warehouse has this very offset
  };
  // Rows of one table, session and build; the table's name comes first.
  using BatchKey = std::tuple<std::string_view, SessionKey, std::string>;

  Result<SinkCounts> drain();
  // Where to read on, checked against the log; partitions that are new since start at their begin.
  Result<void> find_positions();
  Result<Position> position_of(const TopicPartition& at, const std::vector<StoredOffset>& stored);
  Result<void> drain_partition(const TopicPartition& at, SinkCounts& counts);
  void take(const TopicPartition& at, const bus::InRecord& record);
  void reject(const TopicPartition& at, const bus::InRecord& record, std::string reason);
  bool is_full() const;
  Result<void> load_pending(SinkCounts& counts);
  void note_read(std::int64_t published_ms);
  void note_committed(const LoadCounts& rows);

  bus::Bus& bus_;
  Warehouse& warehouse_;
  SinkOptions options_;
  record::Decoder decoder_;
  std::map<TopicPartition, Position> positions_;
  std::map<BatchKey, record::RowBatch> batches_;
  std::vector<RejectedRecord> rejected_;
  std::size_t pending_rows_ = 0;
  std::size_t pending_raw_bytes_ = 0;
  std::int64_t pending_records_ = 0;
  mutable std::mutex progress_mutex_;  // for the two below
  SinkProgress progress_;
  std::optional<std::int64_t> oldest_pending_ms_;  // when it was published
};

}  // namespace slipstream::warehouse
