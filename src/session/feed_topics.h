// What of a source a table is made from, so that a load of few tables reads little.
//
// The rows of a table, revisions included, are the same whether the rest of the session was read or not:
// tests/lean_load_test.cc holds that against real sessions. Pure; safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace slipstream::session {

// How much of CarData.z and Position.z the engine reads. Their dates are the surest evidence of the instant
// of session time 0, on which lap_start_date and lap_end_date depend.
enum class Telemetry { samples, dates_only };

struct Needs {
  std::vector<std::string> feed_topics;      // empty: every topic
  Telemetry telemetry = Telemetry::samples;  // of CarData.z
  Telemetry positions = Telemetry::samples;  // of Position.z
  bool has_screen = true;                    // rows of timing and mini_sectors
  bool has_telemetry = true;                 // rows of telemetry, and what is made from them
  bool has_circuit = true;                   // the four tables of the circuit
};

// What the tables of these names need together. Empty: all tables. A name that is not known here needs all.
Needs needs_of(std::span<const std::string> tables);

// Topics that move the session's time on: what is due at a time becomes so by their messages alone. Every
// load reads them. A recording's times step back between topics: if any message counted, a row would depend
// on topics that it is not made from.
bool is_clock_topic(std::string_view feed_topic);

}  // namespace slipstream::session
