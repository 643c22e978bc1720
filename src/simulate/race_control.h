// What race control says and shows: messages in F1's wording, flags by marshals' sector, the status of track
// and session, what is allowed. Writes rows; who decides stands in director.h and stewards.h.
#pragma once

#include <string>

#include "simulate/world.h"

namespace slipstream::simulate {

// Fills number, time, lap and part of a message. Returns its number.
record::Int say(World& world, record::RaceControl row);
record::Int say_other(World& world, std::string message, std::optional<int> driver_number = {});
void say_flag(World& world, std::string flag, std::string message);  // of the whole track
void say_safety_car(World& world, std::string mode, std::string status, std::string message);

void show_yellow(World& world, int marshal_sector, bool is_double);
void clear_yellow(World& world, int marshal_sector);
void show_red(World& world);
// Says that the track is clear: every flag zone that is open ends.
void clear_track(World& world);

// 1 clear, 2 yellow, 4 safety car, 5 red, 6 VSC, 7 VSC ending. Equal ones are not repeated.
void set_track_status(World& world, char status);
void set_session_status(World& world, std::string status);
void set_clock(World& world, std::int32_t remaining_ms, bool is_extrapolating);
void set_mode(World& world, const std::string& mode, bool is_on);
void set_overtaking_aid(World& world, bool is_enabled);  // DRS until 2025, overtake mode from 2026 on

int marshal_sector_at(const Circuit& circuit, double distance_m);
bool is_under_yellow(const World& world, double distance_m);

std::string car_text(const World& world, int car);                    // "4 (NOR)"
std::string local_time_text(const World& world, std::int32_t at_ms);  // "15:03:02"
std::string lap_time_text(std::int32_t time_ms);                      // "1:17.147"

}  // namespace slipstream::simulate
