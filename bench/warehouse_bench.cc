// Warehouse: load() into a DuckDB file against the bare chunk appender with the same rows, in the same run.
//
// The rows are a qualifying's worth of car and position samples, in the order in which a session sends them:
// every 240 ms one sample of each of 20 cars. The bare appender gets chunks of values that lie ready, with
// the same columns, in one transaction; load() also finds out that the rows are new, and stores offsets.
// Counter `ratio`: rows a second of load() to rows a second of the bare appender; 1 is as fast.
#include <benchmark/benchmark.h>

#include <fmt/core.h>
#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <numeric>

#include "record/telemetry.h"
#include "warehouse/chunks.h"
#include "warehouse/database.h"
#include "warehouse/schema.h"
#include "warehouse/warehouse.h"

namespace slipstream::warehouse {
namespace {

constexpr int car_count = 20;
constexpr int samples_per_car = 17'500;
constexpr std::int64_t start_ms = 1'761'424'800'000;  // 2025-10-25T20:40:00Z
const SessionKey session_key{9877};

std::vector<record::RowBatch> make_batches() {
  const std::string build = "1.0001.2025-10-25T20:46:27.009Z";
  std::vector<record::RowBatch> batches;
  batches.emplace_back(record::table_of<record::CarSample>(), session_key, build, "f1_tele");
  batches.emplace_back(record::table_of<record::PositionSample>(), session_key, build, "f1_tele");
  std::int64_t offset = 0;
  for (int sample = 0; sample < samples_per_car; ++sample) {
    for (int car = 1; car <= car_count; ++car) {
      const UtcTime date{std::chrono::milliseconds(start_ms + sample * 240L)};
      const int value = (sample * 7 + car * 13) % 300;
      const record::Origin origin{car, offset++, start_ms};
      batches[0].append(record::CarSample{session_key, car, date, sample * 240, value * 40, value, value % 8,
                                          value % 100, value % 2 == 0, 0},
                        {}, origin);
      batches[1].append(record::PositionSample{session_key, car, date, sample * 240, record::Word("OnTrack"),
                                               value, -value, 22, record::quality_ok},
                        {}, origin);
    }
  }
  return batches;
}

class TemporaryFile {
 public:
  TemporaryFile()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("slipstream_bench_{}.duckdb", ::getpid())) {
    remove();
  }
  ~TemporaryFile() { remove(); }
  std::string path() const { return path_.string(); }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(path_.string() + ".wal", ignored);
  }
  std::filesystem::path path_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Chunks of all rows, made before the clock starts: what is measured is DuckDB alone.
std::vector<OwnedChunk> ready_chunks(const record::RowBatch& batch, const StagingTable& table) {
  std::vector<duckdb_logical_type> types;
  types.reserve(table.columns.size());
  for (const StagingColumn& column : table.columns) types.push_back(duckdb_create_logical_type(column.type));
  std::vector<std::uint32_t> rows(batch.row_count());
  std::iota(rows.begin(), rows.end(), 0u);
  std::vector<OwnedChunk> chunks;
  const std::size_t chunk_rows = duckdb_vector_size();
  for (std::size_t first = 0; first < rows.size(); first += chunk_rows) {
    const std::size_t count = std::min(chunk_rows, rows.size() - first);
    chunks.emplace_back(duckdb_create_data_chunk(types.data(), types.size()));
    fill_chunk(chunks.back().get(), table.columns, {batch, std::span(rows).subspan(first, count)}, start_ms);
  }
  for (duckdb_logical_type type : types) duckdb_destroy_logical_type(&type);
  return chunks;
}

// Appends with nothing around it; false on any error.
bool append_bare(Connection& connection, const StagingTable& table, const std::vector<OwnedChunk>& chunks) {
  OwnedAppender appender;
  const std::string name = fmt::format("stg_{}", table.spec->name);
  if (duckdb_appender_create_ext(connection.get(), "f1", "staging", name.c_str(), appender.out()) !=
      DuckDBSuccess) {
    return false;
  }
  for (const OwnedChunk& chunk : chunks) {
    if (duckdb_append_data_chunk(appender.get(), chunk.get()) != DuckDBSuccess) return false;
  }
  return duckdb_appender_close(appender.get()) == DuckDBSuccess;
}

double bare_seconds(const std::vector<record::RowBatch>& batches, benchmark::State& state) {
  const TemporaryFile file;
  { const auto made = open_duckdb(file.path()); }
  auto database = Database::open({{"threads", "1"}, {"memory_limit", "192MB"}});
  auto connection = database->connect();
  const bool is_attached = connection->run(fmt::format("ATTACH '{}' AS f1; USE f1", file.path())).has_value();
  const auto tables = read_schema(*connection);
  if (!is_attached || !tables) state.SkipWithError("cannot open the file");
  std::vector<std::pair<const StagingTable*, std::vector<OwnedChunk>>> work;
  for (const record::RowBatch& batch : batches) {
    const auto table = std::ranges::find(*tables, &batch.table(), &StagingTable::spec);
    work.emplace_back(&*table, ready_chunks(batch, *table));
  }
  const auto start = std::chrono::steady_clock::now();
  bool is_done = connection->run("BEGIN").has_value();
  for (const auto& [table, chunks] : work) is_done = is_done && append_bare(*connection, *table, chunks);
  is_done = is_done && connection->run("COMMIT").has_value();
  if (!is_done) state.SkipWithError("the bare appender failed");
  return seconds_since(start);
}

double load_seconds(const std::vector<record::RowBatch>& batches, benchmark::State& state) {
  const TemporaryFile file;
  auto warehouse = open_duckdb(file.path());
  const std::vector<StoredOffset> offsets{{"log", "f1_tele", Partition(0), Offset(1)}};
  const auto start = std::chrono::steady_clock::now();
  const auto counts = (*warehouse)->load(batches, offsets);
  if (!counts) state.SkipWithError(counts.error().message.c_str());
  return seconds_since(start);
}

void load_against_bare_appender(benchmark::State& state) {
  const std::vector<record::RowBatch> batches = make_batches();
  const double rows = 2.0 * car_count * samples_per_car;
  double bare = 0;
  double load = 0;
  for ([[maybe_unused]] auto iteration : state) {
    bare += bare_seconds(batches, state);
    const double seconds = load_seconds(batches, state);
    load += seconds;
    state.SetIterationTime(seconds);
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["bare_rows_per_s"] = rows * rounds / bare;
  state.counters["load_rows_per_s"] = rows * rounds / load;
  state.counters["ratio"] = bare / load;
}
BENCHMARK(load_against_bare_appender)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

void export_from_memory(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("slipstream_bench_{}", ::getpid());
  auto warehouse = open_duckdb(":memory:");
  const auto counts = (*warehouse)->load(make_batches(), {});
  if (!counts) state.SkipWithError(counts.error().message.c_str());
  const auto format = static_cast<ExportFormat>(state.range(0));
  for ([[maybe_unused]] auto iteration : state) {
    const auto files =
        (*warehouse)->export_tables({.folder = folder.string(), .format = format, .tables = {}});
    if (!files) state.SkipWithError(files.error().message.c_str());
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}
BENCHMARK(export_from_memory)
    ->Arg(static_cast<int>(ExportFormat::parquet))
    ->Arg(static_cast<int>(ExportFormat::csv))
    ->UseRealTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipstream::warehouse

BENCHMARK_MAIN();
