#include "cli/lap_check.h"

#include <tuple>

namespace slipstream::cli {
namespace {

constexpr std::size_t fetch_bytes = 1u << 20;

bool is_wrong(const record::Lap& said, const record::Lap& truth) {
  const auto differs = [](const std::optional<record::Int>& a, const std::optional<record::Int>& b) {
    return a && a != b;
  };
  return differs(said.lap_time_ms, truth.lap_time_ms) ||
         differs(said.sector1_time_ms, truth.sector1_time_ms) ||
         differs(said.sector2_time_ms, truth.sector2_time_ms) ||
         differs(said.sector3_time_ms, truth.sector3_time_ms);
}

}  // namespace

LapCheck::LapCheck(bus::Bus& bus, const std::vector<record::Lap>& truth) : bus_(bus) {
  for (const record::Lap& lap : truth) truth_.insert_or_assign({lap.driver_number, lap.lap_number}, lap);
}

LapCheck::Counts LapCheck::count() {
  const std::scoped_lock lock(mutex_);
  for (const bus::TopicInfo& topic : bus_.topics()) {
    if (topic.name != record::topic_laps) continue;
    next_.resize(static_cast<std::size_t>(topic.partition_count));
    for (std::size_t i = 0; i < next_.size(); ++i) read(Partition(static_cast<std::int32_t>(i)), next_[i]);
  }
  Counts counts;
  for (const auto& [key, said] : said_) {
    counts.laps += said.has_time ? 1 : 0;
    counts.errors += said.has_time && said.is_wrong ? 1 : 0;
  }
  return counts;
}

void LapCheck::read(Partition partition, Offset& next) {
  while (true) {
    const auto fetched = bus_.fetch(record::topic_laps, partition, next, fetch_bytes);
    if (!fetched || fetched->records.empty()) return;
    for (const bus::InRecord& record : fetched->records) {
      next = Offset(record.offset.value + 1);
      const auto decoded = decoder_.decode(record::topic_laps, record.value);
      if (!decoded) continue;
      if (const auto* lap = std::get_if<record::Lap>(&decoded->row)) take(*decoded, *lap);
    }
  }
}

void LapCheck::take(const record::DecodedRecord& record, const record::Lap& lap) {
  const Key key{lap.driver_number, lap.lap_number};
  Said& said = said_[key];
  if (std::tie(record.build, record.envelope.revision) < std::tie(said.build, said.revision)) return;
  const auto truth = truth_.find(key);
  const bool is_timed = lap.lap_time_ms && lap.lap_time_source != "line";
  said = {record.build, record.envelope.revision, is_timed && !record.envelope.is_withdrawn,
          truth == truth_.end() || is_wrong(lap, truth->second)};
}

}  // namespace slipstream::cli
