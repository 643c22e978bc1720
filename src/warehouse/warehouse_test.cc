// What counts per key: build, revision, withdrawal; transactions; files.
#include "warehouse/warehouse.h"

#include <sys/wait.h>
#include <unistd.h>
#include <fstream>

#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
using record::Lap;
using record::RowBatch;

TEST(Load, KeepsTheHighestRevisionOfAKey) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 20, 75'586), {0}}, {lap(4, 21, 80'000), {0}}})});
  EXPECT_EQ(load(*warehouse, {batch_of<Lap>({{lap(4, 20, 75'600), {2}}})}), (LoadCounts{0, 1, 0, 0}));
  EXPECT_EQ(load(*warehouse, {batch_of<Lap>({{lap(4, 20, 70'000), {1}}})}), (LoadCounts{0, 0, 0, 1}));
  EXPECT_EQ(laps_of(*warehouse), "4,20,75600,1,2\n4,21,80000,1,0\n");
}

TEST(Load, ComparesRevisionsOnlyInsideABuild) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 20, 1), {7}}}, recording_build)});
  load(*warehouse, {batch_of<Lap>({{lap(4, 20, 2), {0}}}, archive_build)});
  load(*warehouse, {batch_of<Lap>({{lap(4, 20, 3), {9}}}, recording_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,20,2,3,0\n");
}

TEST(Load, FindsTheBestOfAKeyInsideOneLoad) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 1, 10), {1}}, {lap(4, 1, 11), {0}}, {lap(4, 2, 20), {0}}}),
                    batch_of<Lap>({{lap(4, 2, 22), {0}}}, archive_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,10,1,1\n4,2,22,3,0\n");
}

TEST(Load, TakesTheLastOfEqualRecordsInsideOneBatch) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 1, 10), {0}}, {lap(4, 1, 11), {0}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,1,0\n");
  load(*warehouse, {batch_of<Lap>({{lap(4, 1, 12), {0}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,1,0\n") << "what is stored stays";
}

TEST(Load, IsANoOpTheSecondTime) {
  const auto warehouse = open();
  const std::vector<RowBatch> batches{
      batch_of<Lap>({{lap(4, 1, 10), {0}}, {lap(1, 1, 11), {0}}, {lap(4, 1, 12), {1}}})};
  load(*warehouse, batches);
  const std::string before = rows_of(*warehouse, "FROM staging.stg_laps ORDER BY ALL");
  EXPECT_EQ(load(*warehouse, batches).ignored, 3);
  EXPECT_EQ(rows_of(*warehouse, "FROM staging.stg_laps ORDER BY ALL"), before);
}

TEST(Load, RemovesAWithdrawnKeyForGood) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 3, 10), {0}}, {lap(4, 4, 10), {0}}})});
  EXPECT_EQ(load(*warehouse, {batch_of<Lap>({{lap(4, 3), {2, true}}})}), (LoadCounts{0, 0, 1, 0}));
  EXPECT_EQ(load(*warehouse, {batch_of<Lap>({{lap(4, 3, 11), {1}}})}), (LoadCounts{0, 0, 0, 1}));
  EXPECT_EQ(laps_of(*warehouse), "4,4,10,1,0\n");
  load(*warehouse, {batch_of<Lap>({{lap(4, 3, 12), {3}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,3,12,1,3\n4,4,10,1,0\n") << "a newer record brings the key back";
}

TEST(Load, RemembersAWithdrawalThatCameBeforeTheRow) {
  const TemporaryFolder folder;
  load(*open(folder.file("f.duckdb")), {batch_of<Lap>({{lap(4, 3), {2, true}}})});
  const auto warehouse = open(folder.file("f.duckdb"));
  load(*warehouse, {batch_of<Lap>({{lap(4, 3, 11), {1}}, {lap(4, 4, 12), {0}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,4,12,1,0\n");
}

TEST(Load, WithdrawsInsideTheLoadThatBroughtTheRow) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 3, 10), {0}}, {lap(4, 3), {1, true}}, {lap(4, 4, 9), {0}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,4,9,1,0\n");
}

TEST(Load, KeepsSessionsApart) {
  const auto warehouse = open();
  Lap other = lap(4, 1, 99);
  other.session_key = SessionKey(-5);
  load(*warehouse, {batch_of<Lap>({{lap(4, 1, 10), {0}}}), batch_of<Lap>({{other, {0}}})});
  load(*warehouse, {batch_of<Lap>({{other, {1, true}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,1,10,1,0\n");
}

TEST(Load, KnowsTheTableAgainAfterSomebodyChangedIt) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>({{lap(4, 1, 10), {0}}})});
  EXPECT_EQ(rows_of(*warehouse, "UPDATE staging.stg_laps SET lap_number = 2"), "");
  load(*warehouse, {batch_of<Lap>({{lap(4, 2, 11), {1}}})});
  EXPECT_EQ(laps_of(*warehouse), "4,2,11,1,1\n");
}

TEST(Load, StoresRowsAndOffsetsTogetherOrNotAtAll) {
  const auto warehouse = open();
  const std::vector<RowBatch> first{batch_of<Lap>({{lap(4, 1, 10), {0}}})};
  const std::vector<StoredOffset> of_log{{"log-a", "f1_laps", Partition(3), Offset(1)}};
  ASSERT_TRUE(warehouse->load(first, of_log));
  // The rows are appended before the offsets are found to be of another log.
  const std::vector<RowBatch> second{batch_of<Lap>({{lap(4, 2, 20), {0}}, {lap(4, 1, 11), {1}}})};
  const auto outcome =
      warehouse->load(second, std::vector<StoredOffset>{{"log-b", "f1_laps", Partition(3), Offset(2)}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::conflict);
  EXPECT_NE(outcome.error().message.find("topic was recreated or trimmed: f1_laps partition 3"),
            std::string::npos);
  EXPECT_EQ(laps_of(*warehouse), "4,1,10,1,0\n");
  EXPECT_EQ(warehouse->stored_offsets().value(), of_log);
  // The same rows again, now with offsets that fit.
  ASSERT_TRUE(
      warehouse->load(second, std::vector<StoredOffset>{{"log-a", "f1_laps", Partition(3), Offset(3)}}));
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,1,1\n4,2,20,1,0\n");
}

TEST(Load, NeverTakesAnOffsetBack) {
  const auto warehouse = open();
  for (const std::int64_t next : {5, 3}) {
    ASSERT_TRUE(
        warehouse->load({}, std::vector<StoredOffset>{{"log", "f1_tele", Partition(0), Offset(next)}}));
  }
  EXPECT_EQ(warehouse->stored_offsets().value().front().next, Offset(5));
}

TEST(Load, KeepsARejectedRecordOnceAndOnlyTheStartOfIt) {
  const auto warehouse = open();
  const std::vector<RejectedRecord> rejected{{"f1_laps", Partition(1), Offset(7), "LapTime is 'x'",
                                              std::string("\xff{", 2) + std::string(10'000, 'a')}};
  for (int round = 0; round < 2; ++round) ASSERT_TRUE(warehouse->load({}, {}, rejected));
  EXPECT_EQ(rows_of(*warehouse,
                    "SELECT topic, \"partition\", \"offset\", reason, strlen(raw), raw[1] "
                    "FROM staging.stg_rejected_records"),
            "f1_laps,1,7,LapTime is 'x',4098,\xEF\xBF\xBD\n");
}

TEST(Load, StoresWhereARecordStood) {
  const auto warehouse = open();
  RowBatch batch(record::table_of<Lap>(), session_key, recording_build, "f1_laps");
  batch.append(lap(4, 1, 10), {}, {11, 42, 1'761'424'860'123});
  load(*warehouse, {batch, batch_of<Lap>({{lap(5, 1, 10), {0}}})});
  EXPECT_EQ(rows_of(*warehouse,
                    "SELECT _topic, _partition, _offset, _create_date, _loaded_date IS NULL "
                    "FROM staging.stg_laps ORDER BY driver_number"),
            "f1_laps,11,42,2025-10-25T20:41:00.123Z,false\n,,,,false\n");
}

TEST(Load, PrefersTheLaterOffsetOfEqualRevisions) {
  const auto warehouse = open();
  const auto at = [](int lap_time_ms, std::int64_t offset) {
    RowBatch batch(record::table_of<Lap>(), session_key, recording_build, "f1_laps");
    batch.append(lap(4, 1, lap_time_ms), {}, {0, offset, 0});
    return batch;
  };
  load(*warehouse, {at(11, 6)});
  load(*warehouse, {at(10, 5)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,1,0\n");
  load(*warehouse, {at(12, 7)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,12,1,0\n");
}

TEST(OpenDuckdb, AddsTheColumnsThatAnOlderFileLacks) {
  const TemporaryFolder folder;
  const std::string file = folder.file("f.duckdb");
  {
    const auto warehouse = open(file);
    load(*warehouse, {batch_of<Lap>({{lap(4, 1, 10), {0}}})});
    ASSERT_EQ(rows_of(*warehouse, "ALTER TABLE staging.stg_laps DROP COLUMN tyre_compound"), "");
    ASSERT_EQ(rows_of(*warehouse, "ALTER TABLE staging.stg_laps ADD COLUMN of_the_future INTEGER"), "");
  }
  const auto warehouse = open(file);
  Lap row = lap(4, 2, 20);
  row.tyre_compound = "SOFT";
  load(*warehouse, {batch_of<Lap>({{row, {0}}})});
  EXPECT_EQ(rows_of(*warehouse,
                    "SELECT lap_number, tyre_compound, of_the_future, lap_time_ms "
                    "FROM f1.staging.stg_laps ORDER BY 1"),
            "1,,,10\n2,SOFT,,20\n");
}

TEST(OpenDuckdb, RefusesAColumnOfAnotherType) {
  const TemporaryFolder folder;
  ASSERT_EQ(
      rows_of(*open(folder.file("f.duckdb")), "ALTER TABLE staging.stg_laps ALTER lap_time_ms TYPE VARCHAR"),
      "");
  const auto outcome = open_duckdb(folder.file("f.duckdb"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::unsupported);
  EXPECT_NE(outcome.error().message.find("stg_laps.lap_time_ms"), std::string::npos)
      << outcome.error().message;
}

TEST(OpenDuckdb, SaysInOneLineWhatIsWrongWithAFile) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("text.duckdb")) << std::string(5000, 'x');
  const auto not_duckdb = open_duckdb(folder.file("text.duckdb"));
  ASSERT_FALSE(not_duckdb);
  EXPECT_EQ(not_duckdb.error().message, folder.file("text.duckdb") + " is not a DuckDB file");
  const auto missing = open_duckdb(folder.file("none.duckdb"), {.is_read_only = true});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  const auto no_folder = open_duckdb(folder.file("no/where/f.duckdb"));
  ASSERT_FALSE(no_folder);
  EXPECT_EQ(no_folder.error().code, Errc::unavailable);
  EXPECT_EQ(no_folder.error().message.find('\n'), std::string::npos) << no_folder.error().message;
}

TEST(OpenDuckdb, NamesTheFileThatAnotherProcessHolds) {
  const TemporaryFolder folder;
  const std::string file = folder.file("f.duckdb");
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready) + ::pipe(done), 0);
  const pid_t child = ::fork();
  char byte = 0;
  if (child == 0) {
    const auto warehouse = open_duckdb(file);
    static_cast<void>(::write(ready[1], &byte, 1) + ::read(done[0], &byte, 1));
    ::_exit(warehouse ? 0 : 1);
  }
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  for (const bool is_read_only : {false, true}) {
    const auto outcome = open_duckdb(file, {.is_read_only = is_read_only});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::unavailable);
    EXPECT_EQ(outcome.error().message, file + " is in use by another process; stop it or read a copy");
  }
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (const int end : {ready[0], ready[1], done[0], done[1]}) ::close(end);
}

TEST(OpenDuckdb, ReadsWithoutWritingWhenReadOnly) {
  const TemporaryFolder folder;
  load(*open(folder.file("f.duckdb")), {batch_of<Lap>({{lap(4, 1, 10), {0}}})});
  const auto warehouse = open_duckdb(folder.file("f.duckdb"), {.is_read_only = true});
  ASSERT_TRUE(warehouse) << warehouse.error().message;
  EXPECT_EQ(laps_of(**warehouse), "4,1,10,1,0\n");
  EXPECT_FALSE((*warehouse)->load(std::vector{batch_of<Lap>({{lap(4, 2, 10), {0}}})}, {}));
  EXPECT_FALSE((*warehouse)->query("DELETE FROM staging.stg_laps"));
}

TEST(ReadSession, GivesBackTheRowsThatWereLoaded) {
  const auto warehouse = open();
  Lap full = lap(4, 1, 75'586);
  full.tyre_compound = "INTERMEDIATE";
  full.is_deleted = true;
  full.lap_start_date = UtcTime(std::chrono::milliseconds(1'761'424'860'123));
  record::Weather weather;
  weather.session_key = session_key;
  weather.message_number = 3;
  weather.air_temperature_c = 21.3;
  Lap other = lap(4, 1, 1);
  other.session_key = SessionKey(5);
  load(*warehouse, {batch_of<Lap>({{lap(16, 1), {0}}, {full, {2}}}), batch_of<Lap>({{other, {0}}}),
                    batch_of<record::Weather>({{weather, {0}}})});
  std::vector<record::AnyRow> rows;
  std::vector<std::int32_t> revisions;
  const auto visit = [&](StagingRow&& row) {
    EXPECT_EQ(row.build, recording_build);
    revisions.push_back(row.envelope.revision);
    rows.push_back(std::move(row.row));
  };
  ASSERT_TRUE(warehouse->read_session(session_key, {}, visit));
  EXPECT_EQ(rows, (std::vector<record::AnyRow>{full, lap(16, 1), weather}));
  EXPECT_EQ(revisions, (std::vector<std::int32_t>{2, 0, 0}));
  const std::vector<std::string_view> unknown{"lapz"};
  EXPECT_EQ(warehouse->read_session(session_key, unknown, visit).error().code, Errc::not_found);
}

}  // namespace
}  // namespace slipstream::warehouse
