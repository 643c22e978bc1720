// Everything of a session as rows in memory, telemetry too, and nothing written: what the engine costs over
// the floor. As JSON on stdout: the middle of `passes` passes in ms, on one thread and as `load` does it,
// with threads that read the source and put rows into columns, and how many rows there were.
//   fold SESSION_FOLDER [PASSES]
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "cli/fold_source.h"
#include "cli/read_ahead.h"
#include "feed/source.h"

namespace {

using namespace slipstream;  // NOLINT: a program of its own

struct Passes {
  std::vector<double> elapsed_ms;
  std::size_t rows = 0;

  double median_ms() {
    std::ranges::sort(elapsed_ms);
    return elapsed_ms[elapsed_ms.size() / 2];
  }
};

Result<void> pass(const std::string& path, bool is_beside, Passes& passes) {
  const auto began = std::chrono::steady_clock::now();
  auto source = feed::open_source(path);
  if (!source) return tl::make_unexpected(source.error());
  if (is_beside) *source = std::make_unique<cli::ReadAhead>(std::move(*source));
  const auto folded =
      cli::fold_source(**source, {.wanted = {}, .tables = {}, .is_for_files = true, .is_beside = is_beside});
  if (!folded) return tl::make_unexpected(folded.error());
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - began;
  passes.elapsed_ms.push_back(elapsed.count());
  passes.rows = 0;
  for (const cli::FoldedSession& session : folded->sessions) {
    for (const record::RowBatch& batch : session.batches) passes.rows += batch.row_count();
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 2 ? std::atoi(argv[2]) : 1;
  if (argc < 2 || count < 1) {
    fmt::print(stderr, "fold: SESSION_FOLDER [PASSES]\n");
    return 2;
  }
  Passes alone, beside;
  for (int number = 0; number < count; ++number) {
    for (const bool is_beside : {false, true}) {
      const auto done = pass(argv[1], is_beside, is_beside ? beside : alone);
      if (done) continue;
      fmt::print(stderr, "fold: {}\n", done.error().message);
      return 1;
    }
  }
  fmt::print(R"({{"one_thread_ms":{:.2f},"both_cores_ms":{:.2f},"rows":{}}})"
             "\n",
             alone.median_ms(), beside.median_ms(), alone.rows);
  return 0;
}
