// From the engine's rows to records on the bus: encodes, keys, adds the headers, and skips what the log
// holds.
//
// The engine derives the same records from the same bytes every time. So the records of one build of one
// session that a partition holds are the first ones that this run derives for that partition, and as many are
// skipped: a producer that was killed anywhere goes on where it stopped, and a repeated replay publishes
// nothing twice. Records go out in batches; flush() puts out what waits. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"
#include "session/engine.h"

namespace slipstream::cli {

struct PublishCounts {
  std::int64_t published = 0;
  std::int64_t skipped = 0;  // the log held them already
};

class BusPublisher {
 public:
  // Bus and engine must outlive the publisher.
  BusPublisher(bus::Bus& bus, session::Engine& engine) : bus_(bus), engine_(engine) {}

  // Makes the four topics. Errors: those of Bus::ensure_topic.
  Result<void> make_topics();
  // Takes everything out of `output`; puts it out when enough waits. Errors: those of Bus::append.
  Result<void> publish(session::Output& output);
  Result<void> flush();
  PublishCounts counts() const { return counts_; }

 private:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  struct Waiting {
    std::string key;
    std::size_t value_begin, value_end;  // in Topic::values
    std::size_t headers_index;           // in Topic::headers
  };
  struct Topic {
    std::string_view name;
    std::int32_t partition_count = 0;
    std::vector<std::int64_t> held;  // by partition: records of this build that the log still has before ours
    std::string values;
    std::vector<Waiting> waiting;
    std::vector<Headers> headers;
    std::optional<record::Int> headers_at_ms;  // of headers.back()
  };

  Result<void> count_held();
  Result<std::int64_t> count_held(const Topic& topic, std::int32_t partition);
  template <class Row>
  void take(session::Published<Row>& published);
  Topic& topic_of(std::string_view name);
  std::size_t headers_for(Topic& topic, record::Int at_ms) const;
  Result<void> flush(Topic& topic);

  bus::Bus& bus_;
  session::Engine& engine_;
  std::array<Topic, 4> topics_;
  bool has_counted_ = false;
  std::optional<UtcTime> last_sample_;  // the latest published
  PublishCounts counts_;
};

}  // namespace slipstream::cli
