// What the timing screen shows of laps: mini-sectors, sectors, speeds, times, gaps (timing_board.h).
#include "simulate/feed_text.h"
#include "simulate/timing_board.h"

namespace slipstream::simulate {
namespace {

constexpr int plain = 2048, personal = 2049, overall = 2051, in_pit_lane = 2064;
constexpr const char* speed_names[] = {"I1", "I2", "FL", "ST"};

bool is_better(std::int32_t time_ms, std::int32_t best_ms) { return best_ms == 0 || time_ms < best_ms; }

std::string laps_text(int laps) { return index_text(laps) + "L"; }

}  // namespace

void TimingBoard::pass(int car, const Crossing& crossing, const Gaps& gaps) {
  if (view_.is_race) {
    // They come in a message of their own, in front.
    show_gaps(car, crossing, gaps);
    log_.send(sent_ms(car, crossing.session_time_ms));
  }
  show_segment(car, crossing);
  if (crossing.ends_sector) end_sector(car, crossing);
  line(car).last_passed_ms = crossing.session_time_ms;
}

void TimingBoard::show_segment(int car, const Crossing& crossing) {
  Line& shown = line(car);
  const auto sector = static_cast<std::size_t>(crossing.sector_number - 1);
  const auto mini = static_cast<std::size_t>(crossing.mini_sector_number - 1);
  const auto set = [&](std::size_t s, std::size_t m, int status) {
    document_.set({"Lines", name(car), "Sectors", std::to_string(s), "Segments", std::to_string(m), "Status"},
                  status);
  };
  if (sector == 0 && mini == 0) {
    for (std::size_t s = 0; s < 3; ++s) {
      for (std::size_t m = 0; m < overall_mini_ms_[s].size(); ++m) {
        if (s + m > 0) set(s, m, 0);
      }
    }
  }
  int status = crossing.in_pit_lane ? in_pit_lane : plain;
  const std::int32_t time_ms = crossing.session_time_ms - shown.last_passed_ms;
  if (!crossing.in_pit_lane && shown.last_passed_ms > 0 && !shown.is_out_lap) {
    std::int32_t& own = shown.best_mini_ms[sector][mini];
    if (is_better(time_ms, own)) status = personal, own = time_ms;
    if (is_better(time_ms, overall_mini_ms_[sector][mini]))
      status = overall, overall_mini_ms_[sector][mini] = time_ms;
  }
  set(sector, mini, status);
}

void TimingBoard::show_gaps(int car, const Crossing& crossing, const Gaps& gaps) {
  const std::string& own = name(car);
  const bool is_line = crossing.sector_number == 3 && crossing.ends_sector;
  const int lap = crossing.lap_number + (is_line ? 1 : 0);
  const auto text = [&](const std::optional<RoadGap>& gap) {
    if (!gap) return "LAP " + index_text(lap);
    return gap->laps > 0 ? laps_text(gap->laps) : feed_gap(gap->ms);
  };
  document_.set({"Lines", own, "GapToLeader"}, text(gaps.to_leader));
  document_.set({"Lines", own, "IntervalToPositionAhead", "Value"}, text(gaps.to_ahead));
}

void TimingBoard::clear_values(int car, int from_sector) {
  for (int sector = from_sector; sector < 3; ++sector) {
    document_.set({"Lines", name(car), "Sectors", index_text(sector), "Value"}, "");
  }
  for (const char* speed : {"I2", "FL"}) document_.set({"Lines", name(car), "Speeds", speed, "Value"}, "");
}

void TimingBoard::end_sector(int car, const Crossing& crossing) {
  Line& shown = line(car);
  const int sector = crossing.sector_number - 1;
  const record::Lap* lap = this->lap(car, crossing.lap_number);
  shown.sector_ended_ms[sector] = crossing.session_time_ms;
  if (sector == 0) {
    shown.sector_ended_ms[1] = shown.sector_ended_ms[2] = 0;
    clear_values(car, 1);
    if (shown.is_pit_out) {
      shown.is_pit_out = false;
      document_.set({"Lines", name(car), "PitOut"}, false);
      show_status(car);
    }
  }
  std::optional<std::int32_t> time_ms;
  if (sector > 0 && shown.sector_ended_ms[sector - 1] > 0)
    time_ms = crossing.session_time_ms - shown.sector_ended_ms[sector - 1];
  const bool is_first_of_race = view_.is_race && crossing.lap_number == 1;
  if (sector == 0 && lap != nullptr && !is_first_of_race) time_ms = lap->sector1_time_ms;
  if (sector < 2) {
    if (time_ms) show_sector(car, sector, *time_ms, sent_ms(car, crossing.session_time_ms));
    if (lap != nullptr)
      show_speed(car, 3 + sector, sector == 0 ? lap->speed_trap_1_kmh : lap->speed_trap_2_kmh);
    return;
  }
  end_lap(car, crossing);
  Random random = view_.random(Quirk::late_values, car * 1000 + crossing.lap_number);
  const bool is_late = lap != nullptr && random.chance(view_.quirks.rate(Quirk::late_values));
  const std::int32_t late_ms = is_late ? random.between(100, 4'600) : 0;
  const std::int32_t at_ms = sent_ms(car, crossing.session_time_ms) + late_ms;
  const auto values = [=, this] {
    if (time_ms) show_sector(car, 2, *time_ms, at_ms);
    if (lap == nullptr) return;
    show_speed(car, 5, lap->speed_finishline_kmh);
    show_lap_time(car, *lap);
  };
  if (!is_late) return values();
  agenda_.at(at_ms, 1, values);
}

void TimingBoard::end_lap(int car, const Crossing& crossing) {
  Line& shown = line(car);
  const bool waits_for_exit = !view_.is_race && crossing.in_pit_lane;
  shown.counted = view_.is_race ? crossing.lap_number : crossing.lap_number + 1;
  // In front of the garages the line is counted only when the car leaves them (leave_pits).
  if (!waits_for_exit) document_.set({"Lines", name(car), "NumberOfLaps"}, shown.counted);
  for (const record::SessionStatus& status : view_.history->session_status) {
    if (view_.is_race && status.status == "Finished" && status.session_time_ms <= crossing.session_time_ms)
      shown.has_flag = true;
  }
  shown.is_out_lap = shown.is_pit_out = false;
  document_.set({"Lines", name(car), "PitOut"}, false);
  show_status(car);
}

void TimingBoard::show_lap_time(int car, const record::Lap& lap) {
  if (!is_shown(view_, lap)) return;
  const std::int32_t at_ms = *lap.session_time_ms;
  const auto best = best_lap(view_, car, part_, at_ms);
  const bool is_best = best && best->lap_number == lap.lap_number;
  bool is_overall = is_best;
  for (std::size_t other = 0; is_overall && other < lines_.size(); ++other) {
    const auto theirs = best_lap(view_, static_cast<int>(other), part_, at_ms);
    is_overall = !theirs || static_cast<int>(other) == car || best->time_ms < theirs->time_ms;
  }
  if (is_overall) {
    for (std::size_t other = 0; other < lines_.size(); ++other)
      document_.set({"Lines", name(static_cast<int>(other)), "LastLapTime", "OverallFastest"}, false);
  }
  document_.set({"Lines", name(car), "LastLapTime", "Value"}, feed_time(*lap.lap_time_ms));
  document_.set({"Lines", name(car), "LastLapTime", "OverallFastest"}, is_overall);
  document_.set({"Lines", name(car), "LastLapTime", "PersonalFastest"}, is_best);
  show_best(car, part_, at_ms);
  show_differences(at_ms);
}

void TimingBoard::show_sector(int car, int sector, std::int32_t time_ms, std::int32_t at_ms) {
  const std::string at = index_text(sector);
  const auto mark = bests_.take(sector, car, time_ms);
  if (mark.dethroned >= 0)
    document_.set({"Lines", name(mark.dethroned), "Sectors", at, "OverallFastest"}, false);
  document_.set({"Lines", name(car), "Sectors", at, "Value"}, feed_time(time_ms));
  document_.set({"Lines", name(car), "Sectors", at, "OverallFastest"}, mark.is_overall);
  document_.set({"Lines", name(car), "Sectors", at, "PersonalFastest"}, mark.is_personal);
  // F1 keeps the value for when the screen is cleared, a second or two later.
  const std::int32_t kept_ms = at_ms + 700 + 37 * ((time_ms + car) % 100);
  agenda_.at(kept_ms, 1, [=, this] {
    document_.set({"Lines", name(car), "Sectors", at, "PreviousValue"}, feed_time(time_ms));
  });
}

void TimingBoard::show_speed(int car, int kind, std::optional<record::Int> kmh) {
  if (!kmh) return;
  const char* speed = speed_names[kind - 3];
  const auto mark = bests_.take(kind, car, *kmh);
  if (mark.dethroned >= 0)
    document_.set({"Lines", name(mark.dethroned), "Speeds", speed, "OverallFastest"}, false);
  document_.set({"Lines", name(car), "Speeds", speed, "Value"}, index_text(*kmh));
  document_.set({"Lines", name(car), "Speeds", speed, "OverallFastest"}, mark.is_overall);
  document_.set({"Lines", name(car), "Speeds", speed, "PersonalFastest"}, mark.is_personal);
}

// F1's own count of the lap: in timed sessions the line in front of the garages does not count here. A
// ruling may come when the part of its lap is over: then only that part's time changes.
void TimingBoard::show_best(int car, int part, std::int32_t at_ms) {
  const auto best = best_lap(view_, car, part, at_ms);
  const std::string value = best ? feed_time(best->time_ms) : "";
  const std::string& own = name(car);
  if (view_.is_qualifying) {
    const std::string index = index_text(part);
    document_.set({"Lines", own, "BestLapTimes", index, "Value"}, value);
    if (best) document_.set({"Lines", own, "BestLapTimes", index, "Lap"}, best->lap_number);
  }
  if (part != part_) return;
  document_.set({"Lines", own, "BestLapTime", "Value"}, value);
  if (best) document_.set({"Lines", own, "BestLapTime", "Lap"}, best->lap_number);
  if (!view_.is_race) document_.set({"Lines", own, "ShowPosition"}, best.has_value() || part_ > 0);
}

void TimingBoard::show_differences(std::int32_t at_ms) {
  if (view_.is_race) return;
  std::optional<BestLap> first, before;
  const int entries = entries_of_part(static_cast<int>(view_.cars.size()), part_);
  for (int place = 0; place < entries; ++place) {
    const int car = order_[static_cast<std::size_t>(place)];
    const auto best = best_lap(view_, car, part_, at_ms);
    const std::string to_first = best && first ? feed_gap(best->time_ms - first->time_ms) : "";
    const std::string to_ahead = best && before ? feed_gap(best->time_ms - before->time_ms) : "";
    if (view_.is_qualifying) {
      const std::string part = index_text(part_);
      document_.set({"Lines", name(car), "Stats", part, "TimeDiffToFastest"}, to_first);
      document_.set({"Lines", name(car), "Stats", part, "TimeDifftoPositionAhead"}, to_ahead);
    } else {
      document_.set({"Lines", name(car), "TimeDiffToFastest"}, to_first);
      document_.set({"Lines", name(car), "TimeDiffToPositionAhead"}, to_ahead);
    }
    if (!first) first = best;
    before = best;
  }
}

}  // namespace slipstream::simulate
