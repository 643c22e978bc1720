// A session that sends no telemetry, replayed and loaded with the circuit of another source: the same rows.
#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/circuit_source.h"
#include "cli/fold_source.h"
#include "cli/replay.h"
#include "feed/source.h"
#include "tests/support.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;

constexpr const char* qualifying = "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying";

// The session's files but those of telemetry, and room for a database; gone at the end.
class Folder {
 public:
  explicit Folder(const fs::path& session)
      : path_(fs::temp_directory_path() / ("slipstream_replay_" + std::to_string(::getpid()))) {
    fs::create_directories(path_ / "session");
    for (const auto& file : fs::directory_iterator(session)) {
      if (file.path().filename().string().find(".z.") != std::string::npos) continue;
      fs::create_symlink(fs::absolute(file.path()), path_ / "session" / file.path().filename());
    }
  }
  ~Folder() { fs::remove_all(path_); }
  std::string session() const { return (path_ / "session").string(); }
  std::string db() const { return (path_ / "f1.duckdb").string(); }

 private:
  fs::path path_;
};

TEST(Replay, PlacesCarsWithoutPositionsOnTheCircuitOfAnotherSource) {
  const fs::path path = testing_support::data_root() / qualifying;
  if (!fs::exists(path)) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: " << path << " not read";
  const Folder folder(path);
  cli::ReplayPlan plan;
  plan.source = folder.session();
  plan.db = folder.db();
  const auto circuit = cli::read_circuit(path.string());
  ASSERT_TRUE(circuit) << circuit.error().message;
  plan.circuit = *circuit;
  {
    auto source = feed::open_source(plan.source);
    ASSERT_TRUE(source) << source.error().message;
    auto replay = cli::Replay::open(plan);
    ASSERT_TRUE(replay) << replay.error().message;
    ASSERT_TRUE((*replay)->run(**source, {}));
    ASSERT_TRUE((*replay)->finish_sink());
  }
  auto source = feed::open_source(plan.source);
  ASSERT_TRUE(source) << source.error().message;
  const auto folded = cli::fold_source(**source, {.wanted = {}, .tables = {}, .circuit = *circuit});
  ASSERT_TRUE(folded) << folded.error().message;
  const auto loaded = testing_support::new_warehouse();
  ASSERT_TRUE(loaded->load(folded->sessions.at(0).batches, {}));
  const std::string rows = testing_support::table_of(*loaded, "telemetry");
  EXPECT_GT(std::ranges::count(rows, '\n'), 50'000);
  const auto replayed = std::move(*warehouse::open_duckdb(plan.db));
  EXPECT_EQ(testing_support::table_of(*replayed, "telemetry"), rows);
}

}  // namespace
}  // namespace slipstream
