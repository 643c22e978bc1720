// The whole live system against the stand-in for F1's servers: two sessions, one after the other, in one run.
#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <regex>
#include <set>
#include <thread>

#include "cli/simulated_session.h"
#include "cli/sql_socket.h"
#include "cli/up.h"
#include "simulate/stand_in.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "slipstream_up_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() { fs::remove_all(path_); }
  std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

// A simulated session counts as one wherever it was read from; these have to pass for real ones.
void hide_simulation(const fs::path& folder) {
  for (const char* name : {"SessionInfo.jsonStream", "SessionInfo.json"}) {
    std::ifstream in(folder / name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    in.close();
    const std::string unmarked = std::regex_replace(text, std::regex("\"Simulated\":true,"), "");
    std::ofstream(folder / name, std::ios::binary)
        << std::regex_replace(unmarked, std::regex("\"Key\":-"), "\"Key\":");
  }
}

cli::SimulatedArchive::Made make(cli::SimulatedArchive& archive, const std::string& kind) {
  cli::SimulateOptions options;
  options.kind = kind;
  options.cars = 3;
  options.laps = 3;
  options.quirks = "none";
  auto made = archive.make(*cli::simulated_session(options));
  EXPECT_TRUE(made.has_value());
  hide_simulation(made->folder);
  return std::move(*made);
}

cli::LiveOptions options_for(const simulate::StandIn& stand_in, const TempFolder& folder) {
  const std::string address = "http://127.0.0.1:" + std::to_string(stand_in.port());
  cli::LiveOptions options;
  options.record.url = address + "/signalrcore";
  options.record.out = folder.at("recordings");
  options.record.linger_seconds = 0.2;
  options.archives = {address + "/static/"};
  options.archive_root = folder.at("archive");
  options.waits_for_archive = true;
  options.db = folder.at("f1.duckdb");
  return options;
}

// While the other process, or thread, has the file open.
std::string ask(const std::string& db, const std::string& sql) {
  const auto answer = cli::ask_sql_socket(db, warehouse::OutputFormat::csv, sql);
  return answer ? *answer : "error: " + answer.error().message;
}

TEST(Up, FollowsOneSessionAfterTheOtherAndLoadsTheirArchives) {
  const TempFolder folder;
  cli::SimulatedArchive practice, qualifying;
  const auto first = make(practice, "practice"), second = make(qualifying, "qualifying");
  simulate::StandInOptions stage;
  stage.sources = {first.folder, second.folder};
  stage.listen.port = 0;
  stage.speed.reset();
  stage.waits_for_clients = true;
  const auto stand_in = simulate::StandIn::start(std::move(stage));
  ASSERT_TRUE(stand_in) << stand_in.error().message;
  const cli::LiveOptions options = options_for(**stand_in, folder);

  std::stop_source stop;
  auto ended =
      std::async(std::launch::async, [&] { return cli::follow_sessions(options, stop.get_token()); });
  // Rank 3 is the archive's; its manifest is the last that comes of it.
  const std::string archives =
      "select count(distinct session_key) as n from staging.stg_manifest "
      "where build like '3.%'";
  const auto limit = std::chrono::steady_clock::now() + 120s;
  while (ask(options.db, archives) != "n\n2\n" && std::chrono::steady_clock::now() < limit) {
    ASSERT_EQ(ended.wait_for(100ms), std::future_status::timeout) << "it ended by itself";
  }
  EXPECT_EQ(ask(options.db, archives), "n\n2\n");
  stop.request_stop();
  ASSERT_EQ(ended.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(ended.get(), 0);

  std::set<std::string> recorded;
  for (const auto& file : fs::directory_iterator(options.record.out)) {
    recorded.insert(file.path().filename().extension().string());
  }
  EXPECT_EQ(recorded, std::set<std::string>{".gz"}) << "what is over is closed and packed";
  const auto warehouse = std::move(*warehouse::open_duckdb(options.db));
  const auto laps_of = [&](const simulate::History& history) {
    return testing_support::csv_of(*warehouse,
                                   "select count(*) as n from staging.stg_laps where build like '3.%' and "
                                   "session_key = " +
                                       std::to_string(-history.session.session_key.value));
  };
  EXPECT_EQ(laps_of(first.history), "n\n" + std::to_string(first.history.laps.size()) + "\n");
  EXPECT_EQ(laps_of(second.history), "n\n" + std::to_string(second.history.laps.size()) + "\n");
}

}  // namespace
}  // namespace slipstream
