// Simulated sessions are read as what they were: feed written, archive opened, folded, compared with the
// truth.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "feed/source.h"
#include "session/engine.h"
#include "session/feed_topics.h"
#include "simulate/archive_files.h"
#include "simulate/drive.h"
#include "simulate/script.h"
#include "tests/table_difference.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using record::Lap;
using test::Difference;

struct Case {
  simulate::Kind kind;
  int year, laps, cars;
};
constexpr const char* kind_names[] = {"practice", "qualifying", "sprint_qualifying", "sprint", "race"};

// The last revision of every row.
template <class Row>
std::vector<Row> last_rows(session::Output& output) {
  std::map<record::RowKey, std::pair<Row, bool>> last;
  for (const auto& published : output.rows<Row>()) {
    last.insert_or_assign(record::row_key(published.row),
                          std::pair(published.row, published.envelope.is_withdrawn));
  }
  std::vector<Row> rows;
  for (auto& [key, row] : last) {
    if (!row.second) rows.push_back(std::move(row.first));
  }
  return rows;
}

class Reading {
 public:
  explicit Reading(const fs::path& folder) {
    auto needs = session::needs_of(std::vector<std::string>{"laps", "stints", "pit_stops", "results"});
    needs.feed_topics.clear();
    auto source = feed::open_source(folder.string());
    EXPECT_TRUE(source) << source.error().message;
    if (!source) return;
    session::Engine engine({(*source)->info().name, (*source)->info().kind, needs});
    feed::SourceItem item;
    while ((*source)->next(item).value_or(false)) {
      if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
      else ADD_FAILURE() << std::get<feed::BrokenInput>(item).reason;
    }
    engine.finish(output);
  }
  session::Output output;
};

class Comparison {
 public:
  explicit Comparison(session::Output& output) : output_(output) {}

  template <class Row>
  void compare(const std::vector<Row>& truth, std::function<bool(std::string_view, const Row&)> is_known) {
    for (Difference& found : test::differences(last_rows<Row>(output_), truth, std::move(is_known))) {
      auto& [count, examples] = found_[found.table + "." + found.column];
      if (++count <= 4) examples += "\n    " + found.text;
    }
  }
  template <class Row>
  void compare(const std::vector<Row>& truth, const std::set<std::string_view>& skipped = {}) {
    compare<Row>(truth, [&](std::string_view column, const Row&) { return skipped.contains(column); });
  }

  std::string report() const {
    std::string text;
    for (const auto& [name, found] : found_)
      text += fmt::format("  {}: {}{}\n", name, found.first, found.second);
    return text;
  }

 private:
  session::Output& output_;
  std::map<std::string, std::pair<int, std::string>> found_;
};

// The feed times neither the first lap of a race nor its first sector.
bool is_first_unknown(bool is_race, std::string_view column, const Lap& lap) {
  if (!is_race || lap.lap_number != 1) return false;
  return column == "sector1_time_ms" || column == "sector1_session_time_ms" || column == "lap_time_source" ||
         column == "is_accurate";
}

// An equal first sector is not sent again: its time is known, when it ended is not.
bool is_sent_before(const simulate::History& history, std::string_view column, const Lap& lap) {
  if (column != "sector1_session_time_ms") return false;
  return std::ranges::any_of(history.laps, [&](const Lap& before) {
    return before.driver_number == lap.driver_number && before.lap_number == lap.lap_number - 1 &&
           before.sector1_time_ms == lap.sector1_time_ms;
  });
}

// The feed's clock has no fractions of a second.
std::vector<record::SessionClock> whole_seconds(std::vector<record::SessionClock> rows) {
  for (record::SessionClock& row : rows) row.remaining_ms = *row.remaining_ms / 1000 * 1000;
  return rows;
}

std::string compare_all(const simulate::History& history, session::Output& output) {
  Comparison comparison(output);
  const bool is_race =
      history.options.kind == simulate::Kind::race || history.options.kind == simulate::Kind::sprint;
  comparison.compare<Lap>(history.laps, [&](std::string_view column, const Lap& lap) {
    return is_first_unknown(is_race, column, lap) || is_sent_before(history, column, lap) ||
           column == "time_alignment_ms" || (!is_race && column == "timing_position");
  });
  comparison.compare(history.stints);
  comparison.compare(history.pit_stops);
  comparison.compare(history.overtakes, {"session_time_ms"});  // the screen tells at the next line
  comparison.compare(history.penalties);
  comparison.compare(history.results, {"grid_source"});
  comparison.compare(history.race_control);
  comparison.compare(history.track_status);
  comparison.compare(history.session_status);
  comparison.compare(history.session_parts);
  comparison.compare(history.flag_zones);
  comparison.compare(history.track_modes);
  comparison.compare(history.weather);
  comparison.compare(history.team_radio);
  comparison.compare(history.lap_count);
  comparison.compare(whole_seconds(history.clock));
  comparison.compare(history.drivers, {"line"});  // the place, which changes
  comparison.compare(std::vector{history.session}, {"source", "is_complete", "meeting_key", "circuit_key"});
  return comparison.report();
}

// With the feed's faults on: what was timed, and on which tyres.
std::string compare_timed(const simulate::History& history, session::Output& output) {
  const std::set<std::string_view> timed = {"lap_time_ms",     "sector1_time_ms", "sector2_time_ms",
                                            "sector3_time_ms", "tyre_compound",   "is_deleted",
                                            "driver_stint",    "session_part"};
  const bool is_race =
      history.options.kind == simulate::Kind::race || history.options.kind == simulate::Kind::sprint;
  Comparison comparison(output);
  comparison.compare<Lap>(history.laps, [&](std::string_view column, const Lap& lap) {
    // The first lap of a race is timed by the message of its end, which comes when it comes.
    const bool is_by_message = is_race && lap.lap_number == 1 && column == "lap_time_ms";
    return !timed.contains(column) || is_by_message || is_first_unknown(is_race, column, lap);
  });
  comparison.compare(history.stints);
  return comparison.report();
}

std::string read_back(const simulate::Options& options, const simulate::Quirks& quirks) {
  const auto history = simulate::drive(options);
  EXPECT_TRUE(history) << history.error().message;
  if (!history) return "no session";
  const auto script = simulate::write_script(*history, quirks);
  const fs::path root = fs::temp_directory_path() / fmt::format("simulated_{}_{}_{}", options.seed,
                                                                static_cast<int>(options.kind), options.year);
  fs::remove_all(root);
  const auto folder = simulate::write_archive(*history, script, root);
  EXPECT_TRUE(folder) << folder.error().message;
  if (!folder) return "no archive";
  Reading reading(*folder);
  fs::remove_all(root);
  return quirks.rates == simulate::Quirks{}.rates ? compare_all(*history, reading.output)
                                                  : compare_timed(*history, reading.output);
}

class SimulatedSessions : public testing::TestWithParam<Case> {};

TEST_P(SimulatedSessions, AreReadAsTheyWere) {
  const Case& of = GetParam();
  const char* more = std::getenv("SLIPSTREAM_SIMULATED_SEEDS");
  const int seeds = more ? std::atoi(more) : 1;
  for (int seed = 1; seed <= seeds; ++seed) {
    simulate::Options options;
    options.seed = static_cast<std::uint64_t>(seed);
    options.kind = of.kind;
    options.year = of.year;
    if (of.laps > 0) options.laps = of.laps;
    options.cars = of.cars;
    const std::string differences = read_back(options, {});
    EXPECT_EQ(differences, "") << "seed " << seed;
    EXPECT_EQ(read_back(options, simulate::measured_quirks()), "") << "quirks, seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, SimulatedSessions,
                         testing::Values(Case{simulate::Kind::race, 2026, 12, 22},
                                         Case{simulate::Kind::sprint, 2025, 0, 20},
                                         Case{simulate::Kind::qualifying, 2025, 0, 20},
                                         Case{simulate::Kind::sprint_qualifying, 2026, 0, 22},
                                         Case{simulate::Kind::practice, 2026, 0, 20}),
                         [](const auto& tested) {
                           return std::string(kind_names[static_cast<int>(tested.param.kind)]);
                         });

}  // namespace
}  // namespace slipstream
