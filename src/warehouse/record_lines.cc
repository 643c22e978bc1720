#include "warehouse/record_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "record/codec.h"
#include "warehouse/export.h"

namespace slipstream::warehouse {
namespace {

using record::Int;
using record::Lap;
using record::RowBatch;
using record::Telemetry;

constexpr std::size_t flush_bytes = 1u << 20;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A row, and what it is sorted by: 700,000 rows of telemetry are not copied for that.
struct Place {
  SessionKey session_key;
  std::int64_t first = 0, second = 0;
  Int driver_number = 0;
  std::uint32_t batch = 0, row = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

template <class T>
const std::vector<T>& values_of(const RowBatch& batch, std::string_view column) {
  const auto& columns = batch.table().columns;
  const auto found = std::ranges::find(columns, column, &record::ColumnSpec::name);
  SLIP_CHECK(found != columns.end());
  return std::get<std::vector<T>>(batch.columns()[static_cast<std::size_t>(found - columns.begin())].values);
}

void add_places(const RowBatch& batch, std::uint32_t number, std::vector<Place>& places) {
  const bool is_telemetry = &batch.table() == &record::table_of<Telemetry>();
  const auto& cars = values_of<Int>(batch, "driver_number");
  const auto& laps = values_of<Int>(batch, "lap_number");
  const auto& times = values_of<Int>(batch, "session_time_ms");
  const auto* const dates = is_telemetry ? &values_of<std::int64_t>(batch, "sample_date") : nullptr;
  for (std::uint32_t row = 0; row < batch.row_count(); ++row) {
    if (batch.withdrawn()[row] != 0) continue;
    // Outside laps a sample's lap is unknown, which is 0 in its column.
    if (dates && laps[row] == 0) continue;
    const std::int64_t first = dates ? (*dates)[row] : laps[row];
    places.push_back({batch.session_key(), first, dates ? 0 : times[row], cars[row], number, row});
  }
}

template <class Code>
std::string key_of(const std::optional<Code>& driver_code, Int driver_number) {
  return driver_code ? std::string(std::string_view(*driver_code)) : std::to_string(driver_number);
}

template <class Row>
void append_line(const RowBatch& batch, std::uint32_t number, std::optional<Int> date_delta_ms,
                 std::string& text) {
  const Row row = record::row_at<Row>(batch, number);
  const std::string key = key_of(row.driver_code, row.driver_number);
  record::encode(row, {batch.build(), {batch.revisions()[number], false}, key, date_delta_ms}, text);
  text += '\n';
}

// Milliseconds between lines of one session.
class DateDelta {
 public:
  Int to(const Place& place) {
    const bool is_first = !last_ || last_->session_key != place.session_key;
    const std::int64_t delta = is_first ? 0 : place.first - last_->first;
    last_ = place;
    return static_cast<Int>(delta);
  }

 private:
  std::optional<Place> last_;
};

Result<void> write_lines(std::span<const RowBatch> batches, std::span<const Place> places, std::FILE* file) {
  DateDelta date_delta;
  std::string text;
  const auto flush = [&] {
    const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    text.clear();
    return is_written;
  };
  bool is_written = true;
  for (const Place& place : places) {
    const RowBatch& batch = batches[place.batch];
    if (&batch.table() == &record::table_of<Lap>()) append_line<Lap>(batch, place.row, {}, text);
    else append_line<Telemetry>(batch, place.row, date_delta.to(place), text);
    if (text.size() >= flush_bytes) is_written = flush() && is_written;
  }
  is_written = flush() && is_written && std::fflush(file) == 0;
  if (is_written) return {};
  return fail(Errc::unavailable, std::generic_category().message(errno));
}

}  // namespace

bool is_record_topic(std::string_view name) {
  return name == record::topic_laps || name == record::topic_telemetry;
}

const record::TableSpec& table_of_topic(std::string_view topic) {
  SLIP_CHECK(is_record_topic(topic));
  return topic == record::topic_laps ? record::table_of<Lap>() : record::table_of<Telemetry>();
}

Result<ExportedFile> write_record_lines(std::string_view topic, std::span<const RowBatch> batches,
                                        const ExportOptions& options, const SessionDate* session) {
  std::vector<Place> places;
  for (std::uint32_t number = 0; number < batches.size(); ++number) {
    const RowBatch& batch = batches[number];
    if (&batch.table() != &table_of_topic(topic)) continue;
    if (session == nullptr || session->session_key == batch.session_key()) add_places(batch, number, places);
  }
  std::ranges::sort(places);
  const auto pending = begin_file(topic, options, session);
  if (!pending) return tl::make_unexpected(pending.error());
  const std::unique_ptr<std::FILE, Close> file(std::fopen(pending->partial.c_str(), "wb"));
  const auto written = file ? write_lines(batches, places, file.get())
                            : fail(Errc::unavailable, std::generic_category().message(errno));
  const std::span<const PendingFile> files(&*pending, 1);
  if (!written) {
    drop_files(files);
    return tl::make_unexpected(with_context(written.error(), pending->final));
  }
  SLIP_TRY(end_files(files));
  return ExportedFile{std::string(topic), pending->final, std::ssize(places),
                      session ? session->session_key : SessionKey()};
}

}  // namespace slipstream::warehouse
