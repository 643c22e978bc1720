// How good the lap table is while the session runs: what was said within six seconds of the line, and stayed.
//
// The figures of docs/performance.md, "Live". A lap counts as final when nothing that was timed changes any
// more: times, speeds, pits, tyres, marks, position. Session times do change: the end of a lap is known to a
// tenth of a second at the line and to a millisecond when the next laps have been driven (docs/lap-rules.md,
// 12 and 14), so how far they move is measured instead.
#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>

#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

using record::Int;
using record::Lap;

constexpr Int settled_ms = 6000;

struct Publication {
  Int at_ms;
  bool is_withdrawn;
  Lap row;
};
using Story = std::vector<Publication>;  // of one lap

// What was timed: the row without what the alignment of clocks moves.
Lap timed(Lap lap) {
  lap.session_time_ms = lap.lap_start_session_time_ms = lap.time_alignment_ms = std::nullopt;
  lap.sector1_session_time_ms = lap.sector2_session_time_ms = lap.sector3_session_time_ms = std::nullopt;
  lap.lap_start_date = lap.lap_end_date = std::nullopt;
  if (lap.lap_time_source == "line") lap.lap_time_ms.reset();  // the difference of two session times
  return lap;
}

Int line_ms(const Story& story) {
  const Lap& last = story.back().row;
  if (last.is_generated || !last.session_time_ms) return story.front().at_ms;
  return *last.session_time_ms + last.time_alignment_ms.value_or(0);
}

// The names of the columns in which the two differ.
std::string columns_between(const Lap& a, const Lap& b) {
  std::string names;
  const auto compare = [&](const auto& column) {
    if (!(a.*(column.member) == b.*(column.member))) names += fmt::format(" {}", column.name);
  };
  std::apply([&](const auto&... column) { (compare(column), ...); }, record::Table<Lap>::columns);
  return names.empty() ? " to and fro" : names;
}

struct Quality {
  int laps = 0, withdrawn = 0;
  int final_at_once = 0;                    // nothing timed changes later than six seconds behind the line
  std::vector<Int> moves_ms;                // by how much session_time_ms moved later
  std::map<std::string, int> changed_late;  // laps by the columns in which they were not final

  void take(const Story& story) {
    if (story.back().is_withdrawn) return void(++withdrawn);
    ++laps;
    const Int settled = line_ms(story) + settled_ms;
    const auto late = std::ranges::find_if(story, [&](const auto& it) { return it.at_ms > settled; });
    if (late == story.begin()) return;
    const Lap& early = std::prev(late)->row;
    const bool is_final =
        std::all_of(late, story.end(), [&](const Publication& it) { return timed(it.row) == timed(early); });
    final_at_once += is_final ? 1 : 0;
    if (!is_final) ++changed_late[columns_between(timed(early), timed(story.back().row))];
    if (!early.session_time_ms || !story.back().row.session_time_ms) return;
    moves_ms.push_back(std::abs(*story.back().row.session_time_ms - *early.session_time_ms));
  }

  Int move_ms(double share) {
    if (moves_ms.empty()) return 0;
    const auto at =
        moves_ms.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(moves_ms.size() - 1));
    std::ranges::nth_element(moves_ms, at);
    return *at;
  }

  std::string line(const std::string& name) {
    return fmt::format("| {} | {} | {:.1f} % | {} | {} |", name, laps, 100.0 * final_at_once / laps,
                       move_ms(0.5), move_ms(0.95));
  }
};

TEST(LiveQuality, MostLapsAreFinalSixSecondsBehindTheLine) {
  using namespace testing_support;
  if (!std::filesystem::exists(data_root())) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: nothing measured";
  Quality all;
  std::cout << "| session | laps | final at 6 s | session time moves, median ms | 95 % ms "
               "|\n|---|---|---|---|---|\n";
  for (const LapSession& session : lap_sessions) {
    std::map<std::pair<Int, Int>, Story> stories;
    fold_session(data_root() / session.source, [&](session::Output& output) {
      for (const auto& it : output.rows<Lap>()) {
        stories[{it.row.driver_number, it.row.lap_number}].push_back(
            {it.at_ms, it.envelope.is_withdrawn, it.row});
      }
      output.clear();
    });
    Quality quality;
    for (const auto& [key, story] : stories) {
      quality.take(story);
      all.take(story);
    }
    std::cout << quality.line(session.expected) << "\n";
    EXPECT_EQ(quality.withdrawn, 0) << session.expected << ": a lap was shown that never was";
  }
  std::cout << all.line("all") << "\n";
  for (const auto& [columns, count] : all.changed_late) std::cout << count << columns << "\n";
  EXPECT_GE(all.final_at_once, all.laps * 92 / 100);
}

}  // namespace
}  // namespace slipstream
