#include "simulate/championship.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "simulate/entry_list.h"
#include "simulate/feed_view.h"

namespace slipstream::simulate {
namespace {

constexpr std::array<int, 10> race_points = {25, 18, 15, 12, 10, 8, 6, 4, 2, 1};
constexpr std::array<int, 8> sprint_points = {8, 7, 6, 5, 4, 3, 2, 1};
constexpr std::int32_t standings_ms = 12'051;

int points_of(bool is_sprint, std::size_t place) {
  if (is_sprint) return place < sprint_points.size() ? sprint_points[place] : 0;
  return place < race_points.size() ? race_points[place] : 0;
}

// Of each car, from the races before this one: as fast as today, and lucky or not.
std::vector<int> points_so_far(const World& world) {
  Random random = world.random(Purpose::championship);
  std::vector<int> points(world.cars.size(), 0);
  std::vector<std::size_t> order(world.cars.size());
  for (int round = 1; round < round_number(world.options()); ++round) {
    std::vector<double> form;
    form.reserve(world.cars.size());
    for (const Car& car : world.cars) form.push_back(car.pace + 0.003 * random.normal());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t car) { return form[car]; });
    for (std::size_t place = 0; place < order.size(); ++place)
      points[order[place]] += points_of(false, place);
  }
  return points;
}

// Drivers or teams.
class Standings {
 public:
  Standings(const char* kind, const std::vector<std::string>& names, const std::vector<int>& points)
      : kind_(kind) {
    for (std::size_t n = 0; n < names.size(); ++n) {
      entries_.push_back({names[n], points[n], points[n], 0, 0, true});
      order_.push_back(n);
    }
    rank(&Entry::current, &Entry::current_place);
    for (Entry& entry : entries_) entry.predicted_place = entry.current_place;
  }

  void predict(const std::vector<int>& added) {
    std::vector<Entry> before = entries_;
    for (std::size_t n = 0; n < entries_.size(); ++n) entries_[n].predicted = entries_[n].current + added[n];
    rank(&Entry::predicted, &Entry::predicted_place);
    for (std::size_t n = 0; n < entries_.size(); ++n) {
      entries_[n].has_changed = entries_[n].predicted != before[n].predicted ||
                                entries_[n].predicted_place != before[n].predicted_place;
    }
  }

  bool has_changed() const { return std::ranges::any_of(entries_, &Entry::has_changed); }

  void book(record::Int message_number, std::int32_t at_ms, History& history) const {
    for (const Entry& entry : entries_) {
      if (!entry.has_changed) continue;
      record::ChampionshipPrediction row;
      row.session_key = history.session.session_key;
      row.message_number = message_number;
      row.kind = kind_;
      row.entry = entry.name;
      row.session_time_ms = at_ms;
      row.current_position = entry.current_place;
      row.predicted_position = entry.predicted_place;
      row.current_points = entry.current;
      row.predicted_points = entry.predicted;
      history.championship_prediction.push_back(std::move(row));
    }
  }

 private:
  struct Entry {
    std::string name;
    int current = 0, predicted = 0, current_place = 0, predicted_place = 0;
    bool has_changed = true;
  };

  // Those of equal points stay as they are.
  void rank(int Entry::*points, int Entry::*place) {
    std::ranges::stable_sort(order_, std::ranges::greater(),
                             [&](std::size_t n) { return entries_[n].*points; });
    for (std::size_t n = 0; n < order_.size(); ++n) entries_[order_[n]].*place = static_cast<int>(n) + 1;
  }

  const char* kind_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> order_;
};

class Championship {
 public:
  explicit Championship(World& world)
      : history_(world.history), is_sprint_(world.options().kind == Kind::sprint) {
    for (const record::Driver& driver : history_.drivers) {
      drivers_.push_back(std::to_string(driver.driver_number));
      const std::string team = driver.team_name.value_or("");
      const auto known = std::ranges::find(teams_, team);
      team_of_.push_back(static_cast<std::size_t>(known - teams_.begin()));
      if (known == teams_.end()) teams_.push_back(team);
    }
    const std::vector<int> points = points_so_far(world);
    driver_standings_ = Standings("driver", drivers_, points);
    team_standings_ = Standings("team", teams_, of_teams(points));
  }

  void book_all() {
    book(standings_ms);
    const FeedView view = make_view(history_, {});
    const std::int32_t started_ms = view.started_ms();
    const auto running = std::ranges::upper_bound(view.orders, started_ms, {}, &OrderChange::at_ms);
    predict((running - 1)->order, started_ms);
    for (auto change = running; change != view.orders.end(); ++change) predict(change->order, change->at_ms);
  }

 private:
  std::vector<int> of_teams(const std::vector<int>& points) const {
    std::vector<int> sums(teams_.size(), 0);
    for (std::size_t car = 0; car < points.size(); ++car) sums[team_of_[car]] += points[car];
    return sums;
  }

  void predict(const std::vector<int>& order, std::int32_t at_ms) {
    std::vector<int> added(drivers_.size(), 0);
    for (std::size_t place = 0; place < order.size(); ++place)
      added[static_cast<std::size_t>(order[place])] = points_of(is_sprint_, place);
    driver_standings_.predict(added);
    team_standings_.predict(of_teams(added));
    if (driver_standings_.has_changed() || team_standings_.has_changed()) book(at_ms);
  }

  void book(std::int32_t at_ms) {
    if (at_ms > history_.end_ms) return;
    // The first message of the topic names nobody.
    ++message_number_;
    driver_standings_.book(message_number_, at_ms, history_);
    team_standings_.book(message_number_, at_ms, history_);
  }

  History& history_;
  bool is_sprint_;
  std::vector<std::string> drivers_, teams_;
  std::vector<std::size_t> team_of_;
  Standings driver_standings_{"driver", {}, {}}, team_standings_{"team", {}, {}};
  record::Int message_number_ = 0;
};

}  // namespace

void book_championship(World& world) {
  Championship(world).book_all();
  std::ranges::sort(world.history.championship_prediction, {}, [](const record::ChampionshipPrediction& row) {
    return std::tie(row.message_number, row.kind, row.entry);
  });
}

}  // namespace slipstream::simulate
