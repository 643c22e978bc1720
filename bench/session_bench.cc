// The fold: a session's messages, which lie ready in memory, through the engine, against visiting every value
// of the same messages with simdjson, in the same run.
//
// Published rows are dropped. Counters: `messages_per_s`; `ratio`, time of the fold to time of the visit;
// allocations a message, over all messages and over the second half, when every car and list is known.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "bench/session_data.h"
#include "bench/visit.h"
#include "session/engine.h"

namespace {

std::int64_t allocation_count = 0;

void* counted_allocation(std::size_t size) {
  ++allocation_count;
  void* const memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return counted_allocation(size); }
void* operator new[](std::size_t size) { return counted_allocation(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace slipstream::bench {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Without the samples of cars and positions, which are most messages and make few kinds of rows.
enum class Topics { all, without_telemetry };

std::vector<feed::Message> chosen(std::vector<feed::Message> messages, Topics topics) {
  if (topics == Topics::without_telemetry) {
    std::erase_if(messages, [](const feed::Message& message) { return message.feed_topic.ends_with(".z"); });
  }
  return messages;
}

void apply_all(session::Engine& engine, session::Output& output, std::span<const feed::Message> messages) {
  for (const feed::Message& message : messages) {
    engine.apply(message, output);
    benchmark::DoNotOptimize(output);
    output.clear();
  }
}

void visit_all(std::span<const feed::Message> messages) {
  simdjson::ondemand::parser parser;
  for (const feed::Message& message : messages) {
    benchmark::DoNotOptimize(
        visit_document(parser, message.payload.data(), message.payload.size(), message.payload.capacity()));
  }
}

void fold(benchmark::State& state, const char* name, Topics topics) {
  auto session = read_session(name);
  if (!session) return state.SkipWithError(session.error().message.c_str());
  const auto messages = chosen(std::move(session->messages), topics);
  const auto half = messages.size() / 2;
  double fold_s = 0, visit_s = 0;
  std::int64_t allocations = 0, late_allocations = 0;
  for ([[maybe_unused]] auto iteration : state) {
    auto start = std::chrono::steady_clock::now();
    visit_all(messages);
    visit_s += seconds_since(start);
    const std::int64_t allocations_before = allocation_count;
    start = std::chrono::steady_clock::now();
    session::Engine engine({session->info.name, session->info.kind});
    session::Output output;
    apply_all(engine, output, std::span(messages).first(half));
    const std::int64_t allocations_at_half = allocation_count;
    apply_all(engine, output, std::span(messages).subspan(half));
    late_allocations += allocation_count - allocations_at_half;
    engine.finish(output);
    const double once_s = seconds_since(start);
    allocations += allocation_count - allocations_before;
    state.SetIterationTime(once_s);
    fold_s += once_s;
  }
  const auto count = static_cast<double>(messages.size()) * static_cast<double>(state.iterations());
  state.counters["messages_per_s"] = count / fold_s;
  state.counters["ratio"] = fold_s / visit_s;
  state.counters["allocations"] = static_cast<double>(allocations) / count;
  state.counters["allocations_second_half"] = static_cast<double>(late_allocations) * 2 / count;
}

BENCHMARK_CAPTURE(fold, mexico_qualifying, mexico_qualifying, Topics::all)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fold, mexico_qualifying_without_telemetry, mexico_qualifying, Topics::without_telemetry)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fold, italy_race, italy_race, Topics::all)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace slipstream::bench
