#include "serve/outline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/json_writer.h"

namespace slipstream::serve {
namespace {

constexpr std::size_t points_min = 3;
// More of the lap's length is no gap between two neighbours, but points that are still to come.
constexpr double gap_max = 0.03;

// As many as a page needs, evenly.
std::vector<record::CircuitPoint> thinned(const std::vector<record::CircuitPoint>& ring) {
  const std::size_t stride = (ring.size() + outline_points_max - 1) / outline_points_max;
  std::vector<record::CircuitPoint> thin;
  for (std::size_t i = 0; i < ring.size(); i += stride) thin.push_back(ring[i]);
  return thin;
}

std::string encode(const std::vector<record::CircuitPoint>& ring, double length_m) {
  std::string text;
  JsonWriter json(text);
  const auto point = [&json](const record::CircuitPoint& row) {
    json.begin_array().value(row.x_dm).value(row.y_dm).end_array();
  };
  json.begin_object().key("points_dm").begin_array();
  for (const record::CircuitPoint& row : ring) point(row);
  json.end_array().key("start_dm");
  point(ring.front());
  json.field("length_m", std::llround(length_m)).end_object();
  return text;
}

}  // namespace

bool Outline::take(const record::DecodedRecord& record) {
  if (const auto* point = std::get_if<record::CircuitPoint>(&record.row)) {
    if (is_of_newest_build(record)) take_point(*point, record.envelope);
    return true;
  }
  const auto* line = std::get_if<record::CircuitLine>(&record.row);
  if (!line) return false;
  const bool is_length = line->line == "lap_end" && is_of_newest_build(record);
  if (is_length && record.envelope.revision > length_revision_) {
    length_revision_ = record.envelope.revision;
    length_m_ = line->distance_m;
    has_changed_ = true;
  }
  return true;
}

bool Outline::is_of_newest_build(const record::DecodedRecord& record) {
  if (record.build < build_) return false;
  if (record.build > build_) {
    build_ = record.build;
    points_.clear();
    length_m_.reset();
    length_revision_ = -1;
  }
  return true;
}

void Outline::take_point(const record::CircuitPoint& row, record::Envelope envelope) {
  const auto [point, is_new] = points_.try_emplace(row.point_number);
  if (!is_new && envelope.revision <= point->second.revision) return;
  point->second = {envelope.revision, envelope.is_withdrawn, row};
  has_changed_ = true;
}

bool Outline::is_whole() const {
  if (!length_m_) return false;
  double before_m = 0;
  record::Int count = 0;
  for (const auto& [number, point] : points_) {
    if (point.is_withdrawn) continue;
    if (number != count++ || point.row.distance_m - before_m > gap_max * *length_m_) return false;
    before_m = point.row.distance_m;
  }
  const double gap_m = *length_m_ - before_m;
  return count >= static_cast<record::Int>(points_min) && gap_m >= 0 && gap_m <= gap_max * *length_m_;
}

void Outline::refresh() {
  if (!std::exchange(has_changed_, false) || !is_whole()) return;
  std::vector<record::CircuitPoint> ring;
  for (const auto& [number, point] : points_) {
    if (!point.is_withdrawn) ring.push_back(point.row);
  }
  json_ = std::make_shared<const std::string>(encode(thinned(ring), *length_m_));
}

}  // namespace slipstream::serve
