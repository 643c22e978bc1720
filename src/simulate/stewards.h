// The stewards: laps deleted for track limits and reinstated, incidents noted, investigated, punished, served
// or not, blue flags. In F1's wording; rows of penalties as docs/results.md reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "simulate/world.h"

namespace slipstream::simulate {

class Stewards {
 public:
  explicit Stewards(const World& world);

  // A car has completed a lap on which it went for time.
  void look_at_lap(World& world, const Car& car, int lap_number);
  // Once a step: what is due is said.
  void sit(World& world);

 private:
  enum class Fate : std::uint8_t { let_go, let_go_after_look, time_penalty, drive_through, after_session };
  enum class Stage : std::uint8_t { noted, investigated, imposed, served, done };

  struct Case {
    int car = 0, other = -1;
    std::string place, reason;
    Fate fate = Fate::let_go;
    int seconds = 5;
    Stage stage = Stage::noted;
    std::int32_t next_ms = 0;
    std::vector<std::size_t> rows;  // of History::penalties
    bool is_rescinded = false;
  };
  struct Ruling {
    std::int32_t at_ms = 0;
    int car = 0, lap_number = 0, turn = 1;
    std::int32_t offence_ms = 0;
    bool is_deletion = true;
  };

  void rule(World& world, const Ruling& ruling);
  void count_strike(World& world, int car);
  void open_case(World& world);
  bool is_like_open_case(const Case& of, std::string_view reason) const;
  void advance(World& world, Case& of);
  void impose(World& world, Case& of);
  void wave_blue_flags(World& world);
  std::string incident_text(const World& world, const Case& of) const;
  std::string penalty_text(const World& world, const Case& of) const;
  std::size_t add_row(World& world, int car, const std::string& reason);

  Random random_;
  std::vector<Case> cases_;
  std::vector<Ruling> rulings_;
  std::vector<std::int32_t> case_times_ms_;
  std::vector<int> strikes_;
  std::vector<std::int32_t> blue_ms_;  // last shown to each car
};

}  // namespace slipstream::simulate
