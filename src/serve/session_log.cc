#include "serve/session_log.h"

#include <algorithm>
#include <limits>

#include "record/telemetry.h"

namespace slipstream::serve {
namespace {

// Session times fit 32 bits for 24 days; a hostile one is kept at the end rather than wrapped around.
std::int32_t to_time(std::int64_t session_time_ms) {
  constexpr std::int64_t max = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(session_time_ms, 0, max));
}

std::int32_t known_time(std::int64_t published_ms, std::int64_t sample_ms) {
  return to_time(std::max(published_ms, sample_ms + sample_delay_ms));
}

std::int16_t small(const std::optional<record::Int>& value) {
  if (!value || *value < 0 || *value > std::numeric_limits<std::int16_t>::max()) return SampleEntry::unknown;
  return static_cast<std::int16_t>(*value);
}

// Sorts `incoming` into `sorted`, what was there first staying first. Returns where the first of them went.
template <class Entry>
std::size_t merge_in(std::vector<Entry>& sorted, std::vector<Entry>& incoming) {
  if (incoming.empty()) return sorted.size();
  const auto earlier = [](const Entry& a, const Entry& b) { return a.known_ms < b.known_ms; };
  std::stable_sort(incoming.begin(), incoming.end(), earlier);
  const auto size = static_cast<std::ptrdiff_t>(sorted.size());
  const auto at = std::upper_bound(sorted.begin(), sorted.end(), incoming.front(), earlier) - sorted.begin();
  sorted.insert(sorted.end(), incoming.begin(), incoming.end());
  incoming.clear();
  if (at < size) std::inplace_merge(sorted.begin() + at, sorted.begin() + size, sorted.end(), earlier);
  return static_cast<std::size_t>(at);
}

}  // namespace

bool is_below(const Version& a, const Version& b) {
  if (a.build == b.build) return a.revision < b.revision;
  if (a.build == nullptr || b.build == nullptr) return a.build == nullptr;
  const int order = a.build->compare(*b.build);
  return order < 0 || (order == 0 && a.revision < b.revision);
}

bool SessionLog::add(const record::DecodedRecord& record, std::int64_t session_time_ms) {
  newest_ms_ = std::max<std::int64_t>(newest_ms_, to_time(session_time_ms));
  return std::visit(
      [&]<class Row>(const Row& row) {
        if constexpr (std::is_same_v<Row, record::CarSample> || std::is_same_v<Row, record::PositionSample>) {
          const bool is_shown = !record.envelope.is_withdrawn && small(row.driver_number) > 0;
          if (is_shown) add_sample(row, session_time_ms);
          return is_shown;
        } else if constexpr (std::is_same_v<Row, record::Telemetry>) {
          // A sample has come as such. Of a place that was reckoned the first word counts, which was said
          // while the car drove.
          const bool is_shown = row.quality == record::quality_estimated && !record.envelope.is_withdrawn &&
                                record.envelope.revision == 0 && small(row.driver_number) > 0;
          if (is_shown) add_sample(record::position_sample_of(row), session_time_ms);
          return is_shown;
        } else if constexpr (!std::is_constructible_v<RowPointer, const Row*>) {
          return false;
        } else {
          add_row(row, record, session_time_ms);
          return true;
        }
      },
      record.sample ? *record.sample : record.row);
}

template <class Row>
void SessionLog::add_row(const Row& row, const record::DecodedRecord& record, std::int64_t session_time_ms) {
  const Row& kept = std::get<std::deque<Row>>(storage_).emplace_back(row);
  new_rows_.push_back({.known_ms = to_time(session_time_ms),
                       .version = {intern_build(record.build), record.envelope.revision},
                       .row = &kept,
                       .is_withdrawn = record.envelope.is_withdrawn});
}

void SessionLog::add_sample(const record::CarSample& row, std::int64_t session_time_ms) {
  SampleEntry entry;
  entry.known_ms = known_time(session_time_ms, row.session_time_ms);
  entry.session_time_ms = row.session_time_ms;
  entry.driver_number = small(row.driver_number);
  entry.kind = SampleEntry::Kind::car;
  if (row.is_braking) entry.is_braking = *row.is_braking ? 1 : 0;
  entry.gear = small(row.gear);
  entry.car = {small(row.rpm), small(row.speed_kmh), small(row.throttle_pct), small(row.drs)};
  new_samples_.push_back(entry);
}

void SessionLog::add_sample(const record::PositionSample& row, std::int64_t session_time_ms) {
  SampleEntry entry;
  entry.known_ms = known_time(session_time_ms, row.session_time_ms);
  entry.session_time_ms = row.session_time_ms;
  entry.driver_number = small(row.driver_number);
  entry.kind = SampleEntry::Kind::position;
  entry.status = intern_status(row.status.value_or(record::Word()));
  // All zeros is F1's "no position", not a place.
  entry.has_position = row.x_dm && row.y_dm && row.quality != "zero";
  if (entry.has_position) entry.position = {*row.x_dm, *row.y_dm};
  entry.is_estimated = row.quality == record::quality_estimated;
  new_samples_.push_back(entry);
}

void SessionLog::settle() {
  const std::size_t row_count = rows_.size();
  const std::size_t sample_count = samples_.size();
  const Disorder place{merge_in(rows_, new_rows_), merge_in(samples_, new_samples_)};
  if (place.row_index < row_count || place.sample_index < sample_count) disorders_.push_back(place);
}

std::int64_t SessionLog::begin_ms() const {
  std::int64_t begin = std::numeric_limits<std::int64_t>::max();
  if (!rows_.empty()) begin = rows_.front().known_ms;
  if (!samples_.empty()) begin = std::min<std::int64_t>(begin, samples_.front().known_ms);
  return rows_.empty() && samples_.empty() ? 0 : begin;
}

std::int64_t SessionLog::end_ms() const {
  std::int64_t end = 0;
  if (!rows_.empty()) end = rows_.back().known_ms;
  if (!samples_.empty()) end = std::max<std::int64_t>(end, samples_.back().known_ms);
  return end;
}

const std::string* SessionLog::intern_build(const std::string& build) {
  return &*builds_.insert(build).first;
}

std::uint8_t SessionLog::intern_status(std::string_view status) {
  const auto found = std::find(statuses_.begin(), statuses_.end(), status);
  if (found != statuses_.end()) return static_cast<std::uint8_t>(found - statuses_.begin());
  // Real feeds have two ("OnTrack", "OffTrack"); a hostile one with more than fits becomes "not known".
  if (statuses_.size() > std::numeric_limits<std::uint8_t>::max()) return 0;
  statuses_.emplace_back(status);
  return static_cast<std::uint8_t>(statuses_.size() - 1);
}

}  // namespace slipstream::serve
