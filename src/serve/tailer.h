// Reads the four topics of the bus from their beginning, goes on as they grow, and hands every record to the
// hub.
//
// LogReader does the reading, one round at a time, without a thread or a clock; Tailer runs one in a thread,
// which the bus wakes. A record that cannot be decoded is counted by its reason, logged
// once per reason and left out; nothing else is lost by it. Thread rule: counters() from any thread, else one
// thread at a time. Bus and hub must outlive both.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bus/bus.h"
#include "record/codec.h"
#include "serve/hub.h"

namespace slipstream::serve {

inline constexpr std::array<std::string_view, 4> tailed_topics = {
    record::topic_session, record::topic_laps, record::topic_timing, record::topic_telemetry};

struct TailerCounters {
  std::array<std::uint64_t, tailed_topics.size()>
      records{};  // as in tailed_topics, undecodable ones included
  std::uint64_t undecodable = 0;
};

class LogReader {
 public:
  LogReader(bus::Bus& bus, Hub& hub) : bus_(bus), hub_(hub) {}

  // Reads a piece of every partition. Returns how many records there were; 0: at the end of all.
  std::size_t read_round();

  TailerCounters counters() const;

 private:
  std::size_t read_partition(std::size_t topic_index, std::int32_t partition);
  void take(std::size_t topic_index, const bus::InRecord& record);
  void set_aside(std::string_view topic, const bus::InRecord& record, const std::string& reason);
  void recover(std::string_view topic, std::int32_t partition, const Error& error, Offset& next);
  bool is_first(const std::string& reason);

  bus::Bus& bus_;
  Hub& hub_;
  record::Decoder decoder_;
  std::array<std::vector<Offset>, tailed_topics.size()> next_;  // by partition
  std::set<std::string> reasons_logged_;
  mutable std::mutex counters_mutex_;
  TailerCounters counters_;
};

class Tailer {
 public:
  // Starts. `on_records` is called on the tailer's thread when the hub got some.
  Tailer(bus::Bus& bus, Hub& hub, std::function<void()> on_records = {});
  ~Tailer() = default;  // stops

  TailerCounters counters() const { return reader_.counters(); }

 private:
  LogReader reader_;
  std::jthread thread_;  // last: it ends before the reader goes
};

}  // namespace slipstream::serve
