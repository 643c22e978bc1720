// Simulated sessions are read as what they were: feed written, archive opened, folded, compared with the
// truth.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <tuple>

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

constexpr const char* kind_names[] = {"practice", "qualifying", "sprint_qualifying", "sprint", "race"};
using Case = std::tuple<simulate::Kind, int>;  // and a seed

// Both years' rules, several fields and distances.
simulate::Options options_of(simulate::Kind kind, int seed) {
  constexpr int cars[] = {20, 22, 18, 20, 24};
  constexpr int race_laps[] = {57, 12, 30, 20};
  simulate::Options options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.kind = kind;
  options.year = 2025 + (seed + static_cast<int>(kind)) % 2;
  options.cars = cars[seed % 5];
  if (kind == simulate::Kind::race) options.laps = race_laps[seed % 4];
  return options;
}

// How many seeds of each kind.
int seed_count() {
  const char* more = std::getenv("SLIPSTREAM_SIMULATED_SEEDS");
  return more ? std::max(1, std::atoi(more)) : 1;
}

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
    compare_rows<Row>(last_rows<Row>(output_), truth, std::move(is_known));
  }
  template <class Row>
  void compare_rows(const std::vector<Row>& read, const std::vector<Row>& truth,
                    std::function<bool(std::string_view, const Row&)> is_known) {
    for (Difference& found : test::differences(read, truth, std::move(is_known))) {
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

// Of the lap in which a car stopped on the track the table has no more than its end, as FastF1's.
bool is_cut_short(std::string_view column, const Lap& lap) {
  return lap.is_generated == true &&
         (column.starts_with("sector") || column.starts_with("speed") || column == "timing_position" ||
          column == "gap_ms" || column == "interval_ms");
}

std::optional<record::Int> speed_of(std::string_view column, const Lap& lap) {
  if (column == "speed_trap_1_kmh") return lap.speed_trap_1_kmh;
  if (column == "speed_trap_2_kmh") return lap.speed_trap_2_kmh;
  if (column == "speed_finishline_kmh") return lap.speed_finishline_kmh;
  return column == "speed_straight_kmh" ? lap.speed_straight_kmh : std::nullopt;
}

// An equal speed is not sent again, and of a lap under a red flag it is not taken from the lap before.
bool is_speed_under_red(const simulate::History& history, std::string_view column, const Lap& lap) {
  const auto kmh = speed_of(column, lap);
  if (!kmh || lap.track_status->find('5') == std::string::npos) return false;
  return std::ranges::any_of(history.laps, [&](const Lap& before) {
    return before.driver_number == lap.driver_number && before.lap_number == lap.lap_number - 1 &&
           speed_of(column, before) == kmh;
  });
}

// The screen tells of a pass at the end of the mini-sector, which may be in the passer's next lap; two that
// it tells of at once have no order. So they are compared pair by pair.
std::vector<record::Overtake> by_pairs(std::vector<record::Overtake> rows) {
  std::ranges::stable_sort(rows, {}, &record::Overtake::overtake_number);
  std::map<std::pair<record::Int, record::Int>, int> counts;
  for (record::Overtake& row : rows) {
    const int nth = counts[{row.driver_number, row.overtaken_driver_number}]++;
    row.overtake_number = (row.driver_number * 1000 + row.overtaken_driver_number) * 100 + nth;
  }
  return rows;
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
           is_cut_short(column, lap) || is_speed_under_red(history, column, lap) ||
           column == "time_alignment_ms" || (!is_race && column == "timing_position");
  });
  comparison.compare(history.stints);
  comparison.compare(history.pit_stops);
  // The truth sees the cars ten times a second, the screen at mini-sectors: whether an order stands ten
  // seconds, and whether a car is just out of the pits then, differs for a few passes of many seeds.
  if (history.options.seed == 1) {
    comparison.compare_rows<record::Overtake>(
        by_pairs(last_rows<record::Overtake>(output)), by_pairs(history.overtakes),
        [](std::string_view column, const record::Overtake&) {
          return column == "session_time_ms" || column == "lap_number" || column == "position";
        });
  }
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
  comparison.compare(history.championship_prediction);
  comparison.compare(history.drivers, {"line"});  // the place, which changes
  comparison.compare(std::vector{history.session}, {"source", "is_complete", "circuit_key"});
  return comparison.report();
}

// With messages that lag no instant is exact that only they tell: those of TimingData, and what follows from
// them.
bool is_instant(std::string_view column) {
  return column.ends_with("_session_time_ms") || column == "session_time_ms" || column == "lap_start_date" ||
         column == "lap_end_date" || column == "pit_in_time_ms" || column == "pit_out_time_ms" ||
         column == "time_alignment_ms";
}

// What the screen showed at the line, of which car and at which moment, lags too.
bool is_of_screen(std::string_view column) {
  return column == "timing_position" || column == "gap_ms" || column == "interval_ms";
}

// Which status held during a lap is uncertain if it changed as the lap began or ended.
bool is_at_status_change(const simulate::History& history, const Lap& lap) {
  constexpr record::Int lag_most_ms = 1'000;
  return std::ranges::any_of(history.track_status, [&](const record::TrackStatus& change) {
    return std::abs(change.session_time_ms - *lap.session_time_ms) < lag_most_ms ||
           std::abs(change.session_time_ms - *lap.lap_start_session_time_ms) < lag_most_ms;
  });
}
bool follows_from_instants(std::string_view column) {
  return column == "track_status" || column == "is_accurate" || column == "lap_kind";
}

// With the feed's faults on.
std::string compare_faulty(const simulate::History& history, session::Output& output) {
  const bool is_race =
      history.options.kind == simulate::Kind::race || history.options.kind == simulate::Kind::sprint;
  Comparison comparison(output);
  comparison.compare<Lap>(history.laps, [&](std::string_view column, const Lap& lap) {
    // The first lap of a race is timed by the message of its end, which comes when it comes.
    const bool is_by_message = is_race && lap.lap_number == 1 && column == "lap_time_ms";
    return is_instant(column) || is_of_screen(column) || is_by_message ||
           is_first_unknown(is_race, column, lap) || is_cut_short(column, lap) ||
           is_speed_under_red(history, column, lap) ||
           (follows_from_instants(column) && is_at_status_change(history, lap));
  });
  comparison.compare(history.stints);
  comparison.compare<record::PitStop>(
      history.pit_stops, [](std::string_view column, const record::PitStop&) { return is_instant(column); });
  comparison.compare(history.penalties);
  // The start is told at once, the line late: of all cars by the same time.
  comparison.compare(history.results, {"grid_source", "race_time_ms"});
  comparison.compare(history.race_control);
  comparison.compare(history.track_status);
  comparison.compare(history.session_status);
  comparison.compare(history.session_parts);
  comparison.compare(history.flag_zones);
  comparison.compare(history.track_modes);
  comparison.compare(history.weather);
  comparison.compare(history.team_radio);
  comparison.compare(history.lap_count, {"total_laps"});  // one too many until the end (L14)
  comparison.compare(whole_seconds(history.clock));
  comparison.compare(history.drivers, {"line"});
  return comparison.report();
}

std::string read_back(const simulate::History& history, const simulate::Quirks& quirks) {
  const auto script = simulate::write_script(history, quirks);
  std::string root = (fs::temp_directory_path() / "simulated_XXXXXX").string();
  EXPECT_NE(::mkdtemp(root.data()), nullptr);
  const auto folder = simulate::write_archive(history, script, root);
  EXPECT_TRUE(folder) << folder.error().message;
  if (!folder) return "no archive";
  Reading reading(*folder);
  fs::remove_all(root);
  return quirks.rates == simulate::Quirks{}.rates ? compare_all(history, reading.output)
                                                  : compare_faulty(history, reading.output);
}

class SimulatedSessions : public testing::TestWithParam<Case> {};

TEST_P(SimulatedSessions, AreReadAsTheyWere) {
  const auto [kind, seed] = GetParam();
  const auto history = simulate::drive(options_of(kind, seed));
  ASSERT_TRUE(history) << history.error().message;
  if (seed % 5 == 1) {  // for the time that it takes
    EXPECT_EQ(read_back(*history, {}), "");
  }
  EXPECT_EQ(read_back(*history, simulate::measured_quirks()), "") << "with quirks";
}

std::string name_of(const testing::TestParamInfo<Case>& tested) {
  const auto [kind, seed] = tested.param;
  return fmt::format("{}_{}", kind_names[static_cast<int>(kind)], seed);
}

INSTANTIATE_TEST_SUITE_P(
    Seeds, SimulatedSessions,
    testing::Combine(testing::Values(simulate::Kind::race, simulate::Kind::sprint, simulate::Kind::qualifying,
                                     simulate::Kind::sprint_qualifying, simulate::Kind::practice),
                     testing::Range(1, seed_count() + 1)),
    name_of);

}  // namespace
}  // namespace slipstream
