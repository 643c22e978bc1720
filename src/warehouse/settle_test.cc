// What a whole build does to the rows that earlier builds left.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <map>
#include <set>

#include "record/manifest.h"
#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
using record::Envelope;
using record::Lap;
using record::RowBatch;
using record::TableCount;
using record::Weather;

record::Session session_row(SessionKey key = session_key) {
  record::Session row;
  row.session_key = key;
  return row;
}

Weather weather(int message_number) {
  Weather row;
  row.session_key = session_key;
  row.message_number = message_number;
  return row;
}

template <class Row>
void count(TableCount& total, const Row& row, std::int32_t revision) {
  ++total.row_count;
  record::RowKey key = record::row_key(row);
  total.checksum += record::row_hash(key, revision);
}

using Laps = std::vector<std::pair<Lap, Envelope>>;

// The manifest of a build that is one sessions row and these laps, each with its last revision.
RowBatch manifest_of(const Laps& laps, bool is_gapless, const std::string& build,
                     SessionKey key = session_key) {
  std::vector<TableCount> counts{{"sessions", 1, 0, 0, is_gapless}, {"laps", 9, 0, 0, is_gapless}};
  count(counts[0], session_row(key), 0);
  for (const auto& [row, envelope] : laps) count(counts[1], row, envelope.revision);
  record::Manifest manifest;
  manifest.session_key = key;
  manifest.tables = record::to_json(counts);
  return batch_of<record::Manifest>({{manifest, {}}}, build);
}

RowBatch session_of(const std::string& build) {
  return batch_of<record::Session>({{session_row(), {}}}, build);
}

std::string is_complete(Warehouse& warehouse) {
  return rows_of(warehouse, "SELECT left(build, 1), is_complete FROM staging.stg_sessions");
}

const Laps recorded{{lap(4, 1, 10), {0}}, {lap(4, 2, 20), {1}}, {lap(4, 3, 30), {0}}};
const Laps archived{{lap(4, 1, 11), {0}}, {lap(4, 2, 22), {2}}};

TEST(Settle, AWholeArchiveRemovesWhatTheRecordingMadeUp) {
  const auto warehouse = open();
  load(*warehouse, {session_of(recording_build), batch_of<Lap>(recorded, recording_build)});
  load(*warehouse, {session_of(archive_build), batch_of<Lap>(archived, archive_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n4,3,30,1,0\n");
  EXPECT_EQ(is_complete(*warehouse), "3,false\n");
  EXPECT_EQ(load(*warehouse, {manifest_of(archived, true, archive_build)}).withdrawn, 1);
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n");
  EXPECT_EQ(is_complete(*warehouse), "3,true\n");
}

TEST(Settle, AManifestThatComesBeforeItsRowsWaitsForTheLastOfThem) {
  const TemporaryFolder folder;
  const std::string file = folder.file("f.duckdb");
  {
    const auto warehouse = open(file);
    load(*warehouse, {batch_of<Lap>(recorded, recording_build)});
    load(*warehouse, {manifest_of(archived, true, archive_build), session_of(archive_build)});
    load(*warehouse, {batch_of<Lap>({archived[0]}, archive_build)});
    load(*warehouse, {batch_of<Lap>({{lap(4, 2, 21), {1}}}, archive_build)});
    EXPECT_EQ(is_complete(*warehouse), "3,false\n") << "a correction is missing";
  }
  const auto warehouse = open(file);
  load(*warehouse, {batch_of<Lap>({archived[1]}, archive_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n");
  EXPECT_EQ(is_complete(*warehouse), "3,true\n");
}

TEST(Settle, AWithdrawalThatIsMissingKeepsABuildOpen) {
  const auto warehouse = open();
  load(*warehouse, {session_of(archive_build), manifest_of(archived, true, archive_build)});
  load(*warehouse,
       {batch_of<Lap>(archived, archive_build), batch_of<Lap>({{lap(4, 9), {0}}}, archive_build)});
  EXPECT_EQ(is_complete(*warehouse), "3,false\n");
  load(*warehouse, {batch_of<Lap>({{lap(4, 9), {1, true}}}, archive_build)});
  EXPECT_EQ(is_complete(*warehouse), "3,true\n");
}

TEST(Settle, ARecordingThatComesAfterTheArchiveAddsNothing) {
  const TemporaryFolder folder;
  const std::string file = folder.file("f.duckdb");
  {
    const auto warehouse = open(file);
    load(*warehouse, {session_of(archive_build), batch_of<Lap>(archived, archive_build),
                      manifest_of(archived, true, archive_build)});
  }
  for (int round = 0; round < 2; ++round) {
    const auto warehouse = open(file);
    const auto counts = load(*warehouse, {session_of(recording_build), batch_of<Lap>(recorded),
                                          manifest_of(recorded, true, recording_build)});
    EXPECT_EQ(counts, (LoadCounts{0, 0, 0, 5}));
    EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n");
    EXPECT_EQ(is_complete(*warehouse), "3,true\n");
  }
}

TEST(Settle, ATableWhoseTopicsHadAGapKeepsWhatWasThere) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>(recorded), batch_of<Weather>({{weather(0), {}}, {weather(7), {}}})});
  load(*warehouse, {session_of(archive_build), batch_of<Lap>(archived, archive_build),
                    manifest_of(archived, false, archive_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n4,3,30,1,0\n");
  EXPECT_EQ(rows_of(*warehouse, "SELECT count(*) FROM staging.stg_weather"), "2\n");
  EXPECT_EQ(is_complete(*warehouse), "3,true\n") << "all of the build is there";
}

TEST(Settle, RowsOfLaterBuildsAndOtherSessionsStay) {
  const auto warehouse = open();
  const std::string next_engine = "3.0002.2025-10-25T20:46:11.110Z";
  Lap other = lap(4, 1, 99);
  other.session_key = SessionKey(-5);
  load(*warehouse, {batch_of<Lap>({{other, {0}}}), batch_of<Lap>({{lap(4, 7, 70), {0}}}, next_engine)});
  load(*warehouse, {session_of(archive_build), batch_of<Lap>(archived, archive_build),
                    manifest_of(archived, true, archive_build)});
  EXPECT_EQ(rows_of(*warehouse, "SELECT lap_number, lap_time_ms FROM staging.stg_laps ORDER BY ALL"),
            "1,11\n1,99\n2,22\n7,70\n");
}

TEST(Settle, ARowThatSaysItIsCompleteDoesNotStandForALook) {
  const auto warehouse = open();
  load(*warehouse, {batch_of<Lap>(recorded)});
  record::Session says_so = session_row();
  says_so.is_complete = true;
  load(*warehouse, {batch_of<record::Session>({{says_so, {}}}, archive_build),
                    batch_of<Lap>(archived, archive_build), manifest_of(archived, true, archive_build)});
  EXPECT_EQ(laps_of(*warehouse), "4,1,11,3,0\n4,2,22,3,2\n");
}

TEST(Settle, TheSameBuildAgainIsANoOp) {
  const auto warehouse = open();
  const std::vector<RowBatch> build{session_of(archive_build), batch_of<Lap>(archived, archive_build),
                                    manifest_of(archived, true, archive_build)};
  load(*warehouse, build);
  const std::string all = "SELECT * FROM staging.stg_laps, staging.stg_sessions, staging.stg_manifest";
  const std::string before = rows_of(*warehouse, all);
  EXPECT_EQ(load(*warehouse, build), (LoadCounts{0, 0, 0, 4}));
  EXPECT_EQ(rows_of(*warehouse, all), before);
}

// A record of one of two builds: a lap, the session's row or the manifest.
struct Sent {
  bool is_archive;
  Lap row;
  Envelope envelope;
  enum class Kind { lap, session, manifest } kind = Kind::lap;
};

// What an engine publishes of some laps: every revision of each, some withdrawn at the end.
std::vector<Sent> some_build(bool is_archive, SessionKey key, Laps& standing) {
  std::vector<Sent> sent;
  for (int number = 1; number <= 5; ++number) {
    const int revisions = *rc::gen::inRange(0, 4);
    const bool is_withdrawn = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});
    Lap row = lap(4, number, (is_archive ? 1000 : 0) + 10 * number);
    row.session_key = key;
    for (int revision = 0; revision < revisions; ++revision) {
      const bool is_last = revision + 1 == revisions;
      sent.push_back({is_archive, row, {revision, is_last && revision > 0 && is_withdrawn}});
    }
    if (revisions > 0 && !sent.back().envelope.is_withdrawn) standing.emplace_back(row, sent.back().envelope);
  }
  sent.push_back({is_archive, {}, {}, Sent::Kind::session});
  sent.push_back({is_archive, {}, {}, Sent::Kind::manifest});
  return sent;
}

RC_GTEST_PROP(Settle, AnyInterleavingOfTwoBuildsEndsInTheSameTables, ()) {
  static const std::unique_ptr<Warehouse> warehouse = open();
  static std::int64_t session = 0;
  const SessionKey key(++session);
  Laps old_laps, new_laps;
  std::vector<Sent> sent = some_build(false, key, old_laps);
  const std::vector<Sent> archive = some_build(true, key, new_laps);
  sent.insert(sent.end(), archive.begin(), archive.end());
  const bool is_gapless = *rc::gen::arbitrary<bool>();
  const bool is_cut = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});  // before its manifest
  if (is_cut) sent.pop_back();
  for (std::size_t at = sent.size(); at > 1; --at)
    std::swap(sent[at - 1], sent[*rc::gen::inRange<std::size_t>(0, at)]);
  const auto repeated = *rc::gen::inRange<std::size_t>(0, sent.size());
  for (std::size_t at = 0; at < repeated; ++at) sent.push_back(sent[at]);
  for (std::size_t begin = 0; begin < sent.size();) {
    const auto count = std::min(*rc::gen::inRange<std::size_t>(3, 20), sent.size() - begin);
    std::vector<RowBatch> batches;
    for (const Sent& one : std::span(sent).subspan(begin, count)) {
      const std::string& build = one.is_archive ? archive_build : recording_build;
      if (one.kind == Sent::Kind::lap) batches.push_back(batch_of<Lap>({{one.row, one.envelope}}, build));
      else if (one.kind == Sent::Kind::session)
        batches.push_back(batch_of<record::Session>({{session_row(key), {}}}, build));
      else batches.push_back(manifest_of(one.is_archive ? new_laps : old_laps, is_gapless, build, key));
    }
    load(*warehouse, batches);
    begin += count;
  }
  // The archive's last word on every lap that it ever named; the recording's on the rest, unless the archive
  // is whole and had no gap.
  std::map<int, std::string> expected;
  std::set<int> named;
  for (const Sent& one : archive) named.insert(one.row.lap_number);
  const bool is_settled = is_gapless && !is_cut;
  for (const auto& [row, envelope] : old_laps) {
    if (!is_settled && !named.contains(row.lap_number))
      expected[row.lap_number] =
          fmt::format("4,{},{},1,{}\n", row.lap_number, *row.lap_time_ms, envelope.revision);
  }
  for (const auto& [row, envelope] : new_laps)
    expected[row.lap_number] =
        fmt::format("4,{},{},3,{}\n", row.lap_number, *row.lap_time_ms, envelope.revision);
  std::string laps;
  for (const auto& [number, text] : expected) laps += text;
  RC_ASSERT(laps_of(*warehouse, key) == laps);
  RC_ASSERT(rows_of(*warehouse, fmt::format("SELECT left(build, 1), is_complete FROM staging.stg_sessions "
                                            "WHERE session_key = {}",
                                            key.value)) == fmt::format("3,{}\n", !is_cut));
}

}  // namespace
}  // namespace slipstream::warehouse
