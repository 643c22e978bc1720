// The files that an export writes, byte for byte.
#include <fstream>
#include <sstream>

#include "warehouse/test_support.h"

namespace slipstream::warehouse {
namespace {

using namespace testing;  // NOLINT: rows of this module's tests
namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

record::RaceControl message(int number, std::optional<std::string> text) {
  record::RaceControl row;
  row.session_key = session_key;
  row.message_number = number;
  row.session_time_ms = number * 1000;
  row.message_date = UtcTime(std::chrono::milliseconds(1'761'424'860'123 + number));
  row.message = std::move(text);
  return row;
}

record::Weather weather(int number, std::optional<double> air_temperature_c, std::optional<bool> is_raining) {
  record::Weather row;
  row.session_key = session_key;
  row.message_number = number;
  row.air_temperature_c = air_temperature_c;
  row.wind_speed_mps = air_temperature_c;
  row.is_raining = is_raining;
  return row;
}

record::Session session(SessionKey key, std::optional<std::int64_t> start_ms) {
  record::Session row;
  row.session_key = key;
  if (start_ms) row.start_date = UtcTime(std::chrono::milliseconds(*start_ms));
  return row;
}

void load_examples(Warehouse& warehouse) {
  load(warehouse,
       {batch_of<record::RaceControl>({{message(2, "CAR 4 (NOR), \"TRACK LIMITS\""), {0}},
                                       {message(1, "line\nbreak"), {0}},
                                       {message(3, std::nullopt), {0}},
                                       {message(4, ""), {0}}}),
        batch_of<record::Weather>(
            {{weather(1, 21.0, true), {0}}, {weather(2, 0.1, false), {0}}, {weather(3, {}, {}), {0}}}),
        batch_of<record::Lap>(
            {{lap(16, 1, 90'000), {0}}, {lap(4, 2, 80'000), {0}}, {lap(4, 1, 81'000), {3}}})});
}

std::vector<ExportedFile> exported(Warehouse& warehouse, ExportOptions options) {
  auto files = warehouse.export_tables(options);
  if (!files) ADD_FAILURE() << files.error().message;
  return files.value_or(std::vector<ExportedFile>{});
}

TEST(Export, WritesCsvAsRfc4180Says) {
  const TemporaryFolder folder;
  const auto warehouse = open();
  load_examples(*warehouse);
  exported(*warehouse, {.folder = folder.path(), .format = ExportFormat::csv, .tables = {}});
  EXPECT_EQ(
      text_of(folder.file("race_control.csv")),
      "session_key,message_number,session_time_ms,message_date,lap_number,category,flag,scope,status,mode,"
      "sector_number,driver_number,session_part,message\n"
      "9877,1,1000,2025-10-25T20:41:00.124Z,,,,,,,,,,\"line\nbreak\"\n"
      "9877,2,2000,2025-10-25T20:41:00.125Z,,,,,,,,,,\"CAR 4 (NOR), \"\"TRACK LIMITS\"\"\"\n"
      "9877,3,3000,2025-10-25T20:41:00.126Z,,,,,,,,,,\n"
      "9877,4,4000,2025-10-25T20:41:00.127Z,,,,,,,,,,\"\"\n");
  EXPECT_EQ(text_of(folder.file("weather.csv")),
            "session_key,message_number,session_time_ms,air_temperature_c,track_temperature_c,humidity_pct,"
            "pressure_mbar,is_raining,wind_direction_deg,wind_speed_mps\n"
            "9877,1,0,21.0,,,,true,,21.0\n9877,2,0,0.1,,,,false,,0.1\n9877,3,0,,,,,,,\n");
}

TEST(Export, EndsLapsWithTheRevisionAndKeepsBusColumnsOut) {
  const TemporaryFolder folder;
  const auto warehouse = open();
  load_examples(*warehouse);
  exported(*warehouse, {.folder = folder.path(), .format = ExportFormat::csv, .tables = {"laps"}});
  const std::string csv = text_of(folder.file("laps.csv"));
  const std::string header = csv.substr(0, csv.find('\n'));
  EXPECT_TRUE(header.ends_with(",time_alignment_ms,revision")) << header;
  EXPECT_EQ(header.find("build"), std::string::npos);
  EXPECT_EQ(csv.substr(header.size() + 1, 9), "9877,4,1,") << "in key order";
  EXPECT_FALSE(fs::exists(folder.file("weather.csv"))) << "only the tables asked for";
}

TEST(Export, WritesEveryTableEmptyOnesToo) {
  for (const ExportFormat format : {ExportFormat::csv, ExportFormat::parquet, ExportFormat::jsonl}) {
    const TemporaryFolder folder;
    const auto files = exported(*open(), {.folder = folder.path(), .format = format, .tables = {}});
    EXPECT_EQ(files.size(), record::all_tables().size());
    for (const ExportedFile& file : files) {
      EXPECT_TRUE(fs::exists(file.path)) << file.path;
      EXPECT_EQ(file.row_count, 0);
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), std::ssize(files))
        << "nothing else is left";
    if (format == ExportFormat::csv) {
      EXPECT_EQ(text_of(folder.file("session_status.csv")),
                "session_key,message_number,session_time_ms,status\n");
    }
  }
}

TEST(Export, DoesNotDependOnTheOrderOfLoading) {
  const TemporaryFolder folder;
  const auto forward = open();
  const auto backward = open();
  std::vector<record::Lap> laps;
  for (int lap_number = 1; lap_number <= 12; ++lap_number) {
    for (const int car : {81, 4, 16}) laps.push_back(lap(car, lap_number, car * lap_number));
  }
  for (std::size_t at = 0; at < laps.size(); ++at) {
    load(*forward, {batch_of<record::Lap>({{laps[at], {0}}})});
    load(*backward, {batch_of<record::Lap>({{laps[laps.size() - 1 - at], {0}}})});
  }
  exported(*forward, {.folder = folder.file("a"), .format = ExportFormat::csv, .tables = {"laps"}});
  exported(*backward, {.folder = folder.file("b"), .format = ExportFormat::csv, .tables = {"laps"}});
  EXPECT_EQ(text_of(folder.file("a/laps.csv")), text_of(folder.file("b/laps.csv")));
}

TEST(Export, AgreesWithSqlOverTheFileAndOverStaging) {
  const TemporaryFolder folder;
  const auto warehouse = open(folder.file("f.duckdb"));
  load_examples(*warehouse);
  exported(*warehouse, {.folder = folder.path(), .format = ExportFormat::parquet, .tables = {}});
  exported(*warehouse, {.folder = folder.path(), .format = ExportFormat::csv, .tables = {}});
  for (const std::string table : {"weather", "race_control", "laps"}) {
    const std::string from_staging =
        rows_of(*warehouse, fmt::format("SELECT COLUMNS(c -> NOT starts_with(c, '_') AND c <> 'build' {}) "
                                        "FROM staging.stg_{} ORDER BY ALL",
                                        table == "laps" ? "" : "AND c <> 'revision'", table));
    EXPECT_EQ(rows_of(*warehouse, fmt::format("FROM '{}' ORDER BY ALL", folder.file(table + ".parquet"))),
              from_staging);
    const std::string csv = text_of(folder.file(table + ".csv"));
    EXPECT_EQ(csv.substr(csv.find('\n') + 1), from_staging);
  }
}

TEST(Export, WritesOneJsonObjectALine) {
  const TemporaryFolder folder;
  const auto warehouse = open();
  load_examples(*warehouse);
  exported(*warehouse, {.folder = folder.path(), .format = ExportFormat::jsonl, .tables = {"weather"}});
  const std::string text = text_of(folder.file("weather.jsonl"));
  EXPECT_EQ(text.substr(0, text.find('\n')),
            R"({"session_key":9877,"message_number":1,"session_time_ms":0,"air_temperature_c":21.0,)"
            R"("track_temperature_c":null,"humidity_pct":null,"pressure_mbar":null,"is_raining":true,)"
            R"("wind_direction_deg":null,"wind_speed_mps":21.0})");
}

TEST(Export, OfBatchesWritesTheFilesOfAWarehouseThatLoadedThem) {
  std::vector<std::pair<record::Lap, record::Envelope>> laps;
  for (int lap_number = 1; lap_number <= 5000; ++lap_number) {  // more than DuckDB's vectors hold
    laps.push_back({lap(4, lap_number, lap_number % 7 == 0 ? std::optional<int>{} : 80'000 + lap_number),
                    {lap_number % 3, lap_number % 100 == 1}});  // some are withdrawn, the first one too
  }
  const std::vector batches{
      batch_of<record::Session>({{session(session_key, 1'761'436'799'000), {0}}}),
      batch_of<record::Lap>(laps), batch_of<record::Lap>({{lap(16, 1, 90'000), {0, true}}}),
      batch_of<record::Lap>({{lap(44, 1), {2}}}),
      batch_of<record::RaceControl>({{message(1, "line\nbreak"), {0}}, {message(2, std::nullopt), {0}}})};
  for (const ExportFormat format : {ExportFormat::csv, ExportFormat::jsonl, ExportFormat::parquet}) {
    for (const bool is_partitioned : {false, true}) {
      const TemporaryFolder folder;
      const auto warehouse = open();
      load(*warehouse, batches);
      ExportOptions options{folder.file("loaded"), format, {}, is_partitioned};
      const auto loaded = exported(*warehouse, options);
      options.folder = folder.file("direct");
      const auto direct = open_file_writer().value()->write(batches, options);
      ASSERT_TRUE(direct) << direct.error().message;
      ASSERT_EQ(direct->size(), loaded.size());
      for (std::size_t at = 0; at < loaded.size(); ++at) {
        EXPECT_EQ((*direct)[at].row_count, loaded[at].row_count);
        if (format == ExportFormat::parquet) continue;  // row groups may be cut elsewhere
        EXPECT_EQ(text_of((*direct)[at].path), text_of(loaded[at].path)) << loaded[at].path;
      }
    }
  }
}

TEST(Export, PartitionsByTheDateOfTheScheduledStart) {
  const TemporaryFolder folder;
  const auto warehouse = open();
  record::Lap other = lap(4, 1, 5);
  other.session_key = SessionKey(-12);
  load(*warehouse, {batch_of<record::Session>({{session(session_key, 1'761'436'799'000), {0}}}),
                    batch_of<record::Lap>({{lap(4, 1, 10), {0}}}), batch_of<record::Lap>({{other, {0}}})});
  const auto files = exported(*warehouse, {.folder = folder.path(),
                                           .format = ExportFormat::parquet,
                                           .tables = {"laps"},
                                           .is_partitioned_by_date = true});
  ASSERT_EQ(files.size(), 2u);
  EXPECT_TRUE(fs::exists(folder.file("laps/date=2025-10-25/session_key=9877/data_0.parquet")));
  EXPECT_TRUE(fs::exists(folder.file("laps/date=unknown/session_key=-12/data_0.parquet")));
  EXPECT_EQ(rows_of(*warehouse,
                    fmt::format("SELECT session_key, lap_time_ms, date FROM read_parquet('{}/**/*.parquet', "
                                "hive_partitioning = true) ORDER BY 1",
                                folder.file("laps"))),
            "-12,5,unknown\n9877,10,2025-10-25\n");
}

TEST(Export, SaysWhichFolderCannotBeWritten) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("file")) << "in the way";
  const auto warehouse = open();
  for (const std::string& path :
       {folder.file("file"), folder.file("file/below"), std::string("/proc/slip")}) {
    const auto outcome =
        warehouse->export_tables({.folder = path, .format = ExportFormat::csv, .tables = {}});
    ASSERT_FALSE(outcome) << path;
    EXPECT_EQ(outcome.error().code, Errc::unavailable);
    EXPECT_TRUE(outcome.error().message.starts_with(path)) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find('\n'), std::string::npos);
  }
}

TEST(Export, LeavesNoHalfFileAndKeepsTheOldOneOnError) {
  const TemporaryFolder folder;
  const auto warehouse = open();
  load_examples(*warehouse);
  fs::create_directories(folder.file("weather.csv"));  // the last step, the rename, fails on a folder
  std::ofstream(folder.file("weather.csv/keep")) << "x";
  const auto outcome =
      warehouse->export_tables({.folder = folder.path(), .format = ExportFormat::csv, .tables = {"weather"}});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("weather.csv"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Export, KnowsItsTablesAndFormats) {
  const TemporaryFolder folder;
  const auto outcome =
      open()->export_tables({.folder = folder.path(), .format = ExportFormat::csv, .tables = {"lapz"}});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::not_found);
  EXPECT_TRUE(
      outcome.error().message.starts_with("no table named 'lapz'; there are sessions, drivers, laps"));
  EXPECT_EQ(parse_export_format("jsonl"), ExportFormat::jsonl);
  EXPECT_FALSE(parse_export_format("xls"));
}

}  // namespace
}  // namespace slipstream::warehouse
