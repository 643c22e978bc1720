// How near an estimated position comes to where the car was: docs/circuits.md.
//
// The session's telemetry is withheld: an engine reads all but CarData.z and Position.z, with the circuit as
// the whole session gave it, and its rows are compared with the positions that it did not see.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include "session/known_circuit.h"
#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

using record::Int;

constexpr const char* sources[] = {
    "archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying",
    "recordings/2023_monaco_fp2.signalr.log",
};

struct Truth {
  std::map<Int, std::vector<record::PositionSample>> positions;  // by car, by time
  std::map<std::pair<Int, Int>, record::Lap> laps;
  std::shared_ptr<const session::KnownCircuit> circuit;
};

using Take = std::function<void(session::Output&)>;

void fold(const std::filesystem::path& path, bool has_telemetry, session::EngineOptions options,
          const Take& take) {
  auto source = feed::open_source(path.string());
  ASSERT_TRUE(source) << source.error().message;
  options.source_name = (*source)->info().name;
  options.source_kind = (*source)->info().kind;
  session::Engine engine(std::move(options));
  session::Output output;
  feed::SourceItem item;
  while ((*source)->next(item).value_or(false)) {
    const auto* message = std::get_if<feed::Message>(&item);
    if (!message || (!has_telemetry && message->feed_topic.ends_with(".z"))) continue;
    engine.apply(*message, output);
    take(output);
    output.clear();
  }
  engine.finish(output);
  take(output);
}

Truth truth_of(const std::filesystem::path& path) {
  Truth truth;
  session::KnownCircuitReader reader;
  session::EngineOptions options;
  options.needs.has_telemetry = false;
  fold(path, true, options, [&](session::Output& output) {
    reader.take(output);
    for (const auto& it : output.rows<record::PositionSample>()) {
      if (it.row.quality == "ok") truth.positions[it.row.driver_number].push_back(it.row);
    }
    for (const auto& it : output.rows<record::Lap>()) {
      truth.laps[{it.row.driver_number, it.row.lap_number}] = it.row;
    }
  });
  truth.circuit = reader.circuit();
  return truth;
}

// Metres from where the car was then; nothing where no two positions say that within a second.
std::optional<double> error_m(const Truth& truth, const record::Telemetry& row) {
  const auto car = truth.positions.find(row.driver_number);
  if (car == truth.positions.end()) return std::nullopt;
  const auto& seen = car->second;
  const auto next =
      std::ranges::upper_bound(seen, row.session_time_ms, {}, &record::PositionSample::session_time_ms);
  if (next == seen.begin() || next == seen.end()) return std::nullopt;
  const auto &a = *std::prev(next), &b = *next;
  if (b.session_time_ms - a.session_time_ms > 1000) return std::nullopt;
  const double part =
      static_cast<double>(row.session_time_ms - a.session_time_ms) / (b.session_time_ms - a.session_time_ms);
  return std::hypot(*a.x_dm + part * (*b.x_dm - *a.x_dm) - *row.x_dm,
                    *a.y_dm + part * (*b.y_dm - *a.y_dm) - *row.y_dm) /
         10;
}

struct Errors {
  std::vector<double> quick, other;  // of accurate laps, of all others
  std::vector<double> driving;       // of all, as it was said while the car drove

  static std::string line(const char* name, const char* what, std::vector<double> values) {
    if (values.empty()) return fmt::format("| {} | {} | 0 | | | |", name, what);
    std::ranges::sort(values);
    const auto at = [&](double share) {
      return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return fmt::format("| {} | {} | {} | {:.0f} | {:.0f} | {:.0f} |", name, what, values.size(), at(0.5),
                       at(0.95), values.back());
  }
  double p95() const {
    std::vector<double> all = quick;
    all.insert(all.end(), other.begin(), other.end());
    std::ranges::sort(all);
    return all.empty() ? 0 : all[static_cast<std::size_t>(0.95 * static_cast<double>(all.size() - 1))];
  }
};

Errors errors_of(const std::filesystem::path& path, const Truth& truth,
                 std::shared_ptr<const session::KnownCircuit> circuit) {
  Errors errors;
  session::EngineOptions options;
  options.circuit = std::move(circuit);
  fold(path, false, options, [&](session::Output& output) {
    for (const auto& it : output.rows<record::Telemetry>()) {
      EXPECT_EQ(it.row.quality, "estimated");
      const auto error = error_m(truth, it.row);
      const auto lap = truth.laps.find({it.row.driver_number, *it.row.lap_number});
      if (!error || lap == truth.laps.end() || it.envelope.is_withdrawn) continue;
      constexpr Int soon_ms = 1500;
      if (it.envelope.revision == 0 && it.at_ms - it.row.session_time_ms < soon_ms) {
        errors.driving.push_back(*error);
        continue;
      }
      const bool is_quick = lap->second.is_accurate;
      (is_quick ? errors.quick : errors.other).push_back(*error);
    }
  });
  return errors;
}

TEST(Estimates, PositionsThatWereWithheldAreFoundAgain) {
  int skipped = 0;
  std::cout << "| session | laps | positions | median m | 95 % m | most m |\n|---|---|---|---|---|---|\n";
  for (const char* source : sources) {
    const auto path = testing_support::data_root() / source;
    if (!std::filesystem::exists(path)) {
      ++skipped;
      continue;
    }
    const Truth truth = truth_of(path);
    ASSERT_TRUE(truth.circuit) << source;
    const Errors errors = errors_of(path, truth, truth.circuit);
    const std::string name = path.filename().string();
    std::cout << Errors::line(name.c_str(), "accurate", errors.quick) << "\n"
              << Errors::line(name.c_str(), "others", errors.other) << "\n"
              << Errors::line(name.c_str(), "while it drives", errors.driving) << "\n";
    auto bare = std::make_shared<session::KnownCircuit>(*truth.circuit);
    bare->mini_sector_end_m.clear();
    const Errors without = errors_of(path, truth, bare);
    std::cout << Errors::line(name.c_str(), "accurate, no mini-sectors", without.quick) << "\n";
    EXPECT_GT(errors.quick.size(), 500U) << source;
    EXPECT_LE(errors.p95(), 60) << source;
    EXPECT_GT(errors.driving.size(), errors.quick.size()) << source;
  }
  if (skipped > 0) GTEST_SKIP() << skipped << " of " << std::size(sources) << " sessions are not there";
}

}  // namespace
}  // namespace slipstream
