// Any order, duplication and chunking of the same records ends in the same staging table.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <map>

#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests

struct Published {
  int driver_number;
  int lap_number;
  bool is_archive;
  record::Envelope envelope;
  std::int64_t offset;  // also tells the record apart: it is the lap time
};

std::vector<Published> some_records() {
  const auto size = *rc::gen::inRange<std::size_t>(1, 40);
  std::vector<Published> records;
  for (std::size_t at = 0; at < size; ++at) {
    records.push_back({*rc::gen::inRange(1, 4),
                       *rc::gen::inRange(1, 5),
                       *rc::gen::weightedElement<bool>({{4, false}, {1, true}}),
                       {*rc::gen::inRange(0, 4), *rc::gen::weightedElement<bool>({{4, false}, {1, true}})},
                       static_cast<std::int64_t>(at)});
  }
  return records;
}

// What the rules of docs/tables.md say must remain.
std::string expected_laps(const std::vector<Published>& records) {
  std::map<std::pair<int, int>, Published> best;
  const auto rank = [](const Published& record) {
    return std::tuple(record.is_archive, record.envelope.revision, record.offset);
  };
  for (const Published& record : records) {
    const auto [found, is_new] = best.try_emplace({record.driver_number, record.lap_number}, record);
    if (rank(record) > rank(found->second)) found->second = record;
  }
  std::string csv;
  for (const auto& [key, record] : best) {
    if (record.envelope.is_withdrawn) continue;
    csv += fmt::format("{},{},{},{},{}\n", key.first, key.second, record.offset, record.is_archive ? 3 : 1,
                       record.envelope.revision);
  }
  return csv;
}

// Loads records [begin, end) as one load of one batch a build.
void load_part(Warehouse& warehouse, SessionKey session, std::span<const Published> records) {
  std::vector<record::RowBatch> batches;
  for (const bool is_archive : {false, true}) {
    record::RowBatch batch(record::table_of<record::Lap>(), session,
                           is_archive ? archive_build : recording_build, "f1_laps");
    for (const Published& record : records) {
      if (record.is_archive != is_archive) continue;
      record::Lap row = lap(record.driver_number, record.lap_number, static_cast<int>(record.offset));
      row.session_key = session;
      batch.append(row, record.envelope, {0, record.offset, 0});
    }
    if (batch.row_count() > 0) batches.push_back(std::move(batch));
  }
  load(warehouse, batches);
}

RC_GTEST_PROP(Load, EndsInTheSameRowsWhateverTheOrder, ()) {
  const std::vector<Published> records = some_records();
  std::vector<Published> sent = records;
  const auto repeated =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, records.size()));
  for (const std::size_t at : repeated) sent.push_back(records[at]);
  for (std::size_t at = sent.size(); at > 1; --at)
    std::swap(sent[at - 1], sent[*rc::gen::inRange<std::size_t>(0, at)]);
  // One warehouse for all cases, each a session of its own: opening one costs more than a case.
  static const std::unique_ptr<Warehouse> warehouse = open();
  static std::int64_t session = 0;
  ++session;
  for (std::size_t begin = 0; begin < sent.size();) {
    const auto count = std::min(*rc::gen::inRange<std::size_t>(4, 30), sent.size() - begin);
    load_part(*warehouse, SessionKey(session), std::span(sent).subspan(begin, count));
    begin += count;
  }
  RC_ASSERT(laps_of(*warehouse, SessionKey(session)) == expected_laps(records));
}

}  // namespace
}  // namespace slipstream::warehouse
