// Our Parquet against DuckDB's reader: what was packed is what is read.
#include <cmath>
#include <limits>
#include <random>
#include <thread>

#include "warehouse/parquet_file.h"
#include "warehouse/parquet_values.h"
#include "warehouse/row_group_store.h"
#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
using record::Telemetry;

constexpr const char* own_columns =
    "columns(c -> c NOT LIKE '\\_%' ESCAPE '\\' AND c NOT IN ('build', 'revision'))";

Telemetry sample(int driver_number, int number) {
  Telemetry row;
  row.session_key = session_key;
  row.driver_number = driver_number;
  row.sample_date = UtcTime(std::chrono::milliseconds(1'761'424'860'123 + number * std::int64_t{130}));
  row.source = number % 2 == 0 ? "car" : "pos";
  row.session_time_ms = number * 130;
  row.quality = "ok";
  return row;
}

template <class T>
std::optional<T> some(std::mt19937& random, T value) {
  return random() % 4 == 0 ? std::nullopt : std::optional(value);
}

// Few and many different values, near each other and far apart, with holes.
Telemetry random_sample(std::mt19937& random, int number) {
  Telemetry row = sample(4, number);
  const auto wide = static_cast<std::int32_t>(random());
  row.driver_code = some(random, record::Word(random() % 3 == 0 ? "VER" : "longer \xC3\xA9 text"));
  row.lap_number = some(random, number / 300);
  row.rpm = some(random, static_cast<std::int32_t>(random() % 13'000));
  row.gear = some(random, static_cast<std::int32_t>(random() % 9));
  row.is_braking = some(random, random() % 2 == 0);
  row.x_dm = some(random, static_cast<std::int32_t>(number * 7 - 5'000));
  row.y_dm = some(random, wide);
  row.status = some(random, record::Word());
  row.distance_m = some(random, wide / 1000.0);
  row.relative_distance = some(random, static_cast<double>(random() % 50));
  return row;
}

record::RowBatch batch_of_samples(const std::vector<Telemetry>& rows) {
  record::RowBatch batch(record::table_of<Telemetry>(), session_key, archive_build);
  for (const Telemetry& row : rows) batch.append(row, {});
  return batch;
}

// The rows of the batches as our file has them, and as staging has them.
void expect_same(const std::vector<record::RowBatch>& batches) {
  const TemporaryFolder folder;
  RowGroupEncoder encoder;
  std::vector<RowGroup> groups;
  groups.reserve(batches.size());
  for (const record::RowBatch& batch : batches) groups.push_back(encoder.encode(batch));
  std::vector<const RowGroup*> listed;
  listed.reserve(groups.size());
  for (const RowGroup& group : groups) listed.push_back(&group);
  const std::string file = folder.file("telemetry.parquet");
  ASSERT_TRUE(write_parquet(file, batches.front().table(), listed));
  const auto warehouse = open();
  load(*warehouse, batches);
  const std::string in_file = rows_of(*warehouse, fmt::format("SELECT * FROM '{}' ORDER BY ALL", file));
  ASSERT_FALSE(in_file.starts_with("error"));
  EXPECT_EQ(in_file, rows_of(*warehouse,
                             fmt::format("SELECT {} FROM staging.stg_telemetry ORDER BY ALL", own_columns)));
  // What a reader leaves out by the statistics has to be left out rightly.
  for (const char* where : {"x_dm < 0", "y_dm > 1000000000", "distance_m < -5", "source = 'pos'",
                            "status = ''", "rpm IS NULL", "driver_code = 'VER'"}) {
    EXPECT_EQ(rows_of(*warehouse, fmt::format("SELECT count(*) FROM '{}' WHERE {}", file, where)),
              rows_of(*warehouse, fmt::format("SELECT count(*) FROM staging.stg_telemetry WHERE {}", where)))
        << where;
  }
}

TEST(RowGroup, HoldsWhatWasPacked) {
  for (const std::size_t count : {1u, 7u, 8u, 33u, 129u, 1'025u, 6'000u}) {
    SCOPED_TRACE(count);
    std::mt19937 random(static_cast<unsigned>(count));
    std::vector<Telemetry> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back(random_sample(random, static_cast<int>(i)));
    expect_same({batch_of_samples(rows)});
  }
}

TEST(RowGroup, HoldsSeveralGroupsAndColumnsWithoutAValue) {
  std::vector<Telemetry> early, late;
  for (int i = 0; i < 2'000; ++i) (i < 700 ? early : late).push_back(sample(4, i));
  expect_same({batch_of_samples(early), batch_of_samples(late)});
}

TEST(RowGroup, HoldsTheLeastAndTheGreatest) {
  using Limits = std::numeric_limits<std::int32_t>;
  std::vector<Telemetry> rows;
  for (int i = 0; i < 5'000; ++i) {
    Telemetry row = sample(4, i);
    row.x_dm = i % 2 == 0 ? Limits::min() + i : Limits::max() - i;
    row.y_dm = i % 3 == 0 ? Limits::max() : i;
    row.distance_m = i % 5 == 0 ? -0.0 : std::ldexp(1.0 + i, i % 1000);
    row.relative_distance = i == 17 ? std::numeric_limits<double>::infinity() : i;
    rows.push_back(row);
  }
  expect_same({batch_of_samples(rows)});
}

TEST(RowGroup, AFileMayHaveNoRows) {
  const TemporaryFolder folder;
  const std::string file = folder.file("telemetry.parquet");
  ASSERT_TRUE(write_parquet(file, record::table_of<Telemetry>(), {}));
  EXPECT_EQ(rows_of(*open(), fmt::format("SELECT count(*) FROM '{}'", file)), "0\n");
}

TEST(RowGroup, AFileThatCannotBeWrittenIsNamed) {
  const auto written = write_parquet("/nowhere/telemetry.parquet", record::table_of<Telemetry>(), {});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::unavailable);
  EXPECT_TRUE(written.error().message.starts_with("/nowhere/telemetry.parquet: ")) << written.error().message;
}

TEST(ParquetValues, PacksAsTheSpecificationSays) {
  std::string packed;
  const std::uint32_t zero_to_seven[] = {0, 1, 2, 3, 4, 5, 6, 7};
  pack_bits(zero_to_seven, 3, packed);
  EXPECT_EQ(packed, "\x88\xC6\xFA") << "the example of Encodings.md";
  packed.clear();
  const std::uint32_t equal[] = {5, 5, 5};
  encode_hybrid(equal, 3, packed);
  EXPECT_EQ(packed, "\x06\x05") << "a run of three";
  packed.clear();
  const std::int64_t ascending[] = {1, 2, 3, 4, 5};
  ASSERT_TRUE(encode_deltas(ascending, packed));
  EXPECT_EQ(packed, std::string("\x80\x01\x04\x05\x02\x02\0\0\0\0", 10)) << "the example of Encodings.md";
}

TEST(ParquetValues, DeltasThatAreTooFarApartAreNotPacked) {
  std::string packed;
  const std::int64_t apart[] = {0, std::numeric_limits<std::int64_t>::max(), -1};
  EXPECT_FALSE(encode_deltas(apart, packed));
  EXPECT_TRUE(packed.empty());
}

class Packings : public ::testing::TestWithParam<RowGroupStore::Packing> {};
INSTANTIATE_TEST_SUITE_P(RowGroupStore, Packings,
                         ::testing::Values(RowGroupStore::Packing::beside, RowGroupStore::Packing::in_place));

TEST_P(Packings, PutCarsInOrderAndForgetASession) {
  const TemporaryFolder folder;
  RowGroupStore store(GetParam());
  const record::TableSpec& table = record::table_of<Telemetry>();
  const auto add = [&](SessionKey key, int driver_number, int from) {
    record::RowBatch batch = store.empty_batch(table, key);
    for (int i = from; i < from + 10; ++i) {
      Telemetry row = sample(driver_number, i);
      row.session_key = key;
      batch.append(row, {});
    }
    store.add(std::move(batch));
  };
  for (const int from : {0, 10, 20}) {
    for (const int driver_number : {44, 4}) add(session_key, driver_number, from);
  }
  add(SessionKey(1), 4, 0);
  store.drop(SessionKey(1));
  store.finish();
  const std::string file = folder.file("telemetry.parquet");
  EXPECT_EQ(store.write(table, file).value_or(0), 60);
  const auto warehouse = open();
  EXPECT_EQ(
      rows_of(*warehouse,
              fmt::format("SELECT string_agg(driver_number || ' ' || session_time_ms // 130, ',' ORDER BY "
                          "file_row_number) FROM read_parquet('{}', file_row_number = true) "
                          "WHERE session_time_ms % 1300 = 0",
                          file)),
      "\"4 0,4 10,4 20,44 0,44 10,44 20\"\n");
  EXPECT_EQ(store.write(record::table_of<record::CarSample>(), folder.file("car.parquet")).value_or(-1), 0);
}

}  // namespace
}  // namespace slipstream::warehouse
