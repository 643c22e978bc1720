// TimingStats and LapSeries: each car's bests with their ranks, and its place lap by lap.
#include <algorithm>

#include "simulate/best_laps.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_ms = 4'891, line_ms = 90;
constexpr const char* speed_names[] = {"I1", "I2", "FL", "ST"};

// Kinds 0 to 2 are sectors, 3 to 6 speeds, 7 the lap.
class Stats {
 public:
  Stats(const FeedView& view, TopicLog& log) : view_(view), log_(log), best_(view.cars.size()) {}

  void take(int kind, int car, const std::optional<record::Int>& value, int lap_number) {
    if (!value) return;
    auto& own = best_[static_cast<std::size_t>(car)][static_cast<std::size_t>(kind)];
    const bool is_speed = kind >= 3 && kind < 7;
    if (own && !(is_speed ? *value > *own : *value < *own)) return;
    own = *value;
    show(kind, car, "Value", is_speed ? index_text(*value) : feed_time(*value));
    if (kind == 7) log_.document.set({"Lines", name(car), "PersonalBestLapTime", "Lap"}, lap_number);
    rank(kind, is_speed);
  }

 private:
  void rank(int kind, bool is_speed) {
    std::vector<std::pair<record::Int, int>> known;
    for (std::size_t car = 0; car < best_.size(); ++car) {
      const auto& value = best_[car][static_cast<std::size_t>(kind)];
      if (value) known.emplace_back(is_speed ? -*value : *value, static_cast<int>(car));
    }
    std::ranges::sort(known);
    for (std::size_t place = 0; place < known.size(); ++place) {
      const int at = static_cast<int>(place) + 1;
      const int car = known[place].second;
      if (kind < 3) log_.document.set({"Lines", name(car), "BestSectors", index_text(kind), "Position"}, at);
      else if (kind < 7)
        log_.document.set({"Lines", name(car), "BestSpeeds", speed_names[kind - 3], "Position"}, at);
      else log_.document.set({"Lines", name(car), "PersonalBestLapTime", "Position"}, at);
    }
  }

  void show(int kind, int car, const char* member, const std::string& value) {
    if (kind < 3) log_.document.set({"Lines", name(car), "BestSectors", index_text(kind), member}, value);
    else if (kind < 7)
      log_.document.set({"Lines", name(car), "BestSpeeds", speed_names[kind - 3], member}, value);
    else log_.document.set({"Lines", name(car), "PersonalBestLapTime", member}, value);
  }

  const std::string& name(int car) const { return view_.cars[static_cast<std::size_t>(car)].name; }

  const FeedView& view_;
  TopicLog& log_;
  std::vector<std::array<std::optional<record::Int>, 8>> best_;
};

std::string line_json(const CarView& car, int line) {
  std::string json = R"({"Line":)" + index_text(line) + R"(,"RacingNumber":")" + car.name;
  json += R"(","PersonalBestLapTime":{"Value":""},"BestSectors":[{"Value":""},{"Value":""},{"Value":""}],)";
  return json + R"("BestSpeeds":{"I1":{"Value":""},"I2":{"Value":""},"FL":{"Value":""},"ST":{"Value":""}}})";
}

}  // namespace

void write_timing_stats(const FeedView& view, Script& script) {
  TopicLog log(script, "TimingStats");
  log.document.put({}, R"({"Withheld":false,"Lines":{}})");
  for (std::size_t car = 0; car < view.cars.size(); ++car) {
    log.document.put({"Lines", view.cars[car].name}, line_json(view.cars[car], static_cast<int>(car) + 1));
  }
  log.send(first_ms);
  Stats stats(view, log);
  Agenda agenda;
  // Each kind of value in a message of its own, when it is known.
  const auto plan = [&](std::optional<std::int32_t> known_ms, int kind, int car,
                        const std::optional<record::Int>& value, const record::Lap& lap) {
    const std::int32_t at_ms = known_ms.value_or(*lap.session_time_ms) + line_ms;
    agenda.at(at_ms, kind, [&stats, &log, &value, &lap, kind, car, at_ms] {
      stats.take(kind, car, value, lap.lap_number);
      log.send(at_ms);
    });
  };
  for (std::size_t n = 0; n < view.cars.size(); ++n) {
    for (const auto& [number, told] : view.cars[n].laps) {
      const record::Lap& lap = *told;
      const int car = static_cast<int>(n);
      const bool has_first = !view.is_race || lap.lap_number > 1;
      if (has_first) plan(lap.sector1_session_time_ms, 0, car, lap.sector1_time_ms, lap);
      plan(lap.sector2_session_time_ms, 1, car, lap.sector2_time_ms, lap);
      plan(lap.session_time_ms, 2, car, lap.sector3_time_ms, lap);
      plan(lap.sector1_session_time_ms, 3, car, lap.speed_trap_1_kmh, lap);
      plan(lap.sector2_session_time_ms, 4, car, lap.speed_trap_2_kmh, lap);
      plan(lap.session_time_ms, 5, car, lap.speed_finishline_kmh, lap);
      plan(lap.session_time_ms, 6, car, lap.speed_straight_kmh, lap);
      if (is_shown(view, lap)) plan(lap.session_time_ms, 7, car, lap.lap_time_ms, lap);
    }
  }
  agenda.run([](std::int32_t) {});
}

void write_lap_series(const FeedView& view, Script& script) {
  if (!view.is_race) return;
  TopicLog log(script, "LapSeries");
  const auto& grid = view.orders.front().order;
  for (std::size_t place = 0; place < grid.size(); ++place) {
    const std::string& car = view.cars[static_cast<std::size_t>(grid[place])].name;
    log.document.put({car}, R"({"RacingNumber":")" + car + R"(","LapPosition":[")" +
                                index_text(static_cast<int>(place) + 1) + R"("]})");
  }
  log.send(first_ms);
  Agenda agenda;
  for (const CarView& car : view.cars) {
    int count = 0;
    for (const auto& [number, told] : car.laps) {
      const record::Lap& lap = *told;
      if (!lap.position) continue;
      agenda.at(*lap.session_time_ms + line_ms, 0, [&log, &car, &lap, index = ++count] {
        log.document.set({car.name, "LapPosition", index_text(index)}, index_text(*lap.position));
      });
    }
  }
  agenda.run([&](std::int32_t at_ms) { log.send(at_ms); });
}

}  // namespace slipstream::simulate
