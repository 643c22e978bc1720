// load of several sources: all of them once, whatever happens on the way.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "cli/commands.h"
#include "cli/load_notes.h"
#include "cli/report.h"
#include "warehouse/format.h"
#include "warehouse/warehouse.h"

namespace slipstream::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Practices with one lap of one car, in the shape of F1's archive.
class SeasonLoad : public testing::Test {
 protected:
  SeasonLoad() {
    std::string name = (fs::path(testing::TempDir()) / "slip_season_XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~SeasonLoad() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  static void write(const fs::path& session, const std::string& topic, const std::string& lines) {
    fs::create_directories(session);
    std::ofstream(session / (topic + ".jsonStream")) << lines << '\n';
  }
  // `lap_time` is told at 00:13:20 of a day in May.
  std::string make_session(const std::string& name, int key, const char* lap_time = "1:20.000",
                           int day = 2) const {
    const fs::path session = folder_ / "2025" / name;
    write(session, "SessionInfo",
          fmt::format(R"(00:00:00.000{{"Meeting":{{"Key":1,"Name":"Some Grand Prix"}},"Key":{},)"
                      R"("Type":"Practice","Name":"Practice 1","StartDate":"2025-05-{:02}T12:00:00",)"
                      R"("GmtOffset":"00:00:00"}})",
                      key, day));
    write(session, "SessionStatus",
          "00:00:01.000{\"Status\":\"Inactive\"}\n00:10:00.000{\"Status\":\"Started\"}\n"
          "00:20:00.000{\"Status\":\"Finished\"}\n00:20:01.000{\"Status\":\"Ends\"}");
    write(session, "TimingData",
          "00:00:02.000{\"Lines\":{\"4\":{\"InPit\":true}}}\n"
          "00:10:05.000{\"Lines\":{\"4\":{\"InPit\":false}}}\n"
          "00:12:00.000{\"Lines\":{\"4\":{\"NumberOfLaps\":1}}}\n"
          "00:13:20.000{\"Lines\":{\"4\":{\"NumberOfLaps\":2,\"LastLapTime\":{\"Value\":\"" +
              std::string(lap_time) + "\"}}}}\n00:21:00.000{\"Lines\":{\"4\":{\"InPit\":true}}}");
    return session.string();
  }
  LoadOptions options(const std::string& out, std::vector<std::string> sources = {}) const {
    LoadOptions options;
    options.sources = std::move(sources);
    if (options.sources.empty()) options.sources = {(folder_ / "2025").string()};
    options.format = "csv";  // byte for byte the same where rows are
    options.out = (folder_ / out).string();
    options.jobs = 2;
    return options;
  }
  // The exit code; what was said is in said_.
  int load(const LoadOptions& options) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run_load(options);
    said_ = testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    return code;
  }
  // Every file but the notes, by its path.
  std::map<std::string, std::string> files_in(const std::string& out) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / out)) {
      const std::string path = entry.path().lexically_relative(folder_ / out).string();
      if (entry.is_regular_file() && !path.starts_with(".slipstream/")) files[path] = text_of(entry.path());
    }
    return files;
  }
  std::string laps(const std::string& out, int key, int day = 2) const {
    return text_of(folder_ / out /
                   fmt::format("laps/date=2025-05-{:02}/session_key={}/data_0.csv", day, key));
  }
  std::size_t note_count(const std::string& out) const {
    const std::string notes = text_of(folder_ / out / ".slipstream/notes.jsonl");
    return static_cast<std::size_t>(std::ranges::count(notes, '\n'));
  }

  fs::path folder_;
  std::string said_;
};

TEST_F(SeasonLoad, AFolderOfSessionsIsReadWhole) {
  make_session("a/practice", 11);
  make_session("b/practice", 12, "1:21.000", 9);
  EXPECT_EQ(load(options("out")), exit_done) << said_;
  EXPECT_THAT(said_, HasSubstr("2 sessions of 2 sources, "));
  EXPECT_THAT(laps("out", 11), HasSubstr(",80000,"));
  EXPECT_THAT(laps("out", 12, 9), HasSubstr(",81000,"));
  EXPECT_FALSE(fs::exists(folder_ / "out/.slipstream/partial"));
}

TEST_F(SeasonLoad, ASessionIsTheSameAloneAndInASeason) {
  const std::string one = make_session("a", 11);
  make_session("b", 12);
  LoadOptions alone = options("alone", {one});
  alone.partition_by = "date";
  for (const char* const format : {"csv", "parquet"}) {
    alone.format = format;
    ASSERT_EQ(load(alone), exit_done) << said_;
    LoadOptions season = options("out");
    season.format = format;
    ASSERT_EQ(load(season), exit_done) << said_;
  }
  const auto in_season = files_in("out");
  const auto files = files_in("alone");
  EXPECT_EQ(files.size() * 2, in_season.size());
  for (const auto& [path, text] : files) EXPECT_TRUE(in_season.at(path) == text) << path;
}

TEST_F(SeasonLoad, KilledAndStartedAgainEqualsAnUndisturbedRun) {
  constexpr std::size_t session_count = 16;
  for (std::size_t i = 0; i < session_count; ++i) {
    make_session(fmt::format("{:02}", i), static_cast<int>(20 + i));
  }
  ASSERT_EQ(load(options("calm")), exit_done) << said_;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDOUT_FILENO);
    ::_exit(run_load(options("out")));
  }
  ASSERT_GT(child, 0);
  while (note_count("out") < 3 && ::waitpid(child, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const std::size_t noted = note_count("out");
  ASSERT_GE(noted, 3u);
  ASSERT_LT(noted, session_count) << "there was nothing left to do";
  std::ofstream(folder_ / "out/.slipstream/notes.jsonl", std::ios::app) << R"({"id":"a line that was c)";
  EXPECT_EQ(load(options("out")), exit_done) << said_;
  EXPECT_THAT(said_,
              HasSubstr(fmt::format(": {} read, {} there already, 0 failed", session_count - noted, noted)));
  EXPECT_TRUE(files_in("out") == files_in("calm"));
  EXPECT_EQ(load(options("out")), exit_done);
  EXPECT_THAT(said_, HasSubstr(fmt::format(": 0 read, {} there already, 0 failed", session_count)));
}

TEST_F(SeasonLoad, ABrokenSessionIsNamedAndTheOthersAreThere) {
  make_session("a", 11);
  const std::string broken = make_session("b", 12);
  make_session("c", 13);
  for (const auto& entry : fs::directory_iterator(broken)) std::ofstream(entry.path()) << "no message\n";
  EXPECT_EQ(load(options("out")), exit_failed);
  EXPECT_THAT(said_, HasSubstr(broken + ": no message could be decoded"));
  EXPECT_THAT(said_, HasSubstr("2 sessions of 3 sources, "));
  EXPECT_THAT(laps("out", 11), HasSubstr(",80000,"));
  EXPECT_THAT(laps("out", 13), HasSubstr(",80000,"));
  make_session("b", 12);
  EXPECT_EQ(load(options("out")), exit_done) << "what failed is tried again";
  EXPECT_THAT(said_, HasSubstr(": 1 read, 2 there already, 0 failed"));
}

TEST_F(SeasonLoad, WhatHasChangedIsReadAgain) {
  make_session("a", 11);
  make_session("b", 12);
  ASSERT_EQ(load(options("out")), exit_done) << said_;
  make_session("b", 12, "1:22.000");
  EXPECT_EQ(load(options("out")), exit_done) << said_;
  EXPECT_THAT(said_, HasSubstr(": 1 read, 1 there already, 0 failed"));
  EXPECT_THAT(laps("out", 12), HasSubstr(",82000,"));
  make_session("b", 12, "1:22.000", 9);  // on another day
  EXPECT_EQ(load(options("out")), exit_done) << said_;
  EXPECT_THAT(laps("out", 12, 9), HasSubstr(",82000,"));
  EXPECT_EQ(laps("out", 12, 2), "") << "a session is in one place";
  LoadOptions few = options("out");
  few.tables = {"laps"};
  EXPECT_EQ(load(few), exit_done) << said_;
  EXPECT_THAT(said_, HasSubstr(": 2 read, 0 there already, 0 failed"));
  fs::remove(folder_ / "out/laps/date=2025-05-02/session_key=11/data_0.csv");
  EXPECT_EQ(load(few), exit_done) << said_;
  EXPECT_THAT(said_, HasSubstr(": 1 read, 1 there already, 0 failed"));
  EXPECT_THAT(laps("out", 11), HasSubstr(",80000,"));
}

TEST_F(SeasonLoad, OfTheSameSessionTwiceTheFirstNamedIsKept) {
  const std::string first = make_session("a", 11, "1:20.000");
  const std::string second = make_session("b", 11, "1:21.000");
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(load(options("out", {first, second})), exit_done);
    EXPECT_THAT(said_, HasSubstr(fmt::format("{} and {} both have session 11", first, second)));
    EXPECT_THAT(said_, HasSubstr("1 sessions of 2 sources, "));
    EXPECT_THAT(laps("out", 11), HasSubstr(",80000,"));
  }
  EXPECT_THAT(said_, HasSubstr(": 0 read, 2 there already, 0 failed"));
  EXPECT_EQ(load(options("out", {second, first})), exit_done);
  EXPECT_THAT(laps("out", 11), HasSubstr(",81000,")) << said_;
}

TEST_F(SeasonLoad, TwoLoadsDoNotWriteIntoOneFolder) {
  make_session("a", 11);
  make_session("b", 12);
  const auto notes = LoadNotes::open((folder_ / "out").string());
  ASSERT_TRUE(notes) << notes.error().message;
  EXPECT_EQ(load(options("out")), exit_failed);
  EXPECT_THAT(said_, HasSubstr("another load is writing there"));
}

TEST_F(SeasonLoad, ADatabaseTakesSeveralSourcesToo) {
  make_session("a", 11);
  make_session("b", 12);
  LoadOptions to_database = options("");
  to_database.out.clear();
  to_database.db = (folder_ / "f1.duckdb").string();
  ASSERT_EQ(load(to_database), exit_done) << said_;
  const auto database = warehouse::open_duckdb(to_database.db, {.is_read_only = true});
  ASSERT_TRUE(database) << database.error().message;
  const auto rows = (*database)->query("select session_key, lap_time_ms from staging.stg_laps order by all");
  ASSERT_TRUE(rows) << rows.error().message;
  std::string text;
  warehouse::format_result(*rows, warehouse::OutputFormat::csv, text);
  EXPECT_THAT(text, HasSubstr("11,80000\n"));
  EXPECT_THAT(text, HasSubstr("12,80000\n"));
}

}  // namespace
}  // namespace slipstream::cli
