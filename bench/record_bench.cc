// Encoders: rows of a real session to bus values, against Boost.JSON writing the same documents, which lie
// ready as its own values, in the same run. One benchmark a bus topic.
//
// Counters: `records_per_s`; `ratio`, records a second to Boost.JSON's: more than 1 is faster.
#include <benchmark/benchmark.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "bench/session_data.h"
#include "record/codec.h"
#include "session/engine.h"

namespace slipstream::bench {
namespace {

constexpr std::size_t rows_max = 50'000;  // of each table; a session has 350,000 samples

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// All that the engine publishes of the Mexico City qualifying, read once for all benchmarks.
Result<session::Output> published_rows() {
  auto session = read_session(mexico_qualifying);
  if (!session) return tl::make_unexpected(session.error());
  session::Engine engine({session->info.name, session->info.kind});
  session::Output output;
  for (const feed::Message& message : session->messages) engine.apply(message, output);
  engine.finish(output);
  return output;
}

template <class Row>
void encode(benchmark::State& state) {
  static auto published = published_rows();
  if (!published) return state.SkipWithError(published.error().message.c_str());
  auto& rows = published->rows<Row>();
  if (rows.size() > rows_max) rows.resize(rows_max);
  const record::RecordMeta meta{"3.0001.2025-10-25T20:46:27.009Z", {}, "NOR", 240};
  std::vector<boost::json::value> documents;
  for (const auto& row : rows) {
    std::string text;
    record::encode(row.row, meta, text);
    documents.push_back(boost::json::parse(text));
  }
  double encode_s = 0, peer_s = 0;
  std::string text;
  boost::json::serializer serializer;
  char buffer[4096];
  for ([[maybe_unused]] auto iteration : state) {
    auto start = std::chrono::steady_clock::now();
    for (const auto& row : rows) {
      text.clear();
      record::encode(row.row, meta, text);
      benchmark::DoNotOptimize(text.data());
    }
    const double once_s = seconds_since(start);
    state.SetIterationTime(once_s);
    encode_s += once_s;
    start = std::chrono::steady_clock::now();
    for (const boost::json::value& document : documents) {
      serializer.reset(&document);
      while (!serializer.done()) benchmark::DoNotOptimize(serializer.read(buffer));
    }
    peer_s += seconds_since(start);
  }
  const auto count = static_cast<double>(rows.size()) * static_cast<double>(state.iterations());
  state.counters["records_per_s"] = count / encode_s;
  state.counters["ratio"] = peer_s / encode_s;
}

BENCHMARK(encode<record::Lap>)->Name("encode/f1_laps")->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(encode<record::Telemetry>)->Name("encode/f1_tele")->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(encode<record::Timing>)->Name("encode/f1_timing")->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(encode<record::RaceControl>)
    ->Name("encode/f1_session")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipstream::bench
