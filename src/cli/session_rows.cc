#include "cli/session_rows.h"

#include <algorithm>
#include <span>
#include <utility>

#include "record/telemetry.h"

namespace slipstream::cli {
namespace {

using record::RowBatch;

// Rows that come once and in order, and are most of a session.
template <class Row>
constexpr bool is_of_telemetry = record::is_sample<Row> || std::is_same_v<Row, record::Telemetry>;

// Of a two-hour session, with room: 2 h at 220 ms. What is reserved and not used costs no memory.
template <class Row>
constexpr std::size_t rows_expected = record::is_sample<Row> ? 40'000 : 80'000;

// Runs of fewer rows are gathered until there are so many: column by column they cost a fraction of it.
constexpr std::size_t gathered_rows = 128;

template <class Row>
void append(RowBatch& batch, std::span<const session::Published<Row>> run, warehouse::RowGroupStore* packed) {
  if (packed && !packed->has_room(batch, run.size()))
    packed->add(std::exchange(batch, packed->empty_batch(batch.table(), batch.session_key())));
  batch.append_run(run.begin(), run.end());
}

template <class Row>
void flush(CarRows<Row>& car, warehouse::RowGroupStore* packed) {
  append<Row>(car.batch, car.gathered, packed);
  car.gathered.clear();
}

// Appends rows of one car.
template <class Row>
void append_run(CarsRows<Row>& cars, std::span<const session::Published<Row>> run,
                warehouse::RowGroupStore* packed) {
  const record::TableSpec& table = record::table_of<Row>();
  const Row& first = run.front().row;
  auto car = cars.find(first.driver_number);
  if (car == cars.end()) {
    RowBatch empty =
        packed ? packed->empty_batch(table, first.session_key) : RowBatch(table, first.session_key, {});
    if (!packed) empty.reserve(rows_expected<Row>);
    car = cars.try_emplace(first.driver_number, CarRows<Row>{std::move(empty), {}}).first;
  }
  auto& [batch, gathered] = car->second;
  if (run.size() < gathered_rows) gathered.insert(gathered.end(), run.begin(), run.end());
  if (run.size() >= gathered_rows || gathered.size() >= gathered_rows) flush(car->second, packed);
  if (run.size() >= gathered_rows) append<Row>(batch, run, packed);
}

template <class Row>
void append_samples(CarsRows<Row>& cars, std::span<const session::Published<Row>> list,
                    warehouse::RowGroupStore* packed) {
  while (!list.empty()) {
    const auto end = std::ranges::find_if(list, [&](const session::Published<Row>& published) {
      return published.row.driver_number != list.front().row.driver_number;
    });
    const auto count = static_cast<std::size_t>(end - list.begin());
    append_run<Row>(cars, list.first(count), packed);
    list = list.subspan(count);
  }
}

// In key order, which the map's is only where keys are numbers.
template <class Row, class Entries>
RowBatch batch_of(const Entries& entries, const std::string& build, bool has_withdrawn) {
  std::vector<const typename Entries::mapped_type*> ordered;
  for (const auto& [key, entry] : entries) {
    if (has_withdrawn || !entry.second.is_withdrawn) ordered.push_back(&entry);
  }
  std::ranges::sort(ordered, record::key_less<Row>,
                    [](const auto* entry) -> const Row& { return entry->first; });
  RowBatch batch(record::table_of<Row>(), entries.begin()->second.first.session_key, build);
  batch.reserve(ordered.size());
  for (const auto* entry : ordered) batch.append(entry->first, entry->second);
  return batch;
}

template <class Row>
std::size_t table_index() {
  static const auto index = &record::table_of<Row>() - record::all_tables().data();
  return static_cast<std::size_t>(index);
}

}  // namespace

SessionRows::SessionRows(const std::vector<std::string>& tables, warehouse::RowGroupStore* packed)
    : packed_(packed) {
  for (const record::TableSpec& table : record::all_tables()) {
    is_wanted_.push_back(tables.empty() || std::ranges::find(tables, table.name) != tables.end());
  }
}

void SessionRows::take(session::Output& output) {
  if (!output.is_touched()) return;
  output.for_each_table([this]<class Row>(std::vector<session::Published<Row>>& list) {
    if (!is_wanted_[table_index<Row>()]) return;
    if constexpr (is_of_telemetry<Row>) {
      append_samples<Row>(std::get<CarsRows<Row>>(samples_), list, packed_);
    } else {
      for (auto& published : list) {
        const record::RowKey key = record::row_key(published.row);
        std::get<KeyedRows<Row>>(rows_).insert_or_assign(
            key, std::pair(std::move(published.row), published.envelope));
      }
    }
  });
  output.clear();
}

void SessionRows::say_complete() {
  for (auto& [key, entry] : std::get<KeyedRows<record::Session>>(rows_)) entry.first.is_complete = true;
}

std::string SessionRows::date() const {
  const auto& sessions = std::get<KeyedRows<record::Session>>(rows_);
  if (sessions.empty()) return "unknown";
  const record::Session& session = sessions.begin()->second.first;
  const auto instant = session.start_date ? session.start_date : session.zero_date;
  return instant ? format_utc(*instant).substr(0, 10) : "unknown";
}

std::vector<RowBatch> SessionRows::finish(const std::string& build) && {
  std::vector<RowBatch> batches;
  const auto put = [&](RowBatch batch) {
    if (packed_) packed_->add(std::move(batch));
    else batches.push_back(std::move(batch));
  };
  const auto add = [&]<class Row>(KeyedRows<Row>& rows) {
    if constexpr (is_of_telemetry<Row>) {
      for (auto& [driver_number, car] : std::get<CarsRows<Row>>(samples_)) {
        flush(car, packed_);
        car.batch.set_build(build);
        put(std::move(car.batch));
      }
    } else if (!rows.empty()) {
      put(batch_of<Row>(rows, build, packed_ == nullptr));
      rows.clear();
    }
  };
  std::apply([&](auto&... rows) { (add(rows), ...); }, rows_);
  return batches;
}

}  // namespace slipstream::cli
