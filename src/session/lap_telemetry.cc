#include "session/lap_telemetry.h"

#include <algorithm>

#include "core/limits.h"
#include "session/driver_ahead.h"
#include "session/rounded.h"

namespace slipstream::session {
namespace {

using record::Telemetry;
using Curve = TelemetryFiller::Curve;

// How long revision 0 of a sample waits for the other stream.
constexpr SessionTime look_ahead(500);
// Ends of a closed lap that have moved by less do not make its rows anew: 2 m at 300 km/h.
constexpr SessionTime moved_enough(20);

template <class Held>
std::size_t first_at(const std::vector<Held>& held, UtcTime date) {
  const auto first =
      std::ranges::lower_bound(held, date, {}, [](const Held& each) { return each.sample.sample_date; });
  return static_cast<std::size_t>(first - held.begin());
}

// A lap as its samples see it.
struct LapFrame {
  Int lap_number;
  optional<double> start_m;  // the odometer at its start
  optional<double> length_m;
};

// Visits the samples of [from, to) by date, car before position where both are of one instant.
template <class VisitCar, class VisitPosition>
void for_each_sample(TelemetryTrack& track, UtcTime from, UtcTime to, VisitCar visit_car,
                     VisitPosition visit_position) {
  std::size_t car = first_at(track.car, from), position = first_at(track.positions, from);
  const std::size_t car_end = first_at(track.car, to), position_end = first_at(track.positions, to);
  while (car < car_end || position < position_end) {
    const bool is_car =
        position == position_end ||
        (car < car_end && track.car[car].sample.sample_date <= track.positions[position].sample.sample_date);
    if (is_car) visit_car(car++);
    else visit_position(position++);
  }
}

std::size_t count_samples(const TelemetryTrack& track, UtcTime from, UtcTime to) {
  return first_at(track.car, to) - first_at(track.car, from) + first_at(track.positions, to) -
         first_at(track.positions, from);
}

class LapRows {
 public:
  LapRows(State& state, CarState& car, Int at_ms) : state_(state), car_(car), at_ms_(at_ms) {}

  // Appends the rows of the samples in [from, to) to `rows`; no frame: they are outside laps.
  void make(UtcTime from, UtcTime to, const optional<LapFrame>& frame,
            std::vector<Published<Telemetry>>& rows) {
    TelemetryFiller filler(car_.track, from, Curve::smooth);
    OdometerReader odometer(car_.track, from);
    if (frame) state_.road.begin(state_.cars, *state_.log.zero_date, from);
    rows.reserve(rows.size() + count_samples(car_.track, from, to));
    const auto add = [&](auto fill, std::uint8_t& revision) {
      auto& published = rows.emplace_back();
      published.envelope.revision = ++revision;
      published.at_ms = at_ms_;
      Telemetry& row = published.row;
      fill(row);
      row.driver_code = car_.log.driver_code;
      row.session_time_ms = static_cast<Int>((row.sample_date - *state_.log.zero_date).count());
      if (frame) place(row, *frame, odometer);
    };
    for_each_sample(
        car_.track, from, to,
        [&](std::size_t i) {
          add([&](Telemetry& row) { filler.fill_of_car(i, row); }, car_.track.car[i].revision);
        },
        [&](std::size_t i) {
          add([&](Telemetry& row) { filler.fill_of_position(i, row); }, car_.track.positions[i].revision);
        });
  }

 private:
  void place(Telemetry& row, const LapFrame& frame, OdometerReader& odometer) {
    row.lap_number = frame.lap_number;
    const optional<double> odometer_m = odometer.at(row.sample_date);
    if (!frame.start_m || !odometer_m) return;
    const double distance_m = std::max(0.0, *odometer_m - *frame.start_m);
    row.distance_m = rounded(distance_m, 1000);
    if (frame.length_m && *frame.length_m > 0)
      row.relative_distance = rounded(std::min(distance_m / *frame.length_m, 1.0), 1'000'000);
    const auto cars = state_.road.at(row.sample_date);
    if (const auto next = driver_ahead(cars, car_.log.driver_number, distance_m, state_.lap_length_m)) {
      row.driver_ahead = next->driver_number;
      row.distance_to_driver_ahead_m = rounded(next->distance_m, 1000);
    }
  }

  State& state_;
  CarState& car_;
  Int at_ms_;
};

bool wants_all_revisions(const State& state) { return state.telemetry_rows == TelemetryRows::all_revisions; }

void put_out(std::vector<Published<Telemetry>>& rows, Publisher& publisher) {
  auto& out = publisher.output->rows<Telemetry>();
  if (out.empty()) return out.swap(rows);
  out.insert(out.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  rows.clear();
}

template <class Row, class Held>
void put_out_samples(const std::vector<Held>& held, std::size_t& out, Publisher& publisher) {
  auto& rows = publisher.output->rows<Row>();
  rows.reserve(rows.size() + held.size() - out);
  for (; out < held.size(); ++out) rows.push_back({held[out].sample, {}, publisher.at_ms});
}

// Those that have not come with their message.
void put_out_samples(const State& state, Publisher& publisher, TelemetryTrack& track) {
  if (state.telemetry_rows != TelemetryRows::last_revision) return;
  put_out_samples<record::CarSample>(track.car, track.car_out, publisher);
  put_out_samples<record::PositionSample>(track.positions, track.positions_out, publisher);
}

LapFrame frame_of(const CarState& car, Int lap_number, optional<UtcTime> start, UtcTime end) {
  LapFrame frame{lap_number, {}, {}};
  if (start) frame.start_m = car.track.odometer_at(*start);
  const auto end_m = car.track.odometer_at(end);
  if (frame.start_m && end_m) frame.length_m = *end_m - *frame.start_m;
  return frame;
}

// Puts out revision 0 of what is not out yet. Samples before `sure` do not wait for the other stream.
void show_car(State& state, Publisher& publisher, CarState& car, UtcTime sure) {
  TelemetryTrack& track = car.track;
  if (!wants_all_revisions(state)) {
    track.car_shown = track.car.size();
    track.positions_shown = track.positions.size();
  }
  if (track.car_shown == track.car.size() && track.positions_shown == track.positions.size()) return;
  const auto date_of = [](const auto& held) { return held.sample.sample_date; };
  const UtcTime car_last = track.car.empty() ? UtcTime::min() : date_of(track.car.back());
  const UtcTime position_last = track.positions.empty() ? UtcTime::min() : date_of(track.positions.back());
  const UtcTime waited_for = std::max(car_last, position_last) - look_ahead;
  const auto date_or_end = [&](std::size_t shown, const auto& held) {
    return shown < held.size() ? date_of(held[shown]) : UtcTime::max();
  };
  const UtcTime first =
      std::min(date_or_end(track.car_shown, track.car), date_or_end(track.positions_shown, track.positions));
  TelemetryFiller filler(track, first, Curve::straight);
  const auto show = [&](bool is_car, std::size_t index) {
    Telemetry row;
    is_car ? filler.fill_of_car(index, row) : filler.fill_of_position(index, row);
    row.driver_code = car.log.driver_code;
    row.lap_number = car.counter.running();
    publisher.emit(std::move(row));
  };
  while (true) {
    const UtcTime car_date = date_or_end(track.car_shown, track.car);
    const UtcTime position_date = date_or_end(track.positions_shown, track.positions);
    const UtcTime date = std::min(car_date, position_date);
    if (date == UtcTime::max()) break;
    const bool is_car = car_date <= position_date;
    const UtcTime other_last = is_car ? position_last : car_last;
    if (other_last < date && waited_for < date && date >= sure) break;
    show(is_car, is_car ? track.car_shown++ : track.positions_shown++);
  }
}

// Rows of a range, at once or, where only the last revision is wanted, when they cannot change any more.
void close_range(State& state, Publisher& publisher, CarState& car, const ClosedLap& lap, bool is_lap) {
  put_out_samples(state, publisher, car.track);
  show_car(state, publisher, car, lap.end);  // telemetry may have stopped: a revision 1 is never the first
  optional<LapFrame> frame;
  if (is_lap) frame = frame_of(car, lap.lap_number, lap.start, lap.end);
  LapRows(state, car, publisher.at_ms).make(lap.from, lap.end, frame, car.closed_rows);
  if (wants_all_revisions(state)) put_out(car.closed_rows, publisher);
}

// The lap that was closed last, once more if its ends have moved since.
void close_again(State& state, Publisher& publisher, CarState& car) {
  ClosedLap& closed = *car.closed_lap;
  const auto row = std::ranges::lower_bound(car.laps, closed.lap_number, {}, &record::Lap::lap_number);
  const bool is_there = row != car.laps.end() && row->lap_number == closed.lap_number && row->session_time_ms;
  if (!is_there) return;
  const UtcTime zero = *state.log.zero_date;
  const UtcTime end = zero + SessionTime(*row->session_time_ms);
  optional<UtcTime> start;
  if (row->lap_start_session_time_ms) start = zero + SessionTime(*row->lap_start_session_time_ms);
  const auto moved = [](UtcTime from, UtcTime to) { return std::chrono::abs(to - from); };
  const bool has_moved = moved(closed.end, end) > moved_enough ||
                         start.has_value() != closed.start.has_value() ||
                         (start && moved(*closed.start, *start) > moved_enough);
  if (!has_moved || end <= closed.from) return;
  car.closed_rows.clear();
  closed.start = start;
  closed.end = end;
  close_range(state, publisher, car, closed, true);
  car.closed_through = end;
}

void close_lap(State& state, Publisher& publisher, CarState& car, const record::Lap& lap) {
  const UtcTime zero = *state.log.zero_date;
  const UtcTime end = zero + SessionTime(*lap.session_time_ms);
  optional<UtcTime> start;
  if (lap.lap_start_session_time_ms) start = zero + SessionTime(*lap.lap_start_session_time_ms);
  if (car.closed_lap) close_again(state, publisher, car);
  put_out(car.closed_rows, publisher);
  if (car.closed_lap) car.track.drop_before(car.closed_lap->from);
  UtcTime from = car.closed_through.value_or(UtcTime::min());
  if (start && *start > from) {
    close_range(state, publisher, car, {0, from, {}, *start}, false);
    put_out(car.closed_rows, publisher);
    from = *start;
  }
  car.closed_lap = ClosedLap{lap.lap_number, from, start, std::max(end, from)};
  close_range(state, publisher, car, *car.closed_lap, true);
  car.closed_through = car.closed_lap->end;
  const bool is_round = !lap.pit_in_time_ms && !lap.pit_out_time_ms && lap.lap_number > 1;
  const auto length_m = frame_of(car, lap.lap_number, start, end).length_m;
  if (is_round && length_m && *length_m > 1000) state.lap_length_m = length_m;
}

// A car that stands in its garage for hours has no lap to wait for.
void close_excess(State& state, Publisher& publisher, CarState& car) {
  const auto close_to = [&](UtcTime date) {
    if (car.closed_through && date <= *car.closed_through) return;
    put_out(car.closed_rows, publisher);
    close_range(state, publisher, car, {0, car.closed_through.value_or(UtcTime::min()), {}, date}, false);
    put_out(car.closed_rows, publisher);
    car.closed_lap.reset();
    car.closed_through = date;
    car.track.drop_before(date);
  };
  constexpr std::size_t most = limits::telemetry_samples_held_max;
  if (car.track.car.size() > most) close_to(car.track.car[most / 2].sample.sample_date);
  if (car.track.positions.size() > most) close_to(car.track.positions[most / 2].sample.sample_date);
}

}  // namespace

void show_telemetry(State& state, Publisher& publisher, bool is_last) {
  if (state.telemetry_rows == TelemetryRows::none || !state.log.zero_date) return;
  for (auto& [number, car] : state.cars) {
    show_car(state, publisher, car, is_last ? UtcTime::max() : UtcTime::min());
    close_excess(state, publisher, car);
  }
}

void close_telemetry(State& state, Publisher& publisher, CarState& car, Int settled_ms, bool is_last) {
  if (state.telemetry_rows == TelemetryRows::none || !state.log.zero_date) return;
  for (const record::Lap& lap : car.laps) {
    if (car.closed_lap && lap.lap_number <= car.closed_lap->lap_number) continue;
    if (!lap.session_time_ms || (*lap.session_time_ms > settled_ms && !is_last)) continue;
    close_lap(state, publisher, car, lap);
  }
  if (!is_last) return;
  if (car.closed_lap) close_again(state, publisher, car);
  put_out(car.closed_rows, publisher);
  close_range(state, publisher, car, {0, car.closed_through.value_or(UtcTime::min()), {}, UtcTime::max()},
              false);
  put_out(car.closed_rows, publisher);
}

}  // namespace slipstream::session
