// TimingData: the timing screen, car by car, as it changes. Included by simulate/ only. One thread at a time.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "simulate/best_laps.h"
#include "simulate/feed_log.h"
#include "simulate/race_order.h"

namespace slipstream::simulate {

// Of each kind of value the best of each car and of all.
class ValueBests {
 public:
  static constexpr int kinds = 7;  // sectors 1 to 3, then speeds I1, I2, FL, ST
  struct Mark {
    bool is_personal = false, is_overall = false;
    int dethroned = -1;  // the car that had the best of all
  };
  explicit ValueBests(std::size_t cars) : best_(cars) {}
  // Of sectors the lowest is best, of speeds the highest.
  Mark take(int kind, int car, std::int32_t value);

 private:
  std::vector<std::array<std::optional<std::int32_t>, kinds>> best_;
  std::array<std::optional<std::int32_t>, kinds> overall_;
  std::array<int, kinds> holder_{-1, -1, -1, -1, -1, -1, -1};
};

class TimingBoard {
 public:
  TimingBoard(const FeedView& view, Script& script);
  void write();

 private:
  struct Line {
    int counted = 0;  // NumberOfLaps
    int stops = 0;
    bool is_in_pit = true, is_pit_out = false, is_out_lap = false;
    bool is_stopped = false, is_retired = false, is_knocked_out = false, has_flag = false;
    std::array<std::vector<std::int32_t>, 3> best_mini_ms;
    std::int32_t last_passed_ms = 0;
    std::int32_t sector_ended_ms[3] = {};  // of the running lap
  };

  // What the screen shows of a race when a car passes the end of a mini-sector; nothing: it leads.
  struct Gaps {
    std::optional<RoadGap> to_leader, to_ahead;
  };

  // timing_board.cc
  void begin();
  std::string line_json(int car, int place) const;
  void plan();
  std::vector<std::vector<Gaps>> gaps_at_crossings() const;
  void plan_car(int car, const std::vector<Gaps>& gaps);
  void plan_traps(int car);
  void set_order(const std::vector<int>& order);
  void enter_pits(int car, std::int32_t at_ms);
  void leave_pits(int car, std::int32_t at_ms);
  void turn_to_part(int part, std::int32_t at_ms);
  void retire(const History::Retirement& retirement);
  void show_status(int car);
  std::int32_t sent_ms(int car, std::int32_t at_ms) const;  // with its delay

  // timing_laps.cc
  void pass(int car, const Crossing& crossing, const Gaps& gaps);
  void show_segment(int car, const Crossing& crossing);
  void show_gaps(int car, const Crossing& crossing, const Gaps& gaps);
  void end_sector(int car, const Crossing& crossing);
  void end_lap(int car, const Crossing& crossing);
  void show_lap_time(int car, const record::Lap& lap);
  void show_sector(int car, int sector, std::int32_t time_ms, std::int32_t at_ms);
  void show_speed(int car, int kind, std::optional<record::Int> kmh);
  void show_best(int car, int part, std::int32_t at_ms);
  void show_differences(std::int32_t at_ms);
  void clear_values(int car, int from_sector);

  const std::string& name(int car) const { return view_.cars[static_cast<std::size_t>(car)].name; }
  Line& line(int car) { return lines_[static_cast<std::size_t>(car)]; }
  const record::Lap* lap(int car, int number) const;

  const FeedView& view_;
  TopicLog log_;
  Document& document_;
  Agenda agenda_;
  ValueBests bests_;
  std::vector<Line> lines_;
  std::vector<std::vector<std::int32_t>> overall_mini_ms_;
  std::vector<int> order_;
  int part_ = 0;
};

}  // namespace slipstream::simulate
