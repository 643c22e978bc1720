// load, from a folder to files and to a database.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "cli/commands.h"
#include "cli/report.h"
#include "record/table.h"
#include "warehouse/format.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;

// A practice with one lap of one car, in the shape of F1's archive.
class LoadCommand : public testing::Test {
 protected:
  LoadCommand() : folder_(fs::path(testing::TempDir()) / "slip_load_XXXXXX") {
    std::string name = folder_.string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::create_directories(folder_ / "session");
    write("SessionInfo",
          R"(00:00:00.000{"Meeting":{"Key":1,"Name":"Some Grand Prix"},"Key":42,"Type":"Practice",)"
          R"("Name":"Practice 1","StartDate":"2025-05-02T12:00:00","GmtOffset":"00:00:00"})");
    write("SessionStatus",
          "00:00:01.000{\"Status\":\"Inactive\"}\n00:10:00.000{\"Status\":\"Started\"}\n"
          "00:20:00.000{\"Status\":\"Finished\"}\n00:20:01.000{\"Status\":\"Ends\"}");
    write("TimingData",
          "00:00:02.000{\"Lines\":{\"4\":{\"InPit\":true}}}\n00:10:05.000{\"Lines\":{\"4\":{\"InPit\":false}}"
          "}\n"
          "00:12:00.000{\"Lines\":{\"4\":{\"NumberOfLaps\":1}}}\n"
          "00:13:20.000{\"Lines\":{\"4\":{\"NumberOfLaps\":2,\"LastLapTime\":{\"Value\":\"1:20.000\"}}}}\n"
          "00:21:00.000{\"Lines\":{\"4\":{\"InPit\":true}}}");
    testing::internal::CaptureStdout();
  }
  ~LoadCommand() override {
    testing::internal::GetCapturedStdout();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  void write(const std::string& topic, const std::string& lines) const {
    std::ofstream(folder_ / "session" / (topic + ".jsonStream")) << lines << '\n';
  }
  LoadOptions options() const {
    LoadOptions options;
    options.sources = {(folder_ / "session").string()};
    options.format = "csv";
    return options;
  }
  std::string to_files(const std::vector<std::string>& tables = {}) const {
    LoadOptions wanted = options();
    wanted.out = (folder_ / "out").string();
    wanted.tables = tables;
    EXPECT_EQ(run_load(wanted), exit_done);
    return wanted.out;
  }
  static std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // Without the revision, the last column of laps: in files every row is the first and only one of its key.
  static std::string rows_of(const fs::path& file) {
    std::string text = text_of(file);
    if (!text.starts_with("session_key,driver_number,") || text.find(",revision\n") == std::string::npos)
      return text;
    return std::regex_replace(text, std::regex(",[0-9]+\n"), "\n");
  }

  fs::path folder_;
};

TEST_F(LoadCommand, FilesSayWhatTheDatabaseSays) {
  LoadOptions to_database = options();
  to_database.db = (folder_ / "f1.duckdb").string();
  ASSERT_EQ(run_load(to_database), exit_done);
  const auto database = warehouse::open_duckdb(to_database.db, {.is_read_only = true});
  ASSERT_TRUE(database) << database.error().message;
  const std::string exported = (folder_ / "exported").string();
  ASSERT_TRUE((*database)->export_tables({exported, warehouse::ExportFormat::csv, {}, false}));
  const std::string files = to_files();
  for (const record::TableSpec& table : record::all_tables()) {
    if (&table == &record::table_of<record::Manifest>()) continue;  // counts revisions
    const std::string name = std::string(table.name) + ".csv";
    EXPECT_EQ(rows_of(fs::path(files) / name), rows_of(fs::path(exported) / name)) << name;
  }
  EXPECT_NE(text_of(fs::path(files) / "laps.csv").find(",80000,"), std::string::npos);
  EXPECT_TRUE(text_of(fs::path(files) / "sessions.csv").ends_with(",archive,true\n"));
}

// Our own Parquet against DuckDB's: the same columns, types and rows, in the same order.
TEST_F(LoadCommand, ParquetSaysWhatTheDatabaseSays) {
  LoadOptions wanted = options();
  wanted.db = (folder_ / "f1.duckdb").string();
  ASSERT_EQ(run_load(wanted), exit_done);
  const auto database = warehouse::open_duckdb(wanted.db, {.is_read_only = true});
  ASSERT_TRUE(database) << database.error().message;
  const std::string exported = (folder_ / "exported").string();
  ASSERT_TRUE((*database)->export_tables({exported, warehouse::ExportFormat::parquet, {}, false}));
  wanted.db.clear();
  wanted.out = (folder_ / "out").string();
  wanted.format = "parquet";
  ASSERT_EQ(run_load(wanted), exit_done);
  const auto rows_in = [&](const std::string& folder, std::string_view table, const char* statement) {
    const std::string file = fmt::format("{}/{}.parquet", folder, table);
    std::string text;
    const auto rows = (*database)->query(fmt::format(fmt::runtime(statement), file));
    EXPECT_TRUE(rows) << rows.error().message;
    if (rows) warehouse::format_result(*rows, warehouse::OutputFormat::csv, text);
    return text;
  };
  for (const record::TableSpec& table : record::all_tables()) {
    const char* const types = "DESCRIBE SELECT * FROM '{}'";
    EXPECT_EQ(rows_in(wanted.out, table.name, types), rows_in(exported, table.name, types)) << table.name;
    if (&table == &record::table_of<record::Manifest>()) continue;  // counts revisions
    const char* const rows =
        table.name == "laps" ? "SELECT * EXCLUDE (revision) FROM '{}'" : "SELECT * FROM '{}'";
    EXPECT_EQ(rows_in(wanted.out, table.name, rows), rows_in(exported, table.name, rows)) << table.name;
  }
  EXPECT_NE(rows_in(wanted.out, "completeness", "SELECT * FROM '{}'").find("TimingData"), std::string::npos);
}

TEST_F(LoadCommand, ASessionThatComesTwiceIsMergedInTablesAndRefusedAsRecords) {
  const std::string session = text_of(folder_ / "session" / "SessionInfo.jsonStream").substr(12);
  const auto with_key = [&](const char* time, const char* key) {
    return time + std::regex_replace(session, std::regex("\"Key\":42"), std::string("\"Key\":") + key);
  };
  write("SessionInfo",
        with_key("00:00:00.000", "42") + with_key("00:13:30.000", "41") + with_key("00:20:30.000", "42"));
  const std::string tables = to_files({"sessions", "laps"});
  const std::string sessions = text_of(fs::path(tables) / "sessions.csv");
  EXPECT_EQ(std::ranges::count(sessions, '\n'), 3) << "a header, and each session once\n" << sessions;
  LoadOptions wanted = options();
  wanted.out = (folder_ / "records").string();
  wanted.format = "jsonl";
  wanted.tables = {"f1_laps"};
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_load(wanted), exit_failed);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("session 42 comes twice"), std::string::npos);
}

TEST_F(LoadCommand, ATableAloneIsTheSameFile) {
  const std::string whole = text_of(fs::path(to_files()) / "sessions.csv");
  EXPECT_EQ(text_of(fs::path(to_files({"sessions"})) / "sessions.csv"), whole);
}

}  // namespace
}  // namespace slipstream::cli
