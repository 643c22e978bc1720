// How near the circuit that the engine draws comes to the one that is published elsewhere: docs/circuits.md.
//
// Two measurements. Sessions: positions as F1 sent them, through the whole engine. Drives: laps simulated on
// the published outlines of 24 circuits with the errors that positions have, because there are few sessions
// with positions here. Both use one coordinate system, so nothing is turned, moved or scaled.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <set>

#include "session/centre_line.h"
#include "session/circuit_corners.h"
#include "session/circuit_test_support.h"
#include "session/feed_topics.h"
#include "tests/recorded_sessions.h"

namespace slipstream {
namespace {

namespace fs = std::filesystem;
using session::Path;
using session::Place;

struct Reference {
  std::string name;
  Path line;
  std::vector<double> corners_m;  // along the line
};

// True if `place` lies up to 100 m ahead of the first place: the outline comes to its beginning again.
bool is_past_beginning(const std::vector<Place>& places, const Place& place) {
  const Place &first = places[0], &ahead = places[5];
  const double along = (place.x_dm - first.x_dm) * (ahead.x_dm - first.x_dm) +
                       (place.y_dm - first.y_dm) * (ahead.y_dm - first.y_dm);
  return along >= 0 && session::distance_m(place, first) < 100;
}

// Smoothed as the points are written to a decimetre and far from even.
Path ring_through(const std::vector<Place>& places) {
  std::vector<session::PathSample> samples;
  double at_m = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double step_m = i > 0 ? session::distance_m(places[i - 1], places[i]) : 0;
    const bool is_end = i > places.size() / 2 && is_past_beginning(places, places[i]);
    if ((i > 0 && step_m < 2) || is_end) continue;
    at_m += samples.empty() ? 0 : session::distance_m(samples.back().place, places[i]);
    samples.push_back({at_m, places[i]});
  }
  const double length_m = at_m + session::distance_m(samples.back().place, places[0]);
  return session::fit_path(samples, length_m, true, 0.05);
}

Reference read_reference(const fs::path& file) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  Reference reference;
  if (parser.load(file.string()).get(root) != simdjson::SUCCESS) return reference;
  reference.name = std::string(std::string_view(root["circuitName"]));
  std::vector<Place> places;
  auto y = root["y"].get_array().begin();
  for (const double x : root["x"].get_array()) {
    places.push_back({x, double(*y), 0});
    ++y;
  }
  reference.line = ring_through(places);
  for (const auto corner : root["corners"].get_array()) {
    const Place place{double(corner["trackPosition"]["x"]), double(corner["trackPosition"]["y"]), 0};
    reference.corners_m.push_back(foot_on(reference.line, place, 0, reference.line.length_m).distance_m);
  }
  return reference;
}

std::vector<fs::path> reference_files() {
  std::vector<fs::path> files;
  if (!fs::exists(testing_support::data_root() / "circuits")) return files;
  for (const auto& entry : fs::directory_iterator(testing_support::data_root() / "circuits")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double share_of(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct Comparison {
  double mean_m = 0, p95_m = 0, length_error = 0;
  std::size_t listed = 0, found = 0, wrong = 0;
  double corner_m = 0;  // mean distance of those found

  std::string line(const std::string& name, std::size_t laps) const {
    return fmt::format("| {} | {} | {:.1f} | {:.1f} | {:+.2f} | {} of {} | {} | {:.0f} |", name, laps, mean_m,
                       p95_m, 100 * length_error, found, listed, wrong, corner_m);
  }
};

// "from" counts the laps of a drive, and how often a session's line was drawn.
constexpr const char* head =
    "| circuit | from | mean m | p95 m | length % | corners | wrong | corner m "
    "|\n|---|---|---|---|---|---|---|---|\n";

// A corner is found if one of ours is within 50 m along the line; each counts once, the nearest first.
void compare_corners(const Reference& reference, std::vector<double> ours_m, Comparison& result) {
  constexpr double near_m = 50;
  struct Pair {
    double apart_m;
    std::size_t listed, found;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < reference.corners_m.size(); ++i) {
    for (std::size_t k = 0; k < ours_m.size(); ++k) {
      const double apart = std::abs(reference.corners_m[i] - ours_m[k]);
      pairs.push_back({std::min(apart, reference.line.length_m - apart), i, k});
    }
  }
  std::ranges::sort(pairs, {}, &Pair::apart_m);
  std::set<std::size_t> listed, found;
  std::vector<double> apart;
  for (const Pair& pair : pairs) {
    if (pair.apart_m > near_m || listed.contains(pair.listed) || found.contains(pair.found)) continue;
    listed.insert(pair.listed);
    found.insert(pair.found);
    apart.push_back(pair.apart_m);
  }
  result.listed = reference.corners_m.size();
  result.found = listed.size();
  result.wrong = ours_m.size() - found.size();
  result.corner_m = mean_of(apart);
}

// Both ways, so that a part which one of them lacks counts too.
Comparison compare(const Reference& reference, const Path& ours, const std::vector<Place>& corners) {
  Comparison result;
  auto distances = session::distances_from(reference.line, ours);
  const auto back = session::distances_from(ours, reference.line);
  distances.insert(distances.end(), back.begin(), back.end());
  result.mean_m = mean_of(distances);
  result.p95_m = share_of(distances, 0.95);
  result.length_error = ours.length_m / reference.line.length_m - 1;
  std::vector<double> ours_m;
  ours_m.reserve(corners.size());
  for (const Place& place : corners) {
    ours_m.push_back(foot_on(reference.line, place, 0, reference.line.length_m).distance_m);
  }
  compare_corners(reference, ours_m, result);
  return result;
}

struct DrawnCircuit {
  Path line;
  std::vector<Place> corners;
  std::vector<double> lengths_m;  // of every revision
  std::size_t pit_lane_points = 0;
};

DrawnCircuit draw(const fs::path& path) {
  const std::vector<std::string> tables = {"circuit_points", "corners", "circuit_lines", "pit_lane_points"};
  const session::Needs needs = session::needs_of(tables);
  auto source = feed::open_source(path.string(), {.topics = needs.feed_topics});
  EXPECT_TRUE(source) << source.error().message;
  session::Engine engine({(*source)->info().name, (*source)->info().kind, needs});
  session::Output output;
  feed::SourceItem item;
  while ((*source)->next(item).value_or(false)) {
    if (const auto* message = std::get_if<feed::Message>(&item)) engine.apply(*message, output);
    output.rows<record::PositionSample>().clear();
  }
  engine.finish(output);
  std::map<record::Int, Place> points, corners;
  for (const auto& it : output.rows<record::CircuitPoint>()) {
    if (it.envelope.is_withdrawn) points.erase(it.row.point_number);
    else points[it.row.point_number] = {double(it.row.x_dm), double(it.row.y_dm), 0};
  }
  for (const auto& it : output.rows<record::Corner>()) {
    if (it.envelope.is_withdrawn) corners.erase(it.row.corner_number);
    else corners[it.row.corner_number] = {double(*it.row.x_dm), double(*it.row.y_dm), 0};
  }
  DrawnCircuit drawn;
  std::vector<Place> places;
  places.reserve(points.size());
  for (const auto& [number, place] : points) places.push_back(place);
  if (!places.empty()) drawn.line = session::resampled(places, true, 5);
  for (const auto& [number, place] : corners) drawn.corners.push_back(place);
  for (const auto& it : output.rows<record::CircuitLine>()) {
    if (it.row.line == "lap_end") drawn.lengths_m.push_back(it.row.distance_m);
  }
  drawn.pit_lane_points = output.rows<record::PitLanePoint>().size();
  return drawn;
}

struct SessionCase {
  const char* source;
  const char* reference;
};
constexpr SessionCase session_cases[] = {
    {"archive/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying", "65-2026.json"},
    {"recordings/2023_monaco_fp2.signalr.log", "22-2026.json"},
};

TEST(Circuit, SessionsGiveThePublishedOutline) {
  int skipped = 0;
  std::cout << head;
  for (const SessionCase& each : session_cases) {
    const fs::path root = testing_support::data_root();
    if (!fs::exists(root / each.source) || !fs::exists(root / "circuits" / each.reference)) {
      ++skipped;
      continue;
    }
    const Reference reference = read_reference(root / "circuits" / each.reference);
    const DrawnCircuit drawn = draw(root / each.source);
    ASSERT_FALSE(drawn.line.points.empty()) << each.source;
    const Comparison result = compare(reference, drawn.line, drawn.corners);
    std::cout << result.line(reference.name, drawn.lengths_m.size()) << "\n";
    EXPECT_LT(result.mean_m, 2.5) << each.source;
    EXPECT_LT(result.p95_m, 8) << each.source;
    EXPECT_LT(std::abs(result.length_error), 0.005) << each.source;
    EXPECT_GE(result.found * 10, result.listed * 8) << each.source;
    EXPECT_GT(drawn.pit_lane_points, 20U) << each.source;
    const auto [least, most] = std::ranges::minmax(drawn.lengths_m);
    std::cout << fmt::format("{}: length {:.1f} m, {:.3f} % between drawings\n", reference.name,
                             drawn.lengths_m.back(), 100 * (most / least - 1));
    EXPECT_LT(most / least - 1, 0.003) << each.source << ": the length has to stay as laps are added";
  }
  if (skipped > 0) GTEST_SKIP() << skipped << " of " << std::size(session_cases) << " sessions are not there";
}

TEST(Circuit, DrivesOnTwentyFourCircuitsGiveThem) {
  const std::vector<fs::path> files = reference_files();
  if (files.empty()) GTEST_SKIP() << "SLIPSTREAM_DATA has no circuits: nothing measured";
  constexpr unsigned lap_count = 20;
  std::size_t listed = 0, found = 0, wrong = 0;
  std::cout << head;
  for (const fs::path& file : files) {
    const Reference reference = read_reference(file);
    std::vector<session::DrivenLap> laps;
    for (unsigned i = 1; i <= lap_count; ++i) laps.push_back(session::drive(reference.line, 100, i));
    const auto line = session::centre_line_of(laps);
    ASSERT_TRUE(line) << reference.name;
    std::vector<Place> corners;
    for (const auto& corner : session::corners_of(line->path))
      corners.push_back(line->path.at(corner.distance_m));
    const Comparison result = compare(reference, line->path, corners);
    std::cout << result.line(reference.name, line->lap_count) << "\n";
    EXPECT_LT(result.mean_m, 0.5) << reference.name;
    EXPECT_LT(result.p95_m, 1.5) << reference.name;
    EXPECT_LT(std::abs(result.length_error), 0.003) << reference.name;
    EXPECT_GE(line->lap_count, lap_count - 2) << reference.name;
    listed += result.listed;
    found += result.found;
    wrong += result.wrong;
  }
  std::cout << "corners: " << found << " of " << listed << ", wrong " << wrong << "\n";
  EXPECT_GE(found * 100, listed * 80);
  EXPECT_LE(wrong * 100, listed * 15);
}

}  // namespace
}  // namespace slipstream
