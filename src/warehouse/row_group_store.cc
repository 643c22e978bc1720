#include "warehouse/row_group_store.h"

#include <utility>

#include "warehouse/parquet_file.h"

namespace slipstream::warehouse {
namespace {

using record::Int;

// All cars may fill their batches at once; more would only be memory.
constexpr std::size_t tasks_max = 64;

// True for tables whose rows come once, car by car in key order (car number second in the key).
bool comes_by_car(const record::TableSpec& table) {
  return &table == &record::table_of<record::CarSample>() ||
         &table == &record::table_of<record::PositionSample>() ||
         &table == &record::table_of<record::Telemetry>();
}

Int car_of(const record::RowBatch& batch) {
  if (!comes_by_car(batch.table())) return 0;
  return std::get<std::vector<std::int32_t>>(batch.columns()[1].values).front();
}

}  // namespace

RowGroupStore::RowGroupStore(Packing packing) : tasks_(tasks_max) {
  if (packing == Packing::beside) packer_ = std::jthread([this] { work(); });
}

RowGroupStore::~RowGroupStore() { tasks_.close(); }

record::RowBatch RowGroupStore::empty_batch(const record::TableSpec& table, SessionKey session_key) {
  {
    const std::scoped_lock lock(mutex_);
    std::vector<record::RowBatch>& spare = spare_[&table];
    if (!spare.empty() && spare.back().session_key() == session_key) {
      record::RowBatch batch = std::move(spare.back());
      spare.pop_back();
      return batch;
    }
  }
  record::RowBatch batch(table, session_key, {});
  batch.reserve(group_rows);
  return batch;
}

// Samples come of all cars at once. So that not all batches are full at once, and twice as many in memory, a
// car's first group is smaller, by its number.
bool RowGroupStore::has_room(const record::RowBatch& batch, std::size_t row_count) const {
  if (batch.row_count() == 0) return true;
  const Int car = car_of(batch);
  const bool is_first = !group_counts_.contains({&batch.table(), batch.session_key(), car});
  constexpr std::size_t steps = 8;
  const std::size_t most =
      is_first ? group_rows * (static_cast<std::size_t>(car) % steps + 1) / steps : group_rows;
  return batch.row_count() + row_count <= most;
}

void RowGroupStore::add(record::RowBatch batch) {
  if (batch.row_count() == 0) return;
  const Int car = car_of(batch);
  const std::size_t number = group_counts_[{&batch.table(), batch.session_key(), car}]++;
  const Place place(&batch.table(), batch.session_key(), car, number);
  if (packer_.joinable()) tasks_.push({place, std::move(batch)});
  else pack(encoder_, {place, std::move(batch)});
}

void RowGroupStore::work() {
  RowGroupEncoder encoder;
  while (auto task = tasks_.pop()) pack(encoder, std::move(*task));
}

void RowGroupStore::pack(RowGroupEncoder& encoder, Task task) {
  RowGroup group = encoder.encode(task.batch);
  task.batch.clear();
  const std::scoped_lock lock(mutex_);
  groups_.insert_or_assign(task.place, std::move(group));
  if (comes_by_car(task.batch.table())) spare_[&task.batch.table()].push_back(std::move(task.batch));
}

void RowGroupStore::finish() {
  tasks_.close();
  work();
  if (packer_.joinable()) packer_.join();
}

Result<std::int64_t> RowGroupStore::write(const record::TableSpec& table, const std::string& path,
                                          std::optional<SessionKey> session_key) const {
  std::vector<const RowGroup*> groups;
  std::int64_t row_count = 0;
  for (const auto& [place, group] : groups_) {
    const SessionKey of = std::get<SessionKey>(place);
    const bool is_wanted = std::get<const record::TableSpec*>(place) == &table && !dropped_.contains(of) &&
                           session_key.value_or(of) == of;
    if (!is_wanted) continue;
    groups.push_back(&group);
    row_count += group.row_count;
  }
  SLIP_TRY(write_parquet(path, table, groups));
  return row_count;
}

}  // namespace slipstream::warehouse
