// Feed: a source opened and read to its end, messages decoded but not parsed.
//
// Reads the recorded sessions under SLIPSTREAM_DATA (else beside the repository); a session that is not there
// is skipped with an error in its line. Counters: messages a second, and payload MB (unpacked JSON) a second.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "bench/session_data.h"
#include "feed/source.h"

namespace slipstream::feed {
namespace {

void drain(benchmark::State& state, const char* name) {
  const std::string path = bench::data_path(name);
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

BENCHMARK_CAPTURE(drain, archive_mexico_city_qualifying, bench::mexico_qualifying)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drain, archive_miami_sprint, bench::miami_sprint)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drain, fastf1_italy_race, bench::italy_race)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipstream::feed
