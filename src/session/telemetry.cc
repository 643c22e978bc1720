#include "session/telemetry.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>

namespace slipstream::session {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SUCCESS;

constexpr Int percent_max = 100;  // 104 says "no data" (C4)
constexpr Int gear_max = 8;       // 31 and others are glitches (C6b)
// Safety and medical cars, whose positions are always 0, 0, 0 (C12).
constexpr bool is_course_car(Int number) { return number >= 241 && number <= 243; }

tl::unexpected<Error> bad(std::string_view what) {
  return fail(Errc::malformed, fmt::format("{} is missing or of the wrong type", what));
}

// The bytes between the quotes of a member's name: the names of cars and channels are digits, so that nothing
// has to be unescaped.
template <class Field>
Result<std::string_view> name_of(Field& field, std::string_view what) {
  simdjson::ondemand::raw_json_string name;
  if (field.key().get(name) != SUCCESS) return bad(what);
  const char* end = name.raw();
  while (*end >= '0' && *end <= '9') ++end;
  if (*end != '"') return std::string_view();
  return std::string_view(name.raw(), end);
}

optional<Int> car_number(std::string_view name) {
  Int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 1 || number > 999)
    return std::nullopt;
  return number;
}

optional<Int> in_range(std::int64_t value, Int low, Int high) {
  if (value < low || value > high) return std::nullopt;
  return static_cast<Int>(value);
}

// Whole numbers, also where F1 prints 1023.0 (P15).
bool read_whole(ondemand::value value, std::int64_t& whole) {
  if (value.get_int64().get(whole) == SUCCESS) return true;
  double number = 0;
  if (value.get_double().get(number) != SUCCESS || number < -1e9 || number > 1e9) return false;
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

Result<UtcTime> date_of(ondemand::object& entry, const char* name) {
  std::string_view text;
  if (entry[name].get_string().get(text) != SUCCESS) return bad(name);
  return parse_utc(text);
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

struct TelemetryFold::Impl {
  Telemetry of_cars = Telemetry::samples, of_positions = Telemetry::samples;
  ondemand::parser parser;
  std::string copy;

  // The list named `list`, entry by entry.
  template <class Visit>
  Result<void> for_each_entry(const feed::Message& message, const char* list, Visit visit) {
    const std::size_t size = message.payload.size();
    const char* text = message.payload.data();
    std::size_t capacity = message.payload.capacity();
    if (capacity < size + simdjson::SIMDJSON_PADDING) {
      copy.reserve(size + simdjson::SIMDJSON_PADDING);
      copy.assign(message.payload);
      text = copy.data();
      capacity = copy.capacity();
    }
    ondemand::document document;
    ondemand::array entries;
    if (parser.iterate(text, size, capacity).get(document) != SUCCESS ||
        document[list].get_array().get(entries) != SUCCESS) {
      return bad(list);
    }
    for (auto item : entries) {
      ondemand::object entry;
      if (item.get_object().get(entry) != SUCCESS) return bad("entry");
      SLIP_TRY(visit(entry));
    }
    return {};
  }
};

TelemetryFold::TelemetryFold(Telemetry of_cars, Telemetry of_positions) : impl_(std::make_unique<Impl>()) {
  impl_->of_cars = of_cars;
  impl_->of_positions = of_positions;
}
TelemetryFold::~TelemetryFold() = default;

namespace {

Result<void> read_car(ondemand::object car, record::CarSample& row) {
  ondemand::object channels;
  if (car["Channels"].get_object().get(channels) != SUCCESS) return bad("Channels");
  for (auto channel : channels) {
    const auto name = name_of(channel, "channel");
    if (!name) return tl::make_unexpected(name.error());
    ondemand::value value;
    std::int64_t whole = 0;
    if (channel.value().get(value) != SUCCESS) return bad("channel");
    if (read_whole(value, whole)) set_channel(row, *name, whole);
  }
  return {};
}

// "OnTrack" or "OffTrack", in old sessions a digit (C10): FastF1 3.9 takes 0 as on track and all else as off.
optional<record::Word> read_status(ondemand::value value) {
  constexpr record::Word on_track("OnTrack"), off_track("OffTrack");
  std::string_view text;
  std::int64_t digit = 0;
  if (value.get_string().get(text) != SUCCESS) {
    if (!read_whole(value, digit)) return std::nullopt;
    return digit == 0 ? on_track : off_track;
  }
  if (text.empty()) return std::nullopt;
  const bool is_digit = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_digit) return record::Word(text);
  return text == "0" ? on_track : off_track;
}

Result<void> read_position(ondemand::object car, record::PositionSample& row) {
  std::int64_t x = 0, y = 0, z = 0;
  ondemand::value value;
  // A missing status is no error; behind any other the reader is dead and must not be asked again.
  const auto found = car["Status"].get(value);
  if (found == SUCCESS) row.status = read_status(value);
  else if (found != simdjson::NO_SUCH_FIELD) return bad("Status");
  if (car["X"].get(value) != SUCCESS || !read_whole(value, x)) return bad("X");
  if (car["Y"].get(value) != SUCCESS || !read_whole(value, y)) return bad("Y");
  if (car["Z"].get(value) != SUCCESS || !read_whole(value, z)) return bad("Z");
  row.quality = record::quality_ok;
  if (x == 0 && y == 0 && z == 0) {  // no fix (C9): unknown, not the origin
    row.quality = record::quality_zero;
    return {};
  }
  row.x_dm = static_cast<Int>(x);
  row.y_dm = static_cast<Int>(y);
  row.z_dm = static_cast<Int>(z);
  return {};
}

// Calls visit(number, car object) for every car of an entry.
template <class Visit>
Result<void> for_each_car(ondemand::object& entry, const char* member, Visit visit) {
  ondemand::object cars;
  if (entry[member].get_object().get(cars) != SUCCESS) return bad(member);
  for (auto field : cars) {
    const auto name = name_of(field, "car number");
    if (!name) return tl::make_unexpected(name.error());
    ondemand::object car;
    const auto number = car_number(*name);
    if (field.value().get_object().get(car) != SUCCESS) return bad("car");
    if (number && !is_course_car(*number)) SLIP_TRY(visit(*number, car));
  }
  return {};
}

}  // namespace

Result<void> TelemetryFold::fold_car_data(State& state, Publisher& publisher, const feed::Message& message) {
  if (impl_->of_cars == Telemetry::dates_only) return take_dates(state, message, R"(Utc")");
  return impl_->for_each_entry(message, "Entries", [&](ondemand::object& entry) -> Result<void> {
    const auto date = date_of(entry, "Utc");
    if (!date) return tl::make_unexpected(date.error());
    take_zero(state, *date - message.session_time, ZeroEvidence::telemetry);
    const Int session_time_ms = session_time_of(state, *date);
    return for_each_car(entry, "Cars", [&](Int number, ondemand::object car) -> Result<void> {
      record::CarSample row;
      row.driver_number = number;
      row.sample_date = *date;
      row.session_time_ms = session_time_ms;
      SLIP_TRY(read_car(car, row));
      if (!state.has_room_for(number)) return {};
      CarState& driven = state.car(number);
      if (!is_new(driven.last_car_sample, *date)) return {};
      driven.last_speed_kmh = row.speed_kmh;
      if (state.telemetry_rows != TelemetryRows::none) driven.track.add(row);
      if (state.telemetry_rows != TelemetryRows::last_revision) publisher.emit(std::move(row));
      return {};
    });
  });
}

Result<void> TelemetryFold::fold_positions(State& state, Publisher& publisher, const feed::Message& message) {
  if (impl_->of_positions == Telemetry::dates_only) return take_dates(state, message, R"(mp")");
  return impl_->for_each_entry(message, "Position", [&](ondemand::object& entry) -> Result<void> {
    const auto date = date_of(entry, "Timestamp");
    if (!date) return tl::make_unexpected(date.error());
    take_zero(state, *date - message.session_time, ZeroEvidence::telemetry);
    const Int session_time_ms = session_time_of(state, *date);
    return for_each_car(entry, "Entries", [&](Int number, ondemand::object car) -> Result<void> {
      record::PositionSample row;
      row.driver_number = number;
      row.sample_date = *date;
      row.session_time_ms = session_time_ms;
      SLIP_TRY(read_position(car, row));
      if (!state.has_room_for(number)) return {};
      CarState& driven = state.car(number);
      if (!is_new(driven.last_position_sample, *date)) return {};
      if (is_frozen(driven, row)) row.quality = record::quality_frozen;
      driven.last_position = row;
      if (state.telemetry_rows != TelemetryRows::none) driven.track.add(row);
      if (state.circuit.is_wanted) driven.trace.add(row);
      if (state.telemetry_rows != TelemetryRows::last_revision) publisher.emit(std::move(row));
      return {};
    });
  });
}

}  // namespace slipstream::session
