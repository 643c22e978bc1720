// TimingAppData and TyreStintSeries: grid, tyres and how long they have run.
#include <algorithm>

#include "core/json_writer.h"
#include "simulate/best_laps.h"
#include "simulate/feed_log.h"
#include "simulate/feed_text.h"
#include "simulate/topics.h"

namespace slipstream::simulate {
namespace {

constexpr std::int32_t first_ms = 5'300, ready_ms = 9'262;
constexpr std::int32_t before_start_ms = 180'000;  // a race's first tyres are known by then
constexpr std::int32_t fitted_ms = 1'500;          // behind the pit exit
constexpr std::int32_t counted_ms = 2'200;         // behind the line
constexpr std::int32_t corrected_ms = 45'000;      // an unknown compound, after that

struct SetFitted {
  std::int32_t at_ms;
  int car;
  const record::Stint* stint;
};

std::int32_t fitted_at(const FeedView& view, const CarView& car, const record::Stint& stint) {
  if (view.is_race && stint.stint_number == 1)
    return std::max(ready_ms + 1'000, view.started_ms() - before_start_ms);
  const auto lap = car.laps.find(stint.first_lap_number.value_or(1));
  if (lap == car.laps.end()) return view.history->end_ms;
  return lap->second->pit_out_time_ms.value_or(*lap->second->lap_start_session_time_ms) + fitted_ms;
}

std::vector<SetFitted> sets_fitted(const FeedView& view) {
  std::vector<SetFitted> sets;
  for (const record::Stint& stint : view.history->stints) {
    const int car = view.car_of(stint.driver_number);
    if (car < 0) continue;
    const std::int32_t at_ms = fitted_at(view, view.cars[static_cast<std::size_t>(car)], stint);
    if (at_ms < view.history->end_ms) sets.push_back({at_ms, car, &stint});
  }
  return sets;
}

std::string set_json(const record::Stint& stint, const std::string& compound, bool has_laps) {
  std::string json;
  JsonWriter out(json);
  const int age = stint.tyre_age_laps_at_start.value_or(0);
  out.begin_object();
  if (has_laps) out.field("LapFlags", 0);
  out.field("Compound", compound).field("New", stint.is_fresh_tyre.value_or(true) ? "true" : "false");
  out.field("TyresNotChanged", "0").field("TotalLaps", age).field("StartLaps", age).end_object();
  return json;
}

// One of the two topics: they say the same in different places.
class TyreLog {
 public:
  TyreLog(const FeedView& view, Script& script, const char* topic, bool is_app_data)
      : view_(view), log_(script, topic), is_app_data_(is_app_data) {}

  void write() {
    begin();
    for (const SetFitted& set : sets_fitted(view_)) plan_set(set);
    if (is_app_data_) plan_lines();
    agenda_.run([this](std::int32_t at_ms) { log_.send(at_ms); });
  }

 private:
  void begin() {
    if (!is_app_data_) log_.document.put({}, R"({"Stints":{}})"), log_.send(first_ms / 5);
    for (const CarView& car : view_.cars) {
      if (is_app_data_)
        log_.document.put({"Lines", car.name}, R"({"RacingNumber":")" + car.name + R"(","Stints":[]})");
      else log_.document.put({"Stints", car.name}, "[]");
    }
    log_.send(first_ms);
    if (!is_app_data_) return;
    show_lines(view_.orders.front().order);
    if (view_.is_race) show_grid();
    log_.send(ready_ms);
  }

  void show_grid() {
    for (const record::SessionResult& result : view_.history->results) {
      const int car = view_.car_of(result.driver_number);
      if (car < 0 || !result.grid_position) continue;
      log_.document.set({"Lines", name(car), "GridPos"}, index_text(*result.grid_position));
    }
  }

  void show_lines(const std::vector<int>& order) {
    for (std::size_t place = 0; place < order.size(); ++place) {
      log_.document.set({"Lines", name(order[place]), "Line"}, static_cast<int>(place) + 1);
    }
  }

  void plan_lines() {
    for (const OrderChange& change : view_.orders) {
      if (change.at_ms > ready_ms) agenda_.at(change.at_ms, 0, [this, &change] { show_lines(change.order); });
    }
  }

  void set(int car, int stint, const char* member, int value) {
    const std::string at = index_text(stint);
    if (is_app_data_) log_.document.set({"Lines", name(car), "Stints", at, member}, value);
    else log_.document.set({"Stints", name(car), at, member}, value);
  }
  void set(int car, int stint, const char* member, const std::string& value) {
    const std::string at = index_text(stint);
    if (is_app_data_) log_.document.set({"Lines", name(car), "Stints", at, member}, value);
    else log_.document.set({"Stints", name(car), at, member}, value);
  }

  void plan_set(const SetFitted& fitted) {
    const int car = fitted.car, index = fitted.stint->stint_number - 1;
    Random random = view_.random(Quirk::late_compounds, car * 100 + index);
    const bool is_late = random.chance(view_.quirks.rate(Quirk::late_compounds));
    const std::string compound = fitted.stint->tyre_compound.value_or("UNKNOWN");
    agenda_.at(fitted.at_ms, 1, [=, this] {
      const std::string json = set_json(*fitted.stint, is_late ? "UNKNOWN" : compound, is_app_data_);
      if (is_app_data_) log_.document.put({"Lines", name(car), "Stints", index_text(index)}, json);
      else log_.document.put({"Stints", name(car), index_text(index)}, json);
    });
    if (is_late) {
      agenda_.at(fitted.at_ms + corrected_ms, 2, [=, this] { set(car, index, "Compound", compound); });
    }
    plan_laps(fitted, index);
  }

  void plan_laps(const SetFitted& fitted, int index) {
    const int car = fitted.car, first = fitted.stint->first_lap_number.value_or(1);
    const auto& laps = view_.cars[static_cast<std::size_t>(car)].laps;
    const int age = fitted.stint->tyre_age_laps_at_start.value_or(0);
    std::optional<std::int32_t> best_ms;
    for (int number = first; number < first + fitted.stint->lap_count.value_or(0); ++number) {
      const auto found = laps.find(number);
      if (found == laps.end()) continue;
      const record::Lap& lap = *found->second;
      const int total = age + number - first + 1;
      const std::int32_t at_ms = *lap.session_time_ms + counted_ms;
      agenda_.at(at_ms, 3, [=, this] { set(car, index, "TotalLaps", total); });
      const bool is_best = is_shown(view_, lap) && (!best_ms || *lap.lap_time_ms < *best_ms);
      if (!is_best || !is_app_data_) continue;
      best_ms = lap.lap_time_ms;
      agenda_.at(*lap.session_time_ms + 50, 3, [=, this] {
        set(car, index, "LapTime", feed_time(*best_ms));
        set(car, index, "LapNumber", number);
        set(car, index, "LapFlags", 1);
      });
    }
  }

  const std::string& name(int car) const { return view_.cars[static_cast<std::size_t>(car)].name; }

  const FeedView& view_;
  TopicLog log_;
  bool is_app_data_;
  Agenda agenda_;
};

}  // namespace

void write_timing_app_data(const FeedView& view, Script& script) {
  TyreLog(view, script, "TimingAppData", true).write();
}

void write_tyre_stint_series(const FeedView& view, Script& script) {
  TyreLog(view, script, "TyreStintSeries", false).write();
}

}  // namespace slipstream::simulate
