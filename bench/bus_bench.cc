// Bus: append to and fetch from the embedded log against plain reading and writing of the same bytes, in the
// same run; nothing is flushed to the disk in either.
//
// The records are telemetry as it comes: 22 keys, values of about 300 bytes, batches of 500, 20 partitions.
// The plain way writes each batch's keys and values, which lie ready in one piece, to the end of one file,
// and reads the log's own files. Counter `ratio`: bytes a second of the bus to bytes a second of the plain
// way; 1 is as fast.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bus/bus.h"
#include "bus/crc32c.h"
#include "bus/file_io.h"

namespace slipstream::bus {
namespace {

constexpr std::array drivers = {"VER", "NOR", "LEC", "PIA", "SAI", "HAM", "RUS", "ANT", "ALO", "STR", "GAS",
                                "COL", "ALB", "TSU", "LAW", "HAD", "HUL", "BOR", "OCO", "BEA", "BOT", "PER"};
constexpr std::size_t batch_size = 500;
constexpr std::size_t batch_count =
    8;  // different ones; few, as a producer's last ones still are in the cache
constexpr std::size_t append_count = 400;  // batches appended in one run
constexpr std::int32_t partition_count = 20;
constexpr std::size_t partitions_used = 11;
constexpr std::size_t fetch_bytes = 1u << 20;

struct Batch {
  std::vector<OutRecord> records;  // views into `bytes`
  std::string bytes;               // key, value, key, value, ...
};

std::vector<Batch> make_batches() {
  std::vector<Batch> batches(batch_count);
  std::size_t number = 0;
  for (Batch& batch : batches) {
    batch.bytes.reserve(batch_size * 400);  // never grows, so that views stay good
    for (std::size_t i = 0; i < batch_size; ++i, ++number) {
      const std::string_view driver = drivers[number % drivers.size()];
      const std::size_t at = batch.bytes.size();
      batch.bytes += driver;
      batch.bytes += fmt::format(
          R"({{"Driver":"{}","Date":"2025-10-25T21:{:02}:{:02}.{:03}","SessionTime":{},"RPM":{},"Speed":{},)"
          R"("nGear":{},"Throttle":{},"Brake":false,"DRS":8,"Status":"OnTrack","X":{},"Y":{},"Z":{},)"
          R"("Distance":{}.25,"RelativeDistance":0.{:06},"DriverAhead":"16","Ahead":{}.5,"Lap":9}})",
          driver, number / 60 % 60, number % 60, number % 1000, number * 11, 9000 + number % 3000,
          80 + number % 250, number % 8, number % 101, number % 9000, number % 7000, 22300 + number % 90,
          number % 4300, number % 1000000, number % 300);
      const std::string_view value = std::string_view(batch.bytes).substr(at + driver.size());
      batch.records.push_back({std::string_view(batch.bytes).substr(at, driver.size()),
                               value,
                               static_cast<std::int64_t>(number),
                               {}});
    }
  }
  return batches;
}

const std::vector<Batch>& batches() {
  static const std::vector<Batch> made = make_batches();
  return made;
}

const Batch& batch_of(std::size_t number) { return batches()[number % batch_count]; }

double payload_bytes() {
  double sum = 0;
  for (std::size_t i = 0; i < append_count; ++i) sum += static_cast<double>(batch_of(i).bytes.size());
  return sum;
}

class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "slipstream_bench_XXXXXX").string()) {
    SLIP_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

template <class Work>
double seconds_of(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::unique_ptr<Bus> open_with_topic(const std::string& folder) {
  auto bus = open_embedded_bus(folder);
  SLIP_CHECK(bus && (*bus)->ensure_topic("f1_tele", partition_count));
  return std::move(*bus);
}

void append_all(Bus& bus) {
  for (std::size_t i = 0; i < append_count; ++i) SLIP_CHECK(bus.append("f1_tele", batch_of(i).records));
}

// Bytes of the records that it got.
double fetch_all(Bus& bus) {
  double bytes = 0;
  for (std::int32_t p = 0; p < partition_count; ++p) {
    const auto range = bus.offsets("f1_tele", Partition(p));
    for (Offset next = range->begin; next < range->end;) {
      const auto got = bus.fetch("f1_tele", Partition(p), next, fetch_bytes);
      SLIP_CHECK(got && !got->records.empty());
      for (const InRecord& record : got->records) {
        bytes += static_cast<double>(record.key.size() + record.value.size());
      }
      next = Offset(got->records.back().offset.value + 1);
    }
  }
  return bytes;
}

// Writes every batch in `parts` pieces of one size to as many files.
void write_plainly(const std::string& folder, std::size_t parts) {
  std::vector<File> files;
  for (std::size_t i = 0; i < parts; ++i) {
    auto file = File::open(fmt::format("{}/plain_{}_{}", folder, parts, i), O_WRONLY | O_CREAT);
    SLIP_CHECK(file);
    files.push_back(std::move(*file));
  }
  std::int64_t position = 0;
  for (std::size_t i = 0; i < append_count; ++i) {
    const std::string_view bytes = batch_of(i).bytes;
    const std::size_t piece = bytes.size() / parts;
    for (std::size_t part = 0; part < parts; ++part) {
      SLIP_CHECK(files[part].write_at(bytes.substr(part * piece, piece), position));
    }
    position += static_cast<std::int64_t>(piece);
  }
}

void report(benchmark::State& state, double bus_s, double plain_s) {
  const double bytes = payload_bytes() * static_cast<double>(state.iterations());
  state.counters["MB_per_s"] = bytes / bus_s / 1e6;
  state.counters["plain_MB_per_s"] = bytes / plain_s / 1e6;
  state.counters["ratio"] = plain_s / bus_s;
}

void embedded_append(benchmark::State& state) {
  batches();
  double bus_s = 0;
  double plain_s = 0;
  double split_s = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const Folder folder;
    const auto bus = open_with_topic(folder.path() + "/log");
    const double once_s = seconds_of([&] { append_all(*bus); });
    plain_s += seconds_of([&] { write_plainly(folder.path(), 1); });
    split_s += seconds_of([&] { write_plainly(folder.path(), partitions_used); });
    state.SetIterationTime(once_s);
    bus_s += once_s;
  }
  report(state, bus_s, plain_s);
  state.counters["ratio_split"] = split_s / bus_s;
}
BENCHMARK(embedded_append)->UseManualTime()->Iterations(10)->Unit(benchmark::kMillisecond);

void embedded_fetch(benchmark::State& state) {
  const Folder folder;
  const auto bus = open_with_topic(folder.path() + "/log");
  append_all(*bus);
  double bus_s = 0;
  double plain_s = 0;
  for ([[maybe_unused]] auto iteration : state) {
    const double once_s = seconds_of([&] { SLIP_CHECK(fetch_all(*bus) == payload_bytes()); });
    plain_s += seconds_of([&] {
      std::vector<char> buffer(fetch_bytes);
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        if (!entry.is_regular_file()) continue;
        const auto file = File::open(entry.path().string(), O_RDONLY);
        std::size_t got = 1;
        for (std::int64_t at = 0; got > 0; at += static_cast<std::int64_t>(got)) {
          got = file->read_at(buffer, at).value_or(0);
        }
      }
    });
    state.SetIterationTime(once_s);
    bus_s += once_s;
  }
  report(state, bus_s, plain_s);
}
BENCHMARK(embedded_fetch)->UseManualTime()->Iterations(10)->Unit(benchmark::kMillisecond);

// Opening reads the last segment of every partition again and checks every record.
void embedded_open(benchmark::State& state) {
  const Folder folder;
  append_all(*open_with_topic(folder.path()));
  for ([[maybe_unused]] auto iteration : state) SLIP_CHECK(open_embedded_bus(folder.path()));
  state.counters["MB_per_s"] =
      benchmark::Counter(payload_bytes() / 1e6, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(embedded_open)->Unit(benchmark::kMillisecond);

void memory_append(benchmark::State& state) {
  batches();
  for ([[maybe_unused]] auto iteration : state) {
    const auto bus = make_memory_bus();
    SLIP_CHECK(bus->ensure_topic("f1_tele", partition_count));
    append_all(*bus);
  }
  state.counters["MB_per_s"] =
      benchmark::Counter(payload_bytes() / 1e6, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(memory_append)->Unit(benchmark::kMillisecond);

void crc32c_of_a_record(benchmark::State& state, std::uint32_t (*sum)(std::uint32_t, std::string_view)) {
  const std::string_view record = std::string_view(batches()[0].bytes).substr(0, 340);
  for ([[maybe_unused]] auto iteration : state) benchmark::DoNotOptimize(sum(~0u, record));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * record.size()));
}
BENCHMARK_CAPTURE(crc32c_of_a_record, hardware, crc32c_hardware);
BENCHMARK_CAPTURE(crc32c_of_a_record, software, crc32c_software);

}  // namespace
}  // namespace slipstream::bus
