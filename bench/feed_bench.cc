// Feed: a source opened and read to its end, messages decoded but not parsed.
//
// Reads the recorded sessions under SLIPSTREAM_DATA (else beside the repository); a session that is not there
// is skipped with an error in its line. Counters: messages a second, and payload MB (unpacked JSON) a second.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "feed/source.h"

namespace slipstream::feed {
namespace {

void drain(benchmark::State& state, const char* name) {
  const char* const folder = std::getenv("SLIPSTREAM_DATA");
  const std::string path = std::string(folder != nullptr ? folder : "../shared/data") + '/' + name;
  std::int64_t messages = 0, payload_bytes = 0;
  for (auto _ : state) {
    auto source = open_source(path);
    if (!source) return state.SkipWithError(source.error().message.c_str());
    SourceItem item;
    for (;;) {
      const auto more = (*source)->next(item);
      if (!more) return state.SkipWithError(more.error().message.c_str());
      if (!*more) break;
      const auto* const message = std::get_if<Message>(&item);
      if (message == nullptr) continue;
      ++messages;
      payload_bytes += static_cast<std::int64_t>(message->payload.size());
    }
  }
  state.SetItemsProcessed(messages);
  state.SetBytesProcessed(payload_bytes);
}

BENCHMARK_CAPTURE(drain, archive_mexico_city_qualifying,
                  "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drain, archive_miami_sprint, "archive/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drain, fastf1_italy_race, "recordings/2025_italy_race.fastf1.txt.gz")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipstream::feed
