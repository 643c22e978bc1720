#include "serve/view.h"

namespace slipstream::serve {
namespace {

// Timing rows that a car keeps: enough that the newest can be withdrawn or corrected.
constexpr std::size_t timing_rows_kept = 4;
constexpr std::int64_t mini_sector_keys_per_lap = 1'000'000;

std::int64_t mini_sector_key(const record::MiniSector& row) {
  return row.lap_number * mini_sector_keys_per_lap + row.sector_number * 1000L + row.mini_sector_number;
}

struct Applier {
  View& view;
  const Version& version;
  bool is_withdrawn;

  template <class Row>
  const Row* shown(const Row* row) const {
    return is_withdrawn ? nullptr : row;
  }

  void operator()(const record::Session* row) const { view.session.put(0, version, shown(row)); }
  void operator()(const record::SessionPart* row) const {
    view.session_parts.put(row->part_number, version, shown(row));
  }
  void operator()(const record::SessionStatus* row) const { by_message(view.session_status, row); }
  void operator()(const record::TrackStatus* row) const { by_message(view.track_status, row); }
  void operator()(const record::SessionClock* row) const { by_message(view.clock, row); }
  void operator()(const record::LapCount* row) const { by_message(view.lap_count, row); }
  void operator()(const record::Weather* row) const { by_message(view.weather, row); }
  void operator()(const record::RaceControl* row) const { by_message(view.race_control, row); }
  void operator()(const record::TeamRadio* row) const { by_message(view.team_radio, row); }

  void operator()(const record::Penalty* row) const {
    view.penalties.put(row->penalty_number, version, shown(row));
  }
  void operator()(const record::PitStop* row) const {
    view.car(row->driver_number).pit_stops.put(row->stop_number, version, shown(row));
  }
  void operator()(const record::SessionResult* row) const {
    view.car(row->driver_number).result.put(0, version, shown(row));
  }

  void operator()(const record::Driver* row) const {
    view.car(row->driver_number).driver.put(0, version, shown(row));
  }
  void operator()(const record::Stint* row) const {
    view.car(row->driver_number).stints.put(row->stint_number, version, shown(row));
  }
  void operator()(const record::Lap* row) const {
    view.car(row->driver_number).laps.put(row->lap_number, version, shown(row));
  }
  void operator()(const record::Timing* row) const {
    CarState& car = view.car(row->driver_number);
    if (row->best_lap_time_ms && !is_withdrawn) car.has_timed_best = true;
    car.timing.put(row->session_time_ms, version, shown(row));
    car.timing.keep_newest(timing_rows_kept);
  }
  void operator()(const record::MiniSector* row) const {
    Keyed<record::MiniSector>& kept = view.car(row->driver_number).mini_sectors;
    const std::int64_t lap_begin = row->lap_number * mini_sector_keys_per_lap;
    if (!kept.entries().empty() && kept.entries().back().key >= lap_begin + mini_sector_keys_per_lap) return;
    if (!is_withdrawn) kept.forget_below(lap_begin);
    kept.put(mini_sector_key(*row), version, shown(row));
  }

  template <class Row>
  void by_message(Keyed<Row>& rows, const Row* row) const {
    rows.put(row->message_number, version, shown(row));
  }
};

std::vector<PartSpan> parts_from_status(const Keyed<record::SessionStatus>& statuses) {
  std::vector<PartSpan> parts;
  statuses.for_each([&](const record::SessionStatus& row) {
    const bool is_running = !parts.empty() && !parts.back().to_ms;
    if (row.status == "Started" && !is_running) {
      const auto number = static_cast<std::int32_t>(parts.size() + 1);
      parts.push_back({number, row.session_time_ms, std::nullopt});
    }
    const bool ends = row.status == "Finished" || row.status == "Finalised" || row.status == "Ends";
    if (ends && is_running) parts.back().to_ms = row.session_time_ms;
  });
  return parts;
}

}  // namespace

CarState& View::car(std::int32_t driver_number) {
  const auto at =
      std::lower_bound(cars.begin(), cars.end(), driver_number,
                       [](const CarState& car, std::int32_t number) { return car.driver_number < number; });
  if (at != cars.end() && at->driver_number == driver_number) return *at;
  CarState made;
  made.driver_number = driver_number;
  return *cars.insert(at, std::move(made));
}

void apply(View& view, const RowEntry& entry) {
  std::visit(Applier{view, entry.version, entry.is_withdrawn}, entry.row);
}

void apply(View& view, const SampleEntry& sample) {
  CarState& car = view.car(sample.driver_number);
  std::optional<SampleEntry>& kept = sample.kind == SampleEntry::Kind::car ? car.car : car.position;
  if (!kept || sample.session_time_ms >= kept->session_time_ms) kept = sample;
}

std::vector<PartSpan> part_spans(const View& view) {
  std::vector<PartSpan> parts = parts_from_status(view.session_status);
  if (parts.empty()) {
    view.session_parts.for_each([&](const record::SessionPart& row) {
      parts.push_back({row.part_number, row.from_session_time_ms, row.to_session_time_ms});
    });
    return parts;
  }
  // Whoever began to record in the second part of a qualifying counts from there; the rows know better.
  for (PartSpan& part : parts) {
    view.session_parts.for_each([&part](const record::SessionPart& row) {
      if (row.from_session_time_ms <= part.from_ms) part.part_number = row.part_number;
    });
  }
  return parts;
}

}  // namespace slipstream::serve
