// One lap number from wire to warehouse: a row of `mini_sectors` or `timing` joins the lap of `laps` in which
// it was. Over every session that lies in SLIPSTREAM_DATA.
//
// Before there was one rule for it, in practice and qualifying 2 % of the mini-sectors joined the lap in
// which they were driven, because F1's counter is one ahead there (L27); in races all but 0.3 % did.
#include <fmt/core.h>
#include <algorithm>
#include <iostream>

#include "tests/every_session.h"

namespace slipstream {
namespace {

using record::Int;
using record::Lap;
using testing_support::SessionTables;

using Rows = SessionTables<Lap, record::MiniSector, record::Timing>;
using CarLaps = std::map<Int, const Lap*>;  // by number

// How far outside its lap a message may be. The first mini-sector comes up to a second before the line's
// message; what is of a lap comes up to five seconds behind that, and the lap ends where the line was
// crossed, not where the message came (L3, L8).
constexpr Int early_ms = 1000, late_ms = 5000;
// In the Brazilian sprint of 2025 F1's messages of whole laps (the first and the fifth) lag by up to 8.4 s.
constexpr Int lagging_session_key = 9864, lagging_late_ms = 9000;

enum class Where {
  inside,
  beside,     // within the bounds above
  in_garage,  // behind a lap into the pits, before the car leaves them
  before,     // of a lap whose start is not known, or of the first lap: the car is on its way to it
  stopped,    // in the lap of a restart, which begins with it (L12)
  no_row,     // a lap that has none by docs/tables.md
  elsewhere,  // of another lap
};

struct Shares {
  std::map<Where, int> counts;
  int total = 0;
  double share(Where where) const {
    const auto count = counts.find(where);
    return count == counts.end() || total == 0 ? 0 : static_cast<double>(count->second) / total;
  }
  int of(Where where) const {
    const auto count = counts.find(where);
    return count == counts.end() ? 0 : count->second;
  }
};

// A lap that has no row: begun behind the last one that has, or before the first one of a late recording.
Where without_row(const CarLaps& laps, Int lap_number, Int at_ms) {
  if (laps.empty()) return Where::no_row;
  const Lap& last = *laps.rbegin()->second;
  const bool is_behind = lap_number == last.lap_number + 1 && at_ms + early_ms >= last.session_time_ms;
  const Lap& first = *laps.begin()->second;
  const bool is_before = lap_number == first.lap_number - 1 && lap_number > 0 && first.session_time_ms &&
                         at_ms < *first.session_time_ms;
  return is_behind || is_before ? Where::no_row : Where::elsewhere;
}

Where where(const CarLaps& laps, Int lap_number, Int at_ms, Int late_max_ms) {
  const auto found = laps.find(lap_number);
  if (found == laps.end()) return without_row(laps, lap_number, at_ms);
  const Lap& lap = *found->second;
  if (!lap.session_time_ms) return Where::elsewhere;
  const Int end_ms = *lap.session_time_ms + lap.time_alignment_ms.value_or(0);
  if (at_ms > end_ms) {
    const auto next = laps.find(lap_number + 1);
    const auto out_ms = next == laps.end() ? std::nullopt : next->second->pit_out_time_ms;
    if (at_ms <= end_ms + late_max_ms) return Where::beside;
    if (lap.pit_in_time_ms && (!out_ms || at_ms <= *out_ms)) return Where::in_garage;
    return next == laps.end() ? Where::no_row : Where::elsewhere;
  }
  if (!lap.lap_start_session_time_ms) return Where::before;
  if (at_ms >= *lap.lap_start_session_time_ms) return Where::inside;
  if (at_ms + early_ms >= *lap.lap_start_session_time_ms) return Where::beside;
  if (lap_number == laps.begin()->first) return Where::before;
  return lap.pit_out_time_ms && lap.lap_time_source != "feed" ? Where::stopped : Where::elsewhere;
}

template <class Row>
Shares shares_of(const Rows& session, const std::map<Int, CarLaps>& laps) {
  Shares shares;
  const bool is_lagging = session.session.session_key.value == lagging_session_key;
  for (const auto& [key, row] : session.table<Row>()) {
    const auto car = laps.find(row.driver_number);
    const Int lap_number = std::optional<Int>(row.lap_number).value_or(0);
    const Where it = where(car == laps.end() ? CarLaps{} : car->second, lap_number, row.session_time_ms,
                           is_lagging ? lagging_late_ms : late_ms);
    ++shares.counts[it];
    ++shares.total;
    if (it == Where::elsewhere) {
      ADD_FAILURE() << record::Table<Row>::name << ": car " << row.driver_number << " at "
                    << row.session_time_ms << " is not in lap " << lap_number;
    }
  }
  return shares;
}

std::map<Int, CarLaps> laps_by_car(const Rows& session) {
  std::map<Int, CarLaps> laps;
  for (const auto& [key, row] : session.table<Lap>()) laps[row.driver_number][row.lap_number] = &row;
  return laps;
}

std::string line_of(const char* table, const Shares& shares) {
  return fmt::format(
      " {} {}: inside {:.2f} %, beside {:.2f}, garage {:.2f}, before {:.2f}, stopped {:.2f}, "
      "no row {:.2f}",
      shares.total, table, 100 * shares.share(Where::inside), 100 * shares.share(Where::beside),
      100 * shares.share(Where::in_garage), 100 * shares.share(Where::before),
      100 * shares.share(Where::stopped), 100 * shares.share(Where::no_row));
}

TEST(LapNumber, OfMiniSectorsAndOfTheScreenIsThatOfTheLap) {
  int sessions = 0, mini_sectors = 0;
  testing_support::for_each_session<Lap, record::MiniSector, record::Timing>(
      testing_support::every_source(),
      session::needs_of(std::vector<std::string>{"laps", "mini_sectors", "timing"}),
      [&](const Rows& session) {
        const auto laps = laps_by_car(session);
        if (laps.empty()) return;
        const Shares mini = shares_of<record::MiniSector>(session, laps);
        const Shares screen = shares_of<record::Timing>(session, laps);
        std::cout << session.label() << line_of("mini-sectors", mini) << line_of("rows of timing", screen)
                  << "\n";
        ++sessions;
        mini_sectors += mini.total;
        EXPECT_EQ(mini.of(Where::stopped), 0) << "nobody drives then";
        // A race has one lap behind the flag a car; a recording of some minutes the laps at its ends.
        const double joined =
            mini.share(Where::inside) + mini.share(Where::beside) + mini.share(Where::in_garage);
        EXPECT_GE(joined, mini.total > 3000 ? 0.94 : 0.85);
        EXPECT_GE(mini.share(Where::inside), joined - 0.055) << "most are well inside";
      });
  if (sessions == 0) GTEST_SKIP() << "SLIPSTREAM_DATA is missing: no session looked at";
  EXPECT_GE(sessions, 13);
  EXPECT_GE(mini_sectors, 90'000);
}

}  // namespace
}  // namespace slipstream
