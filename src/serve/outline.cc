#include "serve/outline.h"

#include <algorithm>
#include <cmath>

#include "core/json_writer.h"

namespace slipstream::serve {
namespace {

// Positions come every 220 to 240 ms; a lap with nine tenths of that is complete.
constexpr double sample_step_ms = 240;
constexpr std::int32_t completeness_full = 9;
constexpr std::int32_t completeness_min = 4;
constexpr std::size_t points_min = 60;
// The ends of a lap lie within one sample of each other; more than this part of the length is no ring.
constexpr double closing_gap_max = 0.03;
constexpr double hole_max = 0.12;
constexpr double length_dm_min = 5'000;
// Another lap replaces the outline only if it is this much quicker: below it nobody sees a difference.
constexpr double quicker_by = 0.93;

struct TimedPoint {
  double time_ms = 0;
  PointDm point;
};

double distance(const PointDm& a, const PointDm& b) { return std::hypot(a.x_dm - b.x_dm, a.y_dm - b.y_dm); }

PointDm between(const PointDm& a, const PointDm& b, double part) {
  return {a.x_dm + (b.x_dm - a.x_dm) * part, a.y_dm + (b.y_dm - a.y_dm) * part};
}

// The car's distinct places from one sample before the lap's start to its end, in the order of their times.
std::vector<TimedPoint> lap_points(const SessionLog& log, const record::Lap& lap) {
  const std::int64_t end_ms = *lap.session_time_ms;
  const std::int64_t begin_ms = end_ms - *lap.lap_time_ms - 2 * static_cast<std::int64_t>(sample_step_ms);
  const auto samples = log.samples();
  auto at = std::lower_bound(samples.begin(), samples.end(), begin_ms,
                             [](const SampleEntry& sample, std::int64_t ms) { return sample.known_ms < ms; });
  // Samples are sorted by when they were known, at most some seconds after they were taken.
  constexpr std::int64_t known_later_max_ms = 5000;
  std::vector<TimedPoint> points;
  for (; at != samples.end() && at->known_ms <= end_ms + known_later_max_ms; ++at) {
    if (at->driver_number != lap.driver_number || at->kind != SampleEntry::Kind::position) continue;
    if (!at->has_position || at->session_time_ms < begin_ms || at->session_time_ms > end_ms) continue;
    const PointDm point{static_cast<double>(at->position.x_dm), static_cast<double>(at->position.y_dm)};
    points.push_back({static_cast<double>(at->session_time_ms), point});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const TimedPoint& a, const TimedPoint& b) { return a.time_ms < b.time_ms; });
  const auto same = [](const TimedPoint& a, const TimedPoint& b) { return distance(a.point, b.point) < 1; };
  points.erase(std::unique(points.begin(), points.end(), same), points.end());
  return points;
}

// Cuts the points to the lap and puts the place at its start in front.
void begin_at_line(std::vector<TimedPoint>& points, double start_ms) {
  const auto first = std::find_if(points.begin(), points.end(),
                                  [start_ms](const TimedPoint& point) { return point.time_ms > start_ms; });
  if (first == points.begin() || first == points.end()) return;
  const TimedPoint before = *(first - 1);
  const double part = (start_ms - before.time_ms) / (first->time_ms - before.time_ms);
  const TimedPoint line{start_ms, between(before.point, first->point, part)};
  points.erase(points.begin(), first);
  if (distance(line.point, points.front().point) >= 1) points.insert(points.begin(), line);
}

double ring_length(const std::vector<PointDm>& ring) {
  double length = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) length += distance(ring[i], ring[(i + 1) % ring.size()]);
  return length;
}

// A place between p1 and p2 on the centripetal Catmull-Rom curve: it neither loops nor overshoots where the
// samples are uneven, as they are when a car brakes.
PointDm on_curve(const PointDm (&p)[4], double part) {
  double t[4] = {0, 0, 0, 0};
  for (int i = 1; i < 4; ++i) t[i] = t[i - 1] + std::sqrt(std::max(distance(p[i - 1], p[i]), 1e-6));
  const double at = t[1] + (t[2] - t[1]) * part;
  const auto mix = [at](const PointDm& a, const PointDm& b, double from, double to) {
    return between(a, b, (at - from) / (to - from));
  };
  const PointDm a1 = mix(p[0], p[1], t[0], t[1]), a2 = mix(p[1], p[2], t[1], t[2]),
                a3 = mix(p[2], p[3], t[2], t[3]);
  const PointDm b1 = mix(a1, a2, t[0], t[2]), b2 = mix(a2, a3, t[1], t[3]);
  return mix(b1, b2, t[1], t[2]);
}

std::vector<PointDm> smooth(const std::vector<PointDm>& ring) {
  constexpr int pieces = 8;
  std::vector<PointDm> fine;
  fine.reserve(ring.size() * pieces);
  const std::size_t count = ring.size();
  for (std::size_t i = 0; i < count; ++i) {
    const PointDm four[4] = {ring[(i + count - 1) % count], ring[i], ring[(i + 1) % count],
                             ring[(i + 2) % count]};
    for (int piece = 0; piece < pieces; ++piece) fine.push_back(on_curve(four, piece / double{pieces}));
  }
  return fine;
}

std::vector<PointDm> resample(const std::vector<PointDm>& ring, double length, std::size_t count) {
  std::vector<PointDm> even;
  even.reserve(count);
  const double step = length / static_cast<double>(count);
  double walked = 0;
  for (std::size_t i = 0; i < ring.size() && even.size() < count; ++i) {
    const PointDm& from = ring[i];
    const PointDm& to = ring[(i + 1) % ring.size()];
    const double piece = distance(from, to);
    while (even.size() < count && step * static_cast<double>(even.size()) <= walked + piece) {
      const double rest = step * static_cast<double>(even.size()) - walked;
      even.push_back(between(from, to, piece > 0 ? rest / piece : 0));
    }
    walked += piece;
  }
  return even;
}

bool is_ring(const std::vector<PointDm>& points, double length) {
  if (length < length_dm_min) return false;
  if (distance(points.front(), points.back()) > closing_gap_max * length) return false;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (distance(points[i - 1], points[i]) > hole_max * length) return false;
  }
  return true;
}

// Telemetry is read from other partitions than laps: a lap whose samples are still to come is looked at
// later.
bool has_samples_of(const SessionLog& log, const record::Lap& lap, std::int64_t known_ms) {
  const std::int64_t end_ms = std::min<std::int64_t>(lap.session_time_ms.value_or(0), known_ms);
  return !log.samples().empty() && log.samples().back().known_ms >= end_ms + 2 * sample_delay_ms;
}

bool is_better(const Outline& candidate, const Outline& best) {
  if (candidate.completeness != best.completeness) return candidate.completeness > best.completeness;
  return candidate.lap_time_ms < quicker_by * best.lap_time_ms;
}

}  // namespace

std::optional<Outline> outline_of_lap(const SessionLog& log, const record::Lap& lap) {
  if (!lap.lap_time_ms || !lap.session_time_ms || *lap.lap_time_ms <= 0) return std::nullopt;
  if (lap.pit_in_time_ms || lap.pit_out_time_ms) return std::nullopt;
  std::vector<TimedPoint> points = lap_points(log, lap);
  if (points.size() < points_min) return std::nullopt;
  const double expected = *lap.lap_time_ms / sample_step_ms;
  const auto tenths = static_cast<std::int32_t>(10 * static_cast<double>(points.size()) / expected);
  if (tenths < completeness_min) return std::nullopt;
  begin_at_line(points, *lap.session_time_ms - *lap.lap_time_ms);
  std::vector<PointDm> ring;
  ring.reserve(points.size());
  for (const TimedPoint& point : points) ring.push_back(point.point);
  if (!is_ring(ring, ring_length(ring))) return std::nullopt;
  Outline outline;
  outline.start = ring.front();
  ring = smooth(ring);
  const double length_dm = ring_length(ring);
  outline.points = resample(ring, length_dm, outline_points_max);
  outline.length_m = length_dm / 10;
  outline.driver_number = lap.driver_number;
  outline.lap_number = lap.lap_number;
  outline.lap_time_ms = *lap.lap_time_ms;
  outline.completeness = std::min(tenths, completeness_full);
  return outline;
}

std::string encode_outline(const Outline& outline, bool names_lap) {
  std::string text;
  JsonWriter json(text);
  const auto point = [&json](const PointDm& p) {
    json.begin_array().value(std::llround(p.x_dm)).value(std::llround(p.y_dm)).end_array();
  };
  json.begin_object().key("points_dm").begin_array();
  for (const PointDm& p : outline.points) point(p);
  json.end_array().key("start_dm");
  point(outline.start);
  const auto named = [names_lap](std::int32_t value) {
    return names_lap ? std::optional<std::int32_t>(value) : std::nullopt;
  };
  json.field("driver_number", named(outline.driver_number)).field("lap_number", named(outline.lap_number));
  json.field("length_m", std::llround(outline.length_m)).end_object();
  return text;
}

bool OutlineFinder::look(const SessionLog& log, std::int64_t edge_ms) {
  for (const SessionLog::Disorder& place : log.disorders().subspan(disorders_seen_)) {
    next_row_ = std::min(next_row_, place.row_index);
  }
  disorders_seen_ = log.disorders().size();
  bool is_changed = false;
  for (; next_row_ < log.rows().size() && log.rows()[next_row_].known_ms <= edge_ms; ++next_row_) {
    const RowEntry& entry = log.rows()[next_row_];
    const auto* lap = std::get_if<const record::Lap*>(&entry.row);
    if (lap == nullptr || entry.is_withdrawn) continue;
    if (!has_samples_of(log, **lap, entry.known_ms)) break;
    const bool can_be_better =
        !best_ || best_->completeness < completeness_full ||
        (*lap)->lap_time_ms.value_or(best_->lap_time_ms) < quicker_by * best_->lap_time_ms;
    if (!can_be_better) continue;
    std::optional<Outline> found = outline_of_lap(log, **lap);
    if (!found || (best_ && !is_better(*found, *best_))) continue;
    found->known_ms = entry.known_ms;
    best_ = std::move(found);
    is_changed = true;
  }
  if (is_changed) {
    json_named_ = std::make_shared<const std::string>(encode_outline(*best_, true));
    json_unnamed_ = std::make_shared<const std::string>(encode_outline(*best_, false));
  }
  return is_changed;
}

std::shared_ptr<const std::string> OutlineFinder::json(std::int64_t cursor_ms) const {
  if (!best_) return nullptr;
  return cursor_ms >= best_->known_ms ? json_named_ : json_unnamed_;
}

}  // namespace slipstream::serve
