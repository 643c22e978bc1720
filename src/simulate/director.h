// The race director: yellow flags where a car stands, virtual and real safety car, red flag and restart, and
// what these allow a car to drive. Of practice and qualifying only flags, yellow and red.
#pragma once

#include <vector>

#include "simulate/motion.h"
#include "simulate/world.h"

namespace slipstream::simulate {

enum class Response : std::uint8_t { none, vsc, safety_car, red, red_for_good };

// Something on the track that has to be cleared away.
struct Hazard {
  int marshal_sector = 1;
  int car = -1;  // that stands there and is taken away; -1: none
  std::int32_t from_ms = 0, respond_ms = 0, clear_ms = 0;
  Response response = Response::none;
};

class Director {
 public:
  void report(World& world, Hazard hazard, bool is_double);
  // Once a step, before the cars move.
  void direct(World& world);
  // The leader, or a car of a race that leads, has passed the line.
  void on_leader_line(World& world, int lap_completed);
  // What flags and safety car let a car drive.
  Drive allowance(const World& world, const Car& car, double pace) const;
  // Stopped for good under red: the race is over.
  bool is_abandoned() const { return is_abandoned_; }
  int stopped_in_lap() const { return stopped_in_lap_; }

 private:
  enum class Stage : std::uint8_t { catching, unlapping, in_this_lap };

  void respond(World& world, Hazard& hazard);
  void clear_hazards(World& world);
  void deploy_safety_car(World& world);
  void deploy_vsc(World& world);
  void stop_session(World& world, bool for_good);
  void direct_safety_car(World& world);
  void direct_red(World& world);
  void resume(World& world);
  void go_green(World& world);
  void let_lapped_cars_by(World& world);

  std::vector<Hazard> hazards_;
  Stage stage_ = Stage::catching;
  std::int32_t since_ms_ = 0, until_ms_ = never_ms;
  int aid_from_lap_ = 2;  // the overtaking aid is allowed when the leader has completed it
  int stopped_in_lap_ = 0;
  bool is_abandoned_ = false;
};

// The first car of a race; nullptr when none drives.
const Car* leader_of(const World& world);

}  // namespace slipstream::simulate
