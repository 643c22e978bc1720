#include "record/batch.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace slipstream::record {
namespace {

const ColumnData& column(const RowBatch& batch, std::string_view name) {
  const auto& specs = batch.table().columns;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].name == name) return batch.columns()[i];
  }
  ADD_FAILURE() << "no column " << name;
  return batch.columns().front();
}

template <class T>
const std::vector<T>& values(const RowBatch& batch, std::string_view name) {
  return std::get<std::vector<T>>(column(batch, name).values);
}
const TextColumn& texts(const RowBatch& batch, std::string_view name) {
  return std::get<TextColumn>(column(batch, name).values);
}

Lap pole_lap() {
  Lap lap;
  lap.session_key = SessionKey(9873);
  lap.driver_number = 4;
  lap.lap_number = 20;
  lap.driver_code = "NOR";
  lap.lap_time_ms = 75'586;
  lap.lap_end_date = UtcTime(std::chrono::milliseconds(1'761'431'000'123));
  lap.is_personal_best = true;
  return lap;
}

TEST(RowBatch, PutsEachMemberIntoItsColumn) {
  RowBatch batch(table_of<Lap>(), SessionKey(9873), "3.0001.2025-10-25T20:46:23.900Z", "f1_laps");
  batch.append(pole_lap(), {.revision = 2, .is_withdrawn = true}, {.partition = 3, .offset = 17});
  ASSERT_EQ(batch.row_count(), 1U);
  EXPECT_EQ(values<std::int64_t>(batch, "session_key"), std::vector<std::int64_t>{9873});
  EXPECT_EQ(values<std::int32_t>(batch, "lap_time_ms"), std::vector<std::int32_t>{75'586});
  EXPECT_EQ(texts(batch, "driver_code")[0], "NOR");
  EXPECT_EQ(values<std::int64_t>(batch, "lap_end_date"), std::vector<std::int64_t>{1'761'431'000'123});
  EXPECT_EQ(values<std::uint8_t>(batch, "is_personal_best"), std::vector<std::uint8_t>{1});
  EXPECT_EQ(batch.revisions(), std::vector<std::int32_t>{2});
  EXPECT_EQ(batch.withdrawn(), std::vector<std::uint8_t>{1});
  ASSERT_EQ(batch.origins().size(), 1U);
  EXPECT_EQ(batch.origins()[0].offset, 17);
}

TEST(TextColumn, GivesBackWhatWasPutIn) {
  TextColumn column;
  std::vector<std::string> expected;
  for (int i = 0; i < 100; ++i) {
    expected.push_back(i % 3 == 0 ? "OnTrack" : i % 3 == 1 ? "" : std::to_string(i));
    column.push_back(expected.back());
  }
  ASSERT_EQ(column.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(column[i], expected[i]);
  column.clear();
  column.push_back("anew");
  EXPECT_EQ(column[0], "anew");
}

TEST(RowBatch, KeepsUnknownApartFromZero) {
  RowBatch batch(table_of<Lap>(), SessionKey(1), "b");
  Lap lap;
  lap.lap_time_ms = 0;
  batch.append(lap, {});
  lap.lap_time_ms = std::nullopt;
  batch.append(lap, {});
  EXPECT_EQ(column(batch, "lap_time_ms").valid, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(values<std::int32_t>(batch, "lap_time_ms"), (std::vector<std::int32_t>{0, 0}));
  EXPECT_TRUE(column(batch, "is_accurate").valid.empty()) << "never unknown";
  lap.lap_time_ms = 1;
  batch.append(lap, {});
  EXPECT_EQ(column(batch, "lap_time_ms").valid.size(), 2U) << "nothing unknown follows";
  EXPECT_TRUE(column(batch, "lap_time_ms").is_known(2));
}

RC_GTEST_PROP(RowBatch, HasAsManyValuesAsRowsInEveryColumn, (const std::vector<bool>& known)) {
  RowBatch batch(table_of<Weather>(), SessionKey(1), "b");
  for (const bool is_known : known) {
    Weather weather;
    if (is_known) weather.air_temperature_c = 25.9;
    batch.append(weather, {});
  }
  RC_ASSERT(batch.row_count() == known.size());
  for (const ColumnData& data : batch.columns()) {
    RC_ASSERT((data.valid.empty() || data.valid.back() == 0));
    RC_ASSERT(std::visit([](const auto& all) { return all.size(); }, data.values) == known.size());
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    RC_ASSERT(column(batch, "air_temperature_c").is_known(i) == known[i]);
  }
}

TEST(RowBatch, IsEmptyAgainAfterClear) {
  RowBatch batch(table_of<Lap>(), SessionKey(9873), "b");
  batch.reserve(8);
  batch.append(pole_lap(), {}, {});
  batch.clear();
  EXPECT_EQ(batch.row_count(), 0U);
  EXPECT_TRUE(batch.origins().empty());
  for (const ColumnData& data : batch.columns()) EXPECT_TRUE(data.valid.empty());
  batch.append(pole_lap(), {});
  EXPECT_EQ(batch.row_count(), 1U);
}

TEST(RowBatchDeathTest, RefusesRowsOfAnotherTable) {
  RowBatch batch(table_of<Lap>(), SessionKey(1), "b");
  EXPECT_DEATH(batch.append(Weather{}, {}), "broken promise");
}

// A word lies in its row with at most fifteen bytes: what is longer is cut between two characters.
TEST(Word, IsCutBetweenCharacters) {
  EXPECT_EQ(Word("OffTrack"), "OffTrack");
  EXPECT_EQ(Word("fifteen letters"), "fifteen letters");
  EXPECT_EQ(Word("sixteen letters!"), "sixteen letters");
  EXPECT_EQ(Word("fourteen lett\xC3\xA9\xC3\xA9"), "fourteen lett\xC3\xA9");
  EXPECT_EQ(Word("fourteen lette\xC3\xA9"), "fourteen lette");
  EXPECT_TRUE(Word("").empty());
  EXPECT_FALSE(Word("a") == Word("b"));
  EXPECT_TRUE(Word("a") < Word("ab"));
}

}  // namespace
}  // namespace slipstream::record
