#include "session/telemetry.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/utf8.h"
#include "feed/json_cursor.h"

namespace slipstream::session {
namespace {

using feed::JsonCursor;

constexpr Int percent_max = 100;  // 104 says "no data" (C4)
constexpr Int gear_max = 8;       // 31 and others are glitches (C6b)
// Safety and medical cars, whose positions are always 0, 0, 0 (C12).
constexpr bool is_course_car(Int number) { return number >= 241 && number <= 243; }

tl::unexpected<Error> bad(std::string_view what) {
  return fail(Errc::malformed, fmt::format("{} is missing or of the wrong type", what));
}

// A comparison of whole words instead of a call, as the size is known.
template <std::size_t Size>
bool is(std::string_view text, const char (&word)[Size]) {
  return text.size() == Size - 1 && std::memcmp(text.data(), word, Size - 1) == 0;
}

// What stopped the walk: the text itself, or a value that is not what it has to be.
tl::unexpected<Error> stopped_at(const JsonCursor& json, std::string_view what) {
  if (json.has_failed()) return tl::make_unexpected(json.error());
  return bad(what);
}

// 1 to 999; 0: not a car's number.
Int car_number(std::string_view name) {
  if (name.size() > 3) return 0;
  Int number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}

optional<Int> in_range(std::int64_t value, Int low, Int high) {
  if (value < low || value > high) return std::nullopt;
  return static_cast<Int>(value);
}

// Whole numbers, also where F1 prints 1023.0 (P15). False: another value, which is passed over, or a cut.
bool read_whole(JsonCursor& json, std::int64_t& whole) {
  if (json.try_whole(whole)) return true;
  std::string_view raw;
  if (!json.take_value(raw)) return false;
  double number = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  const bool is_number = error == std::errc() && end == raw.data() + raw.size();
  if (!is_number || !(number >= -1e9 && number <= 1e9)) return false;
  whole = static_cast<std::int64_t>(number);
  return true;
}

void set_channel(record::CarSample& row, std::string_view channel, std::int64_t value) {
  if (channel == "45") row.drs = in_range(value, 0, 255);
  if (channel.size() != 1) return;
  switch (channel.front()) {
    case '0': row.rpm = in_range(value, 0, 30'000); return;
    case '2': row.speed_kmh = in_range(value, 0, 500); return;
    case '3': row.gear = in_range(value, 0, gear_max); return;
    case '4': row.throttle_pct = in_range(value, 0, percent_max); return;
    case '5': row.is_braking = value < 0 || value > percent_max ? std::nullopt : optional(value != 0); return;
    default: return;
  }
}

// The same place again though the car drives (C9): F1 sent an old position. Below that speed a car can stand
// within a tenth of a metre; the speed may be as old as telemetry's steps are long.
bool is_frozen(const CarState& car, const record::PositionSample& row) {
  constexpr Int moving_kmh = 30;
  const record::PositionSample& last = car.last_position;
  if (!row.x_dm || row.x_dm != last.x_dm || row.y_dm != last.y_dm || row.z_dm != last.z_dm) return false;
  if (!car.last_speed_kmh || *car.last_speed_kmh < moving_kmh || !car.last_car_sample) return false;
  const auto apart = std::chrono::abs(row.sample_date - *car.last_car_sample);
  return apart <= SessionTime(telemetry_gap_ms);
}

// A sample that was sent before is not new; one that is older than the last came too late to keep the order.
bool is_new(optional<UtcTime>& last, UtcTime date) {
  if (last && date <= *last) return false;
  last = date;
  return true;
}

// Evidence of session time 0 alone: the text is searched for the entries' dates, which costs a seventh of
// reading it as JSON. `name` is the end of the member's name with its quote; it stands before nothing else in
// these topics, and begins with a letter that is rare in them, because the search stops at each.
Result<void> take_dates(State& state, const feed::Message& message, std::string_view name) {
  constexpr std::string_view between = " \t\r\n:\"";
  std::string_view rest = message.payload;
  for (std::size_t at = rest.find(name); at != std::string_view::npos; at = rest.find(name)) {
    rest.remove_prefix(at + name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(between), rest.size()));
    const auto date = parse_utc(rest.substr(0, rest.find('"')));
    if (!date) return tl::make_unexpected(date.error());
    take_zero(state, *date - message.session_time, ZeroEvidence::telemetry);
  }
  return {};
}

Int session_time_of(const State& state, UtcTime date) {
  return static_cast<Int>((date - *state.log.zero_date).count());
}

}  // namespace

TelemetryFold::TelemetryFold(Telemetry of_cars, Telemetry of_positions)
    : of_cars_(of_cars), of_positions_(of_positions) {}

namespace {

// Each of these reads behind a '{' to its '}', whatever the order of the members; further ones are passed
// over.

Result<void> read_channels(JsonCursor& json, record::CarSample& row) {
  std::string_view channel;
  while (json.next_member(channel)) {
    std::int64_t whole = 0;
    if (read_whole(json, whole)) set_channel(row, channel, whole);
  }
  if (json.has_failed()) return stopped_at(json, "channel");
  return {};
}

Result<void> read_car(JsonCursor& json, record::CarSample& row) {
  std::string_view name, other;
  bool has_channels = false;
  while (json.next_member(name)) {
    if (!is(name, "Channels")) {
      json.take_value(other);
      continue;
    }
    if (json.peek() != '{') return bad(name);
    json.take('{');
    SLIP_TRY(read_channels(json, row));
    has_channels = true;
  }
  if (json.has_failed() || !has_channels) return stopped_at(json, "Channels");
  return {};
}

// "OnTrack" or "OffTrack", in old sessions a digit (C10): FastF1 3.9 takes 0 as on track and all else as off.
optional<record::Word> read_status(JsonCursor& json) {
  constexpr record::Word on_track("OnTrack"), off_track("OffTrack");
  if (json.peek() != '"') {
    std::int64_t digit = 0;
    if (!read_whole(json, digit)) return std::nullopt;
    return digit == 0 ? on_track : off_track;
  }
  std::string_view text;
  if (!json.take_string(text) || text.empty()) return std::nullopt;
  if (is(text, "OnTrack")) return on_track;
  const bool is_digit = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_digit) return record::Word(to_utf8(text, record::Word::bytes_max));
  return text == "0" ? on_track : off_track;
}

Result<void> read_position(JsonCursor& json, record::PositionSample& row) {
  constexpr std::string_view axes = "XYZ";
  std::array<optional<std::int64_t>, axes.size()> place;
  std::string_view name, other;
  while (json.next_member(name)) {
    const std::size_t axis = name.size() == 1 ? axes.find(name.front()) : std::string_view::npos;
    if (axis != std::string_view::npos) {
      if (!read_whole(json, place[axis].emplace())) return stopped_at(json, name);
    } else if (is(name, "Status")) {
      row.status = read_status(json);
    } else {
      json.take_value(other);
    }
  }
  const auto unknown = std::ranges::find_if(place, [](const auto& value) { return !value; });
  const auto missing = static_cast<std::size_t>(unknown - place.begin());
  if (json.has_failed() || missing < axes.size()) return stopped_at(json, axes.substr(missing, 1));
  if (std::ranges::all_of(place, [](const auto& value) { return *value == 0; })) {
    row.quality = record::quality_zero;  // no fix (C9): unknown, not the origin
    return {};
  }
  row.quality = record::quality_ok;
  row.x_dm = static_cast<Int>(*place[0]);
  row.y_dm = static_cast<Int>(*place[1]);
  row.z_dm = static_cast<Int>(*place[2]);
  return {};
}

// Calls visit(number) behind the '{' of every car.
template <class Visit>
Result<void> read_cars(JsonCursor& json, std::string_view member, Visit visit) {
  if (json.peek() != '{') return bad(member);
  json.take('{');
  std::string_view name, other;
  while (json.next_member(name)) {
    if (json.peek() != '{') return bad("car");
    const Int number = car_number(name);
    if (number == 0 || is_course_car(number)) {
      json.take_value(other);
      continue;
    }
    json.take('{');
    SLIP_TRY(visit(json, number));
  }
  if (json.has_failed()) return stopped_at(json, member);
  return {};
}

// How a message names its frames, the moment of each and its cars.
struct Names {
  std::string_view frames, date, cars;
};
constexpr Names car_data_names = {"Entries", "Utc", "Cars"};
constexpr Names position_names = {"Position", "Timestamp", "Entries"};

Result<UtcTime> read_date(JsonCursor& json, std::string_view member) {
  std::string_view text;
  if (json.peek() != '"') return bad(member);
  if (!json.take_string(text)) return stopped_at(json, member);
  return parse_utc(text);
}

// Behind the '{' of a frame. Calls begin(date), then visit(json, number) for every car.
template <class Begin, class Visit>
Result<void> read_frame(JsonCursor& json, const Names& names, Begin begin, Visit visit) {
  bool has_date = false, has_cars = false;
  std::string_view name, other, early_cars;  // that stand before their date
  while (json.next_member(name)) {
    if (name == names.date) {
      const auto date = read_date(json, name);
      if (!date) return tl::make_unexpected(date.error());
      begin(*date);
      has_date = true;
    } else if (name != names.cars) {
      json.take_value(other);
    } else {
      has_cars = true;
      if (!has_date) {
        json.take_value(early_cars);
        continue;
      }
      SLIP_TRY(read_cars(json, name, visit));
    }
  }
  if (json.has_failed() || !has_date) return stopped_at(json, names.date);
  if (!has_cars) return bad(names.cars);
  if (early_cars.empty()) return {};
  JsonCursor cars(early_cars);
  return read_cars(cars, names.cars, visit);
}

template <class Begin, class Visit>
Result<void> read_frames(std::string_view text, const Names& names, Begin begin, Visit visit) {
  JsonCursor json(text);
  bool has_frames = false;
  std::string_view name, other;
  json.take('{');
  while (!json.has_failed() && json.next_member(name)) {
    if (name != names.frames) {
      json.take_value(other);
      continue;
    }
    if (json.peek() != '[') return bad(name);
    json.take('[');
    has_frames = true;
    while (json.next_element()) {
      if (json.peek() != '{') return bad("entry");
      json.take('{');
      SLIP_TRY(read_frame(json, names, begin, visit));
    }
  }
  if (json.has_failed() || !json.take_end() || !has_frames) return stopped_at(json, names.frames);
  return {};
}

// Calls visit(json, row) behind the '{' of every car, with a row that has its number and moment only.
template <class Row, class Visit>
Result<void> read_samples(State& state, const feed::Message& message, const Names& names, Visit visit) {
  Row row;
  const auto begin = [&](UtcTime date) {
    take_zero(state, date - message.session_time, ZeroEvidence::telemetry);
    row.sample_date = date;
    row.session_time_ms = session_time_of(state, date);
  };
  return read_frames(message.payload, names, begin, [&](JsonCursor& json, Int number) {
    row.driver_number = number;
    return visit(json, row);
  });
}

}  // namespace

Result<void> TelemetryFold::fold_car_data(State& state, Publisher& publisher, const feed::Message& message) {
  if (of_cars_ == Telemetry::dates_only) return take_dates(state, message, R"(Utc")");
  const auto fold = [&](JsonCursor& json, record::CarSample row) -> Result<void> {
    SLIP_TRY(read_car(json, row));
    if (!state.has_room_for(row.driver_number)) return {};
    CarState& driven = state.car(row.driver_number);
    if (!is_new(driven.last_car_sample, row.sample_date)) return {};
    driven.last_speed_kmh = row.speed_kmh;
    if (state.telemetry_rows != TelemetryRows::none) driven.track.add(row);
    if (state.telemetry_rows != TelemetryRows::last_revision) publisher.emit(std::move(row));
    return {};
  };
  return read_samples<record::CarSample>(state, message, car_data_names, fold);
}

Result<void> TelemetryFold::fold_positions(State& state, Publisher& publisher, const feed::Message& message) {
  if (of_positions_ == Telemetry::dates_only) return take_dates(state, message, R"(mp")");
  const auto fold = [&](JsonCursor& json, record::PositionSample row) -> Result<void> {
    SLIP_TRY(read_position(json, row));
    if (!state.has_room_for(row.driver_number)) return {};
    CarState& driven = state.car(row.driver_number);
    if (!is_new(driven.last_position_sample, row.sample_date)) return {};
    if (is_frozen(driven, row)) row.quality = record::quality_frozen;
    driven.last_position = row;
    if (state.telemetry_rows != TelemetryRows::none) driven.track.add(row);
    if (state.circuit.is_wanted) driven.trace.add(row);
    if (state.telemetry_rows != TelemetryRows::last_revision) publisher.emit(std::move(row));
    return {};
  };
  return read_samples<record::PositionSample>(state, message, position_names, fold);
}

}  // namespace slipstream::session
